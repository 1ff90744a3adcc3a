import type * as z from "zod/mini";
import { checked } from "../domain/checked.js";

/** Reads a cloud's answer. Throws an error with a readable sentence if the answer is not what was asked for. */
export function parseAnswer<Answer>(schema: z.ZodMiniType<Answer>, answer: unknown, what: string): Answer {
  const parsed = checked(schema, answer);
  if (parsed.success) return parsed.data;
  const { path = [], message = "" } = parsed.error.issues[0] ?? {};
  throw new Error(`the answer is no ${what} (${path.join(".") || "as a whole"}: ${message})`);
}
