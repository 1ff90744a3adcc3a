import * as z from "zod/mini";
import { effectOf, listedAsOf } from "../../../call-effects.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { restJson } from "../../protocol/rest-json.js";
import { tagsSchema } from "./create-savings-plan.js";
import type { SavingsPlansShelf } from "./savings-plan.js";

/** The operations that list, set and remove the tags of plans that are listed already. */
export const savingsPlanTags = (world: AwsWorld, shelf: SavingsPlansShelf) => ({
  ListTagsForResource: listTags(world, shelf),
  TagResource: tagResource(shelf),
  UntagResource: untagResource(shelf),
});

function listTags({ settings }: AwsWorld, shelf: SavingsPlansShelf): AwsOperation {
  return operation(restJson, z.object({ resourceArn: z.string() }), ({ resourceArn }, call) => ({
    tags: shelf.find(call, resourceArn).tags.asOf(listedAsOf(call) - settings.tagLagMs),
  }));
}

function tagResource(shelf: SavingsPlansShelf): AwsOperation {
  const input = z.object({ resourceArn: z.string(), tags: tagsSchema });
  return operation(restJson, input, ({ resourceArn, tags }, call) => {
    const plan = shelf.find(call, resourceArn);
    if (effectOf(call, "lost-tag") === undefined) plan.tags.set(tags, call.now);
    return {};
  });
}

function untagResource(shelf: SavingsPlansShelf): AwsOperation {
  const input = z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) });
  return operation(restJson, input, ({ resourceArn, tagKeys }, call) => {
    shelf.find(call, resourceArn).tags.remove(tagKeys, call.now);
    return {};
  });
}
