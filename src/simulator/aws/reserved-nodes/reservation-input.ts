import * as z from "zod/mini";
import { wholeNumber } from "../protocol/query-text.js";
import type { RequestedPage } from "./list-reserved-nodes.js";

/**
 * The id a caller gives a reservation, by the rule RDS documents for its other identifiers: a letter, then letters,
 * digits and single hyphens, 63 at most.
 *
 * No service documents a rule for reservation ids. The strict rule shows an id that may be refused.
 */
export const reservationId = z
  .string()
  .check(z.maxLength(63), z.regex(/^[a-z](-?[a-z0-9])*$/i, "is not a valid identifier"));

/** How many nodes, sent as text. */
export const nodeCountText = z._default(z.pipe(wholeNumber, z.int().check(z.gte(1))), 1);

/** The page of a listing of the query services. */
export const queryPage = {
  MaxRecords: z._default(z.pipe(wholeNumber, z.int().check(z.gte(20), z.lte(100))), 100),
  Marker: z.optional(z.string()),
};

/** The page a request of a query service asks for. */
export function queryPageOf({ MaxRecords, Marker }: z.infer<z.ZodMiniObject<typeof queryPage>>): RequestedPage {
  return { token: Marker, size: MaxRecords, tokenField: "Marker" };
}

const MAX_TAGS = 50;
const tagText = z.string().check(z.regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, "has a character that tags may not have"));

/** Tags for a new reservation; the keys that `reserved` fits are the service's own. */
export function reservationTags(reserved: RegExp) {
  const key = tagText.check(
    z.minLength(1),
    z.maxLength(128),
    z.refine((text) => !reserved.test(text), "is reserved"),
  );
  return z.pipe(
    z.array(z.object({ Key: key, Value: z.nullish(tagText.check(z.maxLength(256))) })).check(z.maxLength(MAX_TAGS)),
    z.transform((tags) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value ?? ""]))),
  );
}

/** The same tags as the query services have them. An empty list travels as an empty text. */
export function reservationTagsQuery(reserved: RegExp) {
  const list = z.pipe(
    z.object({ Tag: reservationTags(reserved) }),
    z.transform(({ Tag }) => Tag),
  );
  return z._default(
    z.pipe(
      z.transform((sent: unknown) => (sent === "" ? { Tag: [] } : sent)),
      list,
    ),
    {},
  );
}
