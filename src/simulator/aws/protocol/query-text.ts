import * as z from "zod/mini";

/** A whole number, sent as text. */
export const wholeNumber = z.pipe(
  z.string().check(z.regex(/^[+-]?\d{1,15}$/, "is not a whole number")),
  z.transform(Number),
);

/** A decimal number, sent as text. */
export const decimalNumber = z.pipe(
  z.string().check(z.regex(/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i, "is not a number")),
  z.transform(Number),
);

/** A truth value, sent as text. */
export const truthValue = z.pipe(
  z.enum(["true", "false"]),
  z.transform((text) => text === "true"),
);

/** A moment, sent as ISO 8601 text and taken as milliseconds since the epoch. */
export const moment = z.pipe(
  z.iso.datetime({ offset: true }),
  z.transform((text) => Date.parse(text)),
);
