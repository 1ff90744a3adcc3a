import type { PipelineResponse } from "@azure/core-rest-pipeline";
import * as z from "zod/mini";

/** What Azure Resource Manager answered. */
export interface ArmAnswer {
  readonly status: number;
  /** The body as JSON; `undefined` if it is not JSON. */
  readonly body: unknown;
  /** The code of an error answer, from its body; never guessed from the status. */
  readonly code: string | undefined;
  /** What the error answer says, without its code. */
  readonly message: string | undefined;
  /** For how long Azure asks to wait, in milliseconds, where it says so. */
  readonly retryAfterMs?: number;
}

const errorBody = z.object({
  error: z.object({ code: z.string().check(z.minLength(1)), message: z.nullish(z.string()) }),
});

/** Reads an answer of the pipeline. */
export function readAnswer({ status, bodyAsText, headers }: PipelineResponse): ArmAnswer {
  const body = parsed(bodyAsText ?? "");
  const { data } = status >= 400 ? errorBody.safeParse(body) : { data: undefined };
  const retryAfterMs = waitIn(headers);
  const { code, message } = data?.error ?? {};
  return { status, body, code, message: message ?? undefined, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/**
 * The headers that say how long to wait, in seconds. Cost Management has one for each of its limits: the documented
 * `qpu`, and others such as `entity`, `tenant` and `clienttype`.
 */
const WAIT = /^(retry-after|x-ms-ratelimit-microsoft\.(consumption|costmanagement(-[a-z]+)?)-retry-after)$/i;

/** The longest wait that the headers ask for. A date in their place is not read. */
function waitIn(headers: PipelineResponse["headers"]): number | undefined {
  const seconds = [...headers].flatMap(([name, value]) =>
    WAIT.test(name) && /^\d{1,6}$/.test(value) ? Number(value) : [],
  );
  return seconds.length === 0 ? undefined : Math.max(...seconds) * 1_000;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
