import * as z from "zod/mini";
import { parseAnswer } from "../../parse-answer.js";
import type { OperationError } from "../gcp-outcome.js";
import { GRPC_STATUS } from "../google-error.js";
import { pollOperation } from "../poll-operation.js";
import type { OrdersConnection } from "./connect-orders.js";

const operationSchema = z.object({
  name: z.string().check(z.regex(/^billingAccounts\/[\w./~-]+$/, "must be the name of an operation")),
  done: z.nullish(z.boolean()),
  error: z.nullish(z.object({ code: z.nullish(z.number()), message: z.nullish(z.string()) })),
  response: z.nullish(z.record(z.string(), z.unknown())),
});

/** An operation of the orders of a billing account. */
export type OrderOperation = z.infer<typeof operationSchema>;

/** Reads an operation; throws for an answer that is no operation. */
export const readOperation = (answer: unknown): OrderOperation => parseAnswer(operationSchema, answer, "operation");

/** The error that an operation ended with; its code is a gRPC status. */
export function errorOf({ error }: OrderOperation): OperationError | undefined {
  if (!error) return undefined;
  const { code, message } = error;
  return {
    code: code ? GRPC_STATUS[code] : undefined,
    message: message || "it does not say why",
    httpStatus: undefined,
  };
}

/** Looks at an operation until it has ended or the time for that is over. */
export function followOperation(connection: OrdersConnection, begun: OrderOperation): Promise<OrderOperation> {
  const { settings, signal } = connection;
  return pollOperation(begun, {
    settings,
    signal,
    isDone: ({ done }) => done === true,
    look: async ({ name }) => readOperation(await connection.get(name)),
  });
}
