import * as z from "zod/mini";
import { parseAnswer } from "../../parse-answer.js";
import type { GcpConnection } from "../connect.js";
import type { OperationError } from "../gcp-outcome.js";
import { pollOperation } from "../poll-operation.js";

const operationSchema = z.object({
  name: z.string().check(z.minLength(1)),
  status: z.nullish(z.union([z.string(), z.number()], "must be a string or a number")),
  httpErrorStatusCode: z.nullish(z.number()),
  error: z.nullish(
    z.object({ errors: z.nullish(z.array(z.object({ code: z.nullish(z.string()), message: z.nullish(z.string()) }))) }),
  ),
});

/** An operation of a region. */
export type OperationView = z.infer<typeof operationSchema>;

/** Reads an operation; throws for an answer that is no operation. */
export const readOperation = (answer: unknown): OperationView => parseAnswer(operationSchema, answer, "operation");

/** Whether an operation has ended, well or not. */
export const isDone = ({ status }: OperationView): boolean => status === "DONE";

/** The error that an operation ended with; it comes with HTTP 200. */
export function errorOf({ error, httpErrorStatusCode }: OperationView): OperationError | undefined {
  const httpStatus = httpErrorStatusCode ?? undefined;
  if (!error && (httpStatus ?? 0) < 400) return undefined;
  const [first] = error?.errors ?? [];
  return { code: first?.code || undefined, message: first?.message ?? "it does not say why", httpStatus };
}

/** Looks at an operation until it has ended or the time for that is over. */
export function followOperation(connection: GcpConnection, begun: OperationView): Promise<OperationView> {
  const { settings, signal, project, region } = connection;
  return pollOperation(begun, {
    settings,
    signal,
    isDone,
    look: async ({ name }) =>
      readOperation(
        await connection.call((options) => connection.operations.get({ project, region, operation: name }, options)),
      ),
  });
}
