import * as z from "zod/mini";
import { effectOf } from "../../../call-effects.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import { ec2Query, endDryRun } from "../../protocol/ec2-query.js";
import { truthValue } from "../../protocol/query-text.js";
import type { ReservedInstances, ReservedInstancesShelf } from "./reserved-instances.js";

const MAX_TAGS = 50;

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

/** Tags reserved instances that are listed already; a fresh one whose listing lags is not found. */
export function createTags(shelf: ReservedInstancesShelf): AwsOperation {
  return operation(ec2Query, input, ({ ResourceId, Tag, DryRun }, call) => {
    const records = shelf.byIds(call, ResourceId, call.now);
    const tags = Object.fromEntries(Tag.map((tag) => [tag.Key, tag.Value]));
    checkTags(Tag, records, call.now);
    endDryRun(DryRun);
    if (effectOf(call, "lost-tag") === undefined) for (const record of records) record.tags.set(tags, call.now);
    return { return: true };
  });
}

function checkTags(tags: readonly Tag[], records: readonly ReservedInstances[], now: number): void {
  if (tags.some(({ Key }) => Key.toLowerCase().startsWith("aws:"))) {
    throw new SimulatedError(
      "InvalidParameterValue",
      400,
      "Tag keys starting with 'aws:' are reserved for internal use",
    );
  }
  const keys = tags.map(({ Key }) => Key);
  for (const record of records) {
    const count = new Set([...Object.keys(record.tags.asOf(now)), ...keys]).size;
    if (count > MAX_TAGS)
      throw new SimulatedError("TagLimitExceeded", 400, `The maximum number of tags is ${MAX_TAGS}`);
  }
}
