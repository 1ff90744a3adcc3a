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
}

const errorBody = z.object({
  error: z.object({ code: z.string().check(z.minLength(1)), message: z.nullish(z.string()) }),
});

/** Reads an answer of the pipeline. */
export function readAnswer({ status, bodyAsText }: PipelineResponse): ArmAnswer {
  const body = parsed(bodyAsText ?? "");
  const { data } = status >= 400 ? errorBody.safeParse(body) : { data: undefined };
  return { status, body, code: data?.error.code, message: data?.error.message ?? undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
