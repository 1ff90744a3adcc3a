import * as z from "zod/mini";
import { effectOf, listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../aws-service.js";
import { reservationTagsQuery } from "./reservation-input.js";
import type { ReservedNodes } from "./reserved-nodes.js";
import type { ReservedNodesShop } from "./reserved-nodes-shop.js";

type ArnOf = (record: Pick<ReservedNodes, "account" | "id" | "region">) => string;

const resourceName = z.string().check(z.minLength(1));

/** The operations of the query services that list, set and remove the tags of reservations that are listed already. */
export const tagOperations = (shop: ReservedNodesShop, arnOf: ArnOf) => ({
  ListTagsForResource: listTags(shop, arnOf),
  AddTagsToResource: addTags(shop, arnOf),
  RemoveTagsFromResource: removeTags(shop, arnOf),
});

function listTags(shop: ReservedNodesShop, arnOf: ArnOf): AwsOperation {
  return operation(shop.protocol, z.object({ ResourceName: resourceName }), ({ ResourceName }, call) => {
    const tags = Object.entries(named(shop, { ResourceName, arnOf }, call).tags.asOf(listedAsOf(call)));
    return { TagList: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } };
  });
}

function addTags(shop: ReservedNodesShop, arnOf: ArnOf): AwsOperation {
  const input = z.object({ ResourceName: resourceName, Tags: reservationTagsQuery(/^aws:/i) });
  return operation(shop.protocol, input, ({ ResourceName, Tags }, call) => {
    const { tags } = named(shop, { ResourceName, arnOf }, call);
    if (effectOf(call, "lost-tag") === undefined) tags.set(Tags, call.now);
    return {};
  });
}

function removeTags(shop: ReservedNodesShop, arnOf: ArnOf): AwsOperation {
  const TagKeys = z.object({ member: z.array(z.string()).check(z.minLength(1)) });
  return operation(shop.protocol, z.object({ ResourceName: resourceName, TagKeys }), (request, call) => {
    named(shop, { ...request, arnOf }, call).tags.remove(request.TagKeys.member, call.now);
    return {};
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
