import * as z from "zod/mini";

const MAX_RESULTS = 500;

const optionalText = z.pipe(
  z.optional(z.string()),
  z.transform((text) => text || undefined),
);

const pageSize = z.pipe(z.coerce.number(), z.int().check(z.gte(0), z.lte(MAX_RESULTS)));

/** What every listing of Compute Engine takes. A size of 0 is none. */
export const listInput = z.object({
  maxResults: z.pipe(
    z._default(pageSize, MAX_RESULTS),
    z.transform((size) => size || MAX_RESULTS),
  ),
  pageToken: optionalText,
  filter: optionalText,
  orderBy: z.pipe(optionalText, z.optional(z.enum(["name", "creationTimestamp desc"]))),
});
