import * as z from "zod/mini";
import { checked } from "../domain/checked.js";

export const MINUTE_MS = 60_000;

/** A time as an option gives it. */
export const milliseconds = z.number().check(z.nonnegative());

/** The value as `schema` describes it, with every default filled in; throws `TypeError` for what does not fit. */
export function readSettings<Settings>(schema: z.ZodMiniType<Settings>, value: unknown): Settings {
  const parsed = checked(schema, value);
  if (!parsed.success) throw new TypeError(z.prettifyError(parsed.error));
  return parsed.data;
}
