import Big from "big.js";
import * as z from "zod/mini";
import type { EpochMs } from "../../../domain/clock.js";

/** A 64-bit number, as text or as a number. */
export const wholeSchema = z.pipe(
  z.union([z.string().check(z.regex(/^-?\d{1,18}$/, "must be a whole number")), z.int()], "must be a whole number"),
  z.transform(String),
);

const secondsSchema = z.object({
  seconds: z.nullish(wholeSchema),
  nanos: z.nullish(z.int().check(z.gte(-999_999_999), z.lte(999_999_999))),
});

/** A `google.protobuf.Duration`: by its fields, or as text such as `2592000s`. */
export const durationSchema = z.union(
  [z.string().check(z.regex(/^\d{1,12}(\.\d{1,9})?s$/, "must be a duration")), secondsSchema],
  "must be a duration",
);

/** A `google.protobuf.Timestamp`: by its fields, or as text in RFC 3339. */
export const timestampSchema = z.union(
  [z.iso.datetime({ offset: true, message: "must be a time" }), secondsSchema],
  "must be a time",
);

/** The milliseconds of a duration. */
export const durationMs = (duration: z.infer<typeof durationSchema>): number =>
  typeof duration === "string" ? Number(duration.slice(0, -1)) * 1_000 : millisecondsOf(duration);

/** The time of a timestamp. */
export const timeOf = (timestamp: z.infer<typeof timestampSchema>): EpochMs =>
  typeof timestamp === "string" ? Date.parse(timestamp) : millisecondsOf(timestamp);

const millisecondsOf = ({ seconds, nanos }: z.infer<typeof secondsSchema>): number =>
  new Big(seconds ?? 0)
    .times(1_000)
    .plus(new Big(nanos ?? 0).div(1_000_000))
    .round(0, Big.roundDown)
    .toNumber();
