import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { AwsError } from "../aws-error.js";
import { type AwsOperation, operation } from "../aws-service.js";
import type { ReservedNodesShop } from "../reserved-nodes/reserved-nodes-shop.js";
import { arnOf } from "./reserved-db-instance.js";

const input = z.object({ ResourceName: z.string().min(1) });

const RESERVATION_ARN = /^arn:aws:rds:[^:]+:\d{12}:ri:(.+)$/;

/** Lists the tags of a reservation that is listed already. */
export function listTagsForResource(shop: ReservedNodesShop): AwsOperation {
  return operation(shop.protocol, input, ({ ResourceName }, call) => {
    const [, id] = RESERVATION_ARN.exec(ResourceName) ?? [];
    if (id === undefined) throw new AwsError("InvalidParameterValue", 400, `Invalid resource name: ${ResourceName}`);
    const asOf = listedAsOf(call);
    const record = shop.shelf.listed(call, asOf).find((candidate) => arnOf(candidate) === ResourceName);
    if (record === undefined) throw shop.errors.notFound(id);
    const tags = Object.entries(record.tags.asOf(asOf));
    return { TagList: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } };
  });
}
