import * as z from "zod";
import { SimulatedError } from "../../../../simulated-error.js";

const MAX_TAGS = 50;

const tag = z.object({
  Key: z
    .string()
    .min(1)
    .max(127)
    .refine((key) => !key.toLowerCase().startsWith("aws:"), "Keys that start with aws: are reserved"),
  Value: z.string().max(256).default(""),
});

/** The tags that come with a purchase of host reservations; another type of resource is refused. */
export const tagSpecificationsSchema = z
  .array(z.object({ ResourceType: z.literal("host-reservation"), Tag: z.array(tag).default([]) }))
  .default([]);

/** All tags of the specifications; refuses more than a resource can have. */
export function specifiedTags(specifications: z.infer<typeof tagSpecificationsSchema>): Record<string, string> {
  const tags = specifications.flatMap((specification) => specification.Tag.map(({ Key, Value }) => [Key, Value]));
  if (tags.length > MAX_TAGS)
    throw new SimulatedError("TagLimitExceeded", 400, `The maximum number of tags is ${MAX_TAGS}`);
  return Object.fromEntries(tags);
}
