import * as z from "zod/mini";
import { effectOf, listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../aws-service.js";
import { reservationTagsQuery } from "./reservation-input.js";
import type { ReservedNodes } from "./reserved-nodes.js";
import type { ReservedNodesShop } from "./reserved-nodes-shop.js";

type ArnOf = (record: Pick<ReservedNodes, "account" | "id" | "region">) => string;

const resourceName = z.string().check(z.minLength(1));

/** How a service answers a change of tags: RDS with nothing, ElastiCache with the tags that are left. */
type AnswerOf = (tags: object) => object;

/** The operations of the query services that list, set and remove the tags of reservations that are listed already. */
export const tagOperations = (shop: ReservedNodesShop, arnOf: ArnOf, answerOf: AnswerOf = () => ({})) => ({
  ListTagsForResource: listTags(shop, arnOf),
  AddTagsToResource: addTags(shop, arnOf, answerOf),
  RemoveTagsFromResource: removeTags(shop, arnOf, answerOf),
});

function listTags(shop: ReservedNodesShop, arnOf: ArnOf): AwsOperation {
  return operation(shop.protocol, z.object({ ResourceName: resourceName }), ({ ResourceName }, call) => {
    return tagListOf(named(shop, { ResourceName, arnOf }, call), listedAsOf(call));
  });
}

const tagListOf = ({ tags }: ReservedNodes, moment: number): object => ({
  TagList: { Tag: Object.entries(tags.asOf(moment)).map(([Key, Value]) => ({ Key, Value })) },
});

function addTags(shop: ReservedNodesShop, arnOf: ArnOf, answerOf: AnswerOf): AwsOperation {
  const input = z.object({ ResourceName: resourceName, Tags: reservationTagsQuery(/^aws:/i) });
  return operation(shop.protocol, input, ({ ResourceName, Tags }, call) => {
    const record = named(shop, { ResourceName, arnOf }, call);
    if (effectOf(call, "lost-tag") === undefined) record.tags.set(Tags, call.now);
    return answerOf(tagListOf(record, call.now));
  });
}

function removeTags(shop: ReservedNodesShop, arnOf: ArnOf, answerOf: AnswerOf): AwsOperation {
  const TagKeys = z.object({ member: z.array(z.string()).check(z.minLength(1)) });
  return operation(shop.protocol, z.object({ ResourceName: resourceName, TagKeys }), (request, call) => {
    const record = named(shop, { ...request, arnOf }, call);
    record.tags.remove(request.TagKeys.member, call.now);
    return answerOf(tagListOf(record, call.now));
  });
}

/** The caller's reservation of this name. */
function named(
  shop: ReservedNodesShop,
  { ResourceName, arnOf }: { readonly ResourceName: string; readonly arnOf: ArnOf },
  call: AwsCall,
): ReservedNodes {
  const record = shop.shelf.listed(call, listedAsOf(call)).find((candidate) => arnOf(candidate) === ResourceName);
  if (record !== undefined) return record;
  const prefix = arnOf({ ...call, id: "" });
  if (ResourceName.startsWith(prefix) && ResourceName !== prefix)
    throw shop.errors.notFound(ResourceName.slice(prefix.length));
  throw new SimulatedError("InvalidParameterValue", 400, `Invalid resource name: ${ResourceName}`);
}
