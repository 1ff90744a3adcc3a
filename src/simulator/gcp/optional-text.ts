import * as z from "zod/mini";

/** A parameter that may be missing; an empty one is taken for missing. */
export const optionalText = z.pipe(
  z.optional(z.string()),
  z.transform((text) => text || undefined),
);
