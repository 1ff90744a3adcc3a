import type * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import { SimulatedError } from "../simulated-error.js";

/** The body as `schema` describes it; members it does not name are dropped. Refused with 400 if it does not fit. */
export function readBody<Body>(schema: z.ZodMiniType<Body>, body: unknown): Body {
  const parsed = checked(schema, body);
  if (parsed.success) return parsed.data;
  const { path = [], message = "is not valid" } = parsed.error.issues[0] ?? {};
  throw invalidContent(`The request content is not valid at '${path.join(".")}': ${message}.`);
}

/** The 400 of a body that says something Azure does not take. */
export function invalidContent(message: string): SimulatedError {
  return new SimulatedError("InvalidRequestContent", 400, message);
}
