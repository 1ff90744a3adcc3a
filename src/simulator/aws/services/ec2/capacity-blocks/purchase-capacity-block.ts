import * as z from "zod/mini";
import { effectOf } from "../../../../call-effects.js";
import { deterministicId } from "../../../../deterministic-id.js";
import { purchaseIdOf } from "../../../../purchase-id.js";
import { SimulatedError } from "../../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../../aws-service.js";
import { ec2Query, endDryRun } from "../../../protocol/ec2-query.js";
import { truthValue } from "../../../protocol/query-text.js";
import { purchaseFacts } from "../../../purchase-facts.js";
import { TagHistory } from "../../../tag-history.js";
import { specifiedTags, tagSpecificationsOf } from "../tag-specifications.js";
import { type CapacityBlock, capacityBlockXml, capacityReservationXml } from "./capacity-block.js";
import type { CapacityBlockOffering } from "./capacity-block-offering.js";
import type { CapacityBlocksShop } from "./capacity-blocks-shop.js";

const input = z.object({
  CapacityBlockOfferingId: z.string(),
  InstancePlatform: z.string().check(z.minLength(1)),
  TagSpecification: tagSpecificationsOf("capacity-reservation"),
  DryRun: z.optional(truthValue),
});
type Input = z.infer<typeof input>;

/**
 * Buys: each call that gets here makes a new block. The call takes no token.
 *
 * Whether AWS sells one offering twice is not documented. Here it does, which is the reading that can harm a buyer.
 */
export function purchaseCapacityBlock(shop: CapacityBlocksShop): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    const offering = offeringOf(request, call, shop);
    const tags = specifiedTags(request.TagSpecification);
    endDryRun(request.DryRun);
    const block = blockOf({ offering, platform: request.InstancePlatform }, call, shop);
    if (effectOf(call, "lost-tag-at-creation") === undefined) block.tags.setFromTheStart(tags);
    shop.shelf.add(block);
    return {
      capacityReservation: capacityReservationXml(block, { asOf: call.now, tagsAsOf: call.now }),
      capacityBlockSet: { item: [capacityBlockXml(block, call.now)] },
    };
  });
}

function offeringOf(
  { CapacityBlockOfferingId: id }: Input,
  { account, now }: AwsCall,
  { shown }: CapacityBlocksShop,
): CapacityBlockOffering {
  const refused = (problem: string) =>
    new SimulatedError(`InvalidCapacityBlockOfferingId${problem}`, 400, `The offering '${id}' cannot be bought`);
  if (!/^cb-[0-9a-f]{17}$/.test(id)) throw refused("Malformed");
  const offering = shown.get(`${account}/${id}`);
  if (offering === undefined) throw refused("NotFound");
  if (offering.startsAt <= now) throw refused("Expired");
  return offering;
}

function blockOf(
  order: Pick<CapacityBlock, "offering" | "platform">,
  call: AwsCall,
  { world }: CapacityBlocksShop,
): CapacityBlock {
  const number = world.nextNumber();
  const seed = deterministicId(`capacity-block:${call.account}:${call.region}:${number}`).replaceAll("-", "");
  return {
    ...order,
    id: `cr-${seed.slice(0, 17)}`,
    blockId: `cb-${seed.slice(-17)}`,
    purchaseId: purchaseIdOf(number),
    ...purchaseFacts(call, world),
    region: call.region,
    tags: new TagHistory(),
  };
}
