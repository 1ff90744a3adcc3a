import * as z from "zod";
import { wholeNumber } from "../protocol/query-text.js";
import type { RequestedPage } from "./list-reserved-nodes.js";

/**
 * The id a caller gives a reservation, by the rule RDS documents for its other identifiers: a letter, then letters, digits
 * and single hyphens, 63 at most. No service documents a rule for this one; the strict one shows an id that may be refused.
 */
export const reservationId = z
  .string()
  .max(63)
  .regex(/^[a-z](-?[a-z0-9])*$/i, "is not a valid identifier");

/** How many nodes, sent as text. */
export const nodeCountText = wholeNumber.pipe(z.int().min(1)).default(1);

/** The page of a listing of the query services. */
export const queryPage = {
  MaxRecords: wholeNumber.pipe(z.int().min(20).max(100)).default(100),
  Marker: z.string().optional(),
};

/** The page a request of a query service asks for. */
export function queryPageOf({ MaxRecords, Marker }: z.infer<z.ZodObject<typeof queryPage>>): RequestedPage {
  return { token: Marker, size: MaxRecords, tokenField: "Marker" };
}

const MAX_TAGS = 50;
const tagText = z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, "has a character that tags may not have");

/** Tags for a new reservation; the keys that `reserved` fits are the service's own. */
export function reservationTags(reserved: RegExp) {
  const key = tagText
    .min(1)
    .max(128)
    .refine((text) => !reserved.test(text), "is reserved");
  return z
    .array(z.object({ Key: key, Value: tagText.max(256).nullish() }))
    .max(MAX_TAGS)
    .transform((tags) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value ?? ""])));
}

/** The same as the query services have them; an empty list travels as an empty text. */
export function reservationTagsQuery(reserved: RegExp) {
  const list = z.object({ Tag: reservationTags(reserved) }).transform(({ Tag }) => Tag);
  return z.union([z.literal("").transform(() => ({})), list]).default({});
}
