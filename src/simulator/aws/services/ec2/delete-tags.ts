import * as z from "zod/mini";
import { type AwsOperation, operation } from "../../aws-service.js";
import { ec2Query, endDryRun } from "../../protocol/ec2-query.js";
import { truthValue } from "../../protocol/query-text.js";
import { resourcesByIds, type TaggedResource, type TaggedResources } from "./tagged-resources.js";

const input = z.object({
  ResourceId: z.array(z.string()).check(z.minLength(1), z.maxLength(1000)),
  Tag: z.optional(z.array(z.object({ Key: z.string(), Value: z.optional(z.string()) }))),
  DryRun: z.optional(truthValue),
});
type Unwanted = NonNullable<z.infer<typeof input>["Tag"]>;

/** Takes tags off: all of them, those with a key, or those with a key and a value. */
export function deleteTags(resources: TaggedResources): AwsOperation {
  return operation(ec2Query, input, ({ ResourceId, Tag, DryRun }, call) => {
    const tagged = resourcesByIds(resources, ResourceId, call);
    endDryRun(DryRun);
    for (const resource of tagged) resource.tags.remove(unwantedKeys(resource, Tag, call.now), call.now);
    return { return: true };
  });
}

function unwantedKeys({ tags }: TaggedResource, unwanted: Unwanted | undefined, now: number): readonly string[] {
  const own = Object.entries(tags.asOf(now));
  if (unwanted === undefined) return own.map(([key]) => key);
  const isUnwanted = ([key, value]: readonly [string, string]) =>
    unwanted.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value));
  return own.filter(isUnwanted).map(([key]) => key);
}
