import type { EC2Client } from "@aws-sdk/client-ec2";
import { XMLParser } from "fast-xml-parser";
import { modelsOf, SDKS, strangers } from "./sdk-model.js";

/** One call, as the SDK took it and as the simulator answered it. */
export interface Call {
  /** The simulated service. */
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  /** The answer. Absent for a refusal. */
  readonly body?: string;
}

/** A client of the SDK, as far as it can be watched. */
export type Watched = Pick<EC2Client, "middlewareStack">;

/** Adds every call of a client of a service to a list. */
export function watch({ middlewareStack }: Watched, service: string, calls: Call[]): void {
  const inputs = new Map<string, object>();
  middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        inputs.set(commandName, args.input);
        return next(args);
      },
    { step: "initialize" },
  );
  middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const answer = await next(args);
        const response = answer.response as { statusCode: number; body: AsyncIterable<Uint8Array> };
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        const body = Buffer.concat(chunks);
        Object.assign(response, { body });
        calls.push({
          service,
          operation: commandName.replace(/Command$/, ""),
          input: inputs.get(commandName) ?? {},
          ...(response.statusCode < 300 && { body: body.toString() }),
        });
        return answer;
      },
    { step: "deserialize", priority: "low" },
  );
}

/** What calls send or are answered, and the models of the SDK do not have. */
export function strangersIn(calls: readonly Call[]): readonly string[] {
  const found = calls.flatMap(({ service, operation, input, body }) => {
    const { request, answer } = modelsOf(sdkOf(service), operation);
    return [
      ...strangers(input, request, `${operation} request`, true),
      ...(body === undefined ? [] : strangers(membersIn(operation, body), answer, `${operation} answer`)),
    ];
  });
  return [...new Set(found)];
}

/** The package of a simulated service. */
export function sdkOf(service: string) {
  const found = SDKS[service];
  if (found === undefined) throw new Error(`no package for ${service}`);
  return found;
}

/** The members of an answer, without what the protocol wraps around them. */
function membersIn(operation: string, body: string): object {
  if (!body.startsWith("<")) return JSON.parse(body) as object;
  const parsed = new XMLParser().parse(body) as Record<string, Record<string, unknown>>;
  const wrapper = `${operation}Result`;
  const {
    requestId: _,
    ResponseMetadata: _metadata,
    [wrapper]: result,
    ...answer
  } = parsed[`${operation}Response`] ?? {};
  return typeof result === "object" && result !== null ? result : answer;
}
