import * as z from "zod/mini";
import { SimulatedError } from "../../../simulated-error.js";

/** How many tags a resource can have. */
export const MAX_TAGS = 50;

const tag = z.object({
  Key: z.string().check(
    z.minLength(1),
    z.maxLength(127),
    z.refine((key) => !key.toLowerCase().startsWith("aws:"), "Keys that start with aws: are reserved"),
  ),
  Value: z._default(z.string().check(z.maxLength(256)), ""),
});

/** The tags that come with a purchase, for resources of one type; another type is refused. */
export const tagSpecificationsOf = (resourceType: string) =>
  z._default(z.array(z.object({ ResourceType: z.literal(resourceType), Tag: z._default(z.array(tag), []) })), []);

/** All tags of the specifications; refuses more than a resource can have. */
export function specifiedTags(specifications: z.infer<ReturnType<typeof tagSpecificationsOf>>): Record<string, string> {
  const tags = specifications.flatMap((specification) => specification.Tag.map(({ Key, Value }) => [Key, Value]));
  if (tags.length > MAX_TAGS)
    throw new SimulatedError("TagLimitExceeded", 400, `The maximum number of tags is ${MAX_TAGS}`);
  return Object.fromEntries(tags);
}
