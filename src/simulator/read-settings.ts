import * as z from "zod";

export const MINUTE_MS = 60_000;

/** A time as an option gives it. */
export const milliseconds = z.number().nonnegative();

/** The value as `schema` describes it, with every default filled in; throws `TypeError` for what does not fit. */
export function readSettings<Settings>(schema: z.ZodType<Settings>, value: unknown): Settings {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new TypeError(z.prettifyError(parsed.error));
  return parsed.data;
}
