import * as z from "zod";

/** A whole number, sent as text. */
export const wholeNumber = z
  .string()
  .regex(/^[+-]?\d{1,15}$/, "is not a whole number")
  .transform(Number);

/** A decimal number, sent as text. */
export const decimalNumber = z
  .string()
  .regex(/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i, "is not a number")
  .transform(Number);

/** A truth value, sent as text. */
export const truthValue = z.enum(["true", "false"]).transform((text) => text === "true");

/** A moment, sent as ISO 8601 text and taken as milliseconds since the epoch. */
export const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
