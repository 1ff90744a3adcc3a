import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../../call-effects.js";
import { pageOf } from "../../../paging.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { ec2Query, endDryRun } from "../../protocol/ec2-query.js";
import { truthValue, wholeNumber } from "../../protocol/query-text.js";
import { filtered, filterSchema } from "./ec2-filter.js";
import type { TaggedResources } from "./tagged-resources.js";

const input = z.object({
  Filter: z._default(z.array(filterSchema), []),
  MaxResults: z._default(z.pipe(wholeNumber, z.int().check(z.gte(5), z.lte(1000))), 1000),
  NextToken: z.optional(z.string()),
  DryRun: z.optional(truthValue),
});

/** One tag of one resource. */
interface TagRow {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly key: string;
  readonly value: string;
}

/** Lists the tags of the caller's resources. */
export function describeTags({ settings }: AwsWorld, resources: TaggedResources): AwsOperation {
  return operation(ec2Query, input, ({ Filter, MaxResults: size, NextToken: token, DryRun }, call) => {
    const rows = filtered(tagRows(resources, call, settings.tagLagMs), Filter, filterFields);
    endDryRun(DryRun);
    const { emptyPages } = settings;
    const page = pageOf(rows, { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new SimulatedError("InvalidPaginationToken", 400, "The token is not valid");
    return { tagSet: { item: page.rows }, nextToken: page.nextToken };
  });
}

function tagRows(resources: TaggedResources, call: AwsCall, tagLagMs: number): TagRow[] {
  const asOf = listedAsOf(call);
  return resources(call, asOf).flatMap(({ id, type, tags }) =>
    Object.entries(tags.asOf(asOf - tagLagMs)).map(([key, value]) => ({
      resourceId: id,
      resourceType: type,
      key,
      value,
    })),
  );
}

const filterFields = {
  names: new Set(["key", "resource-id", "resource-type", "value"]),
  of({ key, value, resourceId, resourceType }: TagRow, name: string): string[] | undefined {
    if (name.startsWith("tag:")) return name.slice("tag:".length) === key ? [value] : [];
    return { key: [key], "resource-id": [resourceId], "resource-type": [resourceType], value: [value] }[name];
  },
};
