import * as z from "zod";

/** Text that every store and every cloud takes: no control characters, no lone surrogates. */
export const textSchema = z
  .string()
  .regex(/^\P{Cc}*$/u, "must not contain control characters")
  .refine((text) => text.isWellFormed(), "must be well-formed Unicode");
