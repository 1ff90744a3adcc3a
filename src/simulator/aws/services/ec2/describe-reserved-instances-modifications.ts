import * as z from "zod";
import { listedAsOf, repeatsPageToken } from "../../../call-effects.js";
import { pageOf } from "../../../paging.js";
import { AwsError } from "../../aws-error.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { ec2Query } from "../../protocol/ec2-query.js";
import type { Modification, ModificationsBook, TargetConfiguration } from "./modifications-book.js";

const input = z.object({
  ReservedInstancesModificationId: z.array(z.string()).default([]),
  NextToken: z.string().optional(),
});

/** Lists the caller's modifications of reserved instances, every one of them fulfilled. */
export function describeReservedInstancesModifications(
  { settings }: AwsWorld,
  modifications: ModificationsBook,
): AwsOperation {
  return operation(ec2Query, input, ({ ReservedInstancesModificationId: ids, NextToken: token }, call) => {
    const listed = modifications.listed(call, listedAsOf(call));
    const rows = listed.filter(({ id }) => ids.length === 0 || ids.includes(id));
    const { emptyPages } = settings;
    const page = pageOf(rows, { token, size: 100, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new AwsError("InvalidNextToken", 400, "The token is not valid");
    return { reservedInstancesModificationsSet: { item: page.rows.map(modificationXml) }, nextToken: page.nextToken };
  });
}

function modificationXml({ id, clientToken, at, sourceIds, results }: Modification): object {
  const date = new Date(at).toISOString();
  return {
    reservedInstancesModificationId: id,
    clientToken,
    createDate: date,
    effectiveDate: date,
    updateDate: date,
    status: "fulfilled",
    reservedInstancesSet: { item: sourceIds.map((reservedInstancesId) => ({ reservedInstancesId })) },
    modificationResultSet: {
      item: results.map((result) => ({
        reservedInstancesId: result.id,
        targetConfiguration: targetXml(result.target),
      })),
    },
  };
}

function targetXml({ InstanceCount, InstanceType, AvailabilityZone, Platform, Scope }: TargetConfiguration): object {
  return {
    availabilityZone: AvailabilityZone,
    instanceCount: InstanceCount,
    instanceType: InstanceType,
    platform: Platform,
    scope: Scope,
  };
}
