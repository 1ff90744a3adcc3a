import * as z from "zod/mini";
import { effectOf } from "../../../call-effects.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import { ec2Query, endDryRun } from "../../protocol/ec2-query.js";
import { truthValue } from "../../protocol/query-text.js";
import { MAX_TAGS } from "./tag-specifications.js";
import { resourcesByIds, type TaggedResource, type TaggedResources } from "./tagged-resources.js";

const input = z.object({
  ResourceId: z.array(z.string()).check(z.minLength(1), z.maxLength(1000)),
  Tag: z
    .array(
      z.object({
        Key: z.string().check(z.minLength(1), z.maxLength(127)),
        Value: z._default(z.string().check(z.maxLength(256)), ""),
      }),
    )
    .check(z.minLength(1)),
  DryRun: z.optional(truthValue),
});
type Tag = z.infer<typeof input>["Tag"][number];

/** Tags resources that are listed already; a fresh one whose listing lags is not found. */
export function createTags(resources: TaggedResources): AwsOperation {
  return operation(ec2Query, input, ({ ResourceId, Tag, DryRun }, call) => {
    const tagged = resourcesByIds(resources, ResourceId, call);
    const tags = Object.fromEntries(Tag.map((tag) => [tag.Key, tag.Value]));
    checkTags(Tag, tagged, call.now);
    endDryRun(DryRun);
    if (effectOf(call, "lost-tag") === undefined) for (const resource of tagged) resource.tags.set(tags, call.now);
    return { return: true };
  });
}

function checkTags(tags: readonly Tag[], resources: readonly TaggedResource[], now: number): void {
  if (tags.some(({ Key }) => Key.toLowerCase().startsWith("aws:"))) {
    throw new SimulatedError(
      "InvalidParameterValue",
      400,
      "Tag keys starting with 'aws:' are reserved for internal use",
    );
  }
  const keys = tags.map(({ Key }) => Key);
  for (const resource of resources) {
    const count = new Set([...Object.keys(resource.tags.asOf(now)), ...keys]).size;
    if (count > MAX_TAGS)
      throw new SimulatedError("TagLimitExceeded", 400, `The maximum number of tags is ${MAX_TAGS}`);
  }
}
