import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../../call-effects.js";
import { deterministicId } from "../../../deterministic-id.js";
import { pageOf } from "../../../paging.js";
import { SimulatedError } from "../../../simulated-error.js";
import { StateHistory } from "../../../state-history.js";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { CallersBook } from "../../callers-book.js";
import { ec2Query } from "../../protocol/ec2-query.js";
import { wholeNumber } from "../../protocol/query-text.js";
import { TagHistory } from "../../tag-history.js";
import {
  endOf,
  type ReservedInstances,
  type ReservedInstancesShelf,
  reservedInstancesState,
} from "./reserved-instances.js";
import type { ReservedInstancesOffering } from "./reserved-instances-offering.js";

/** What reserved instances are modified into: how many, and what changes. */
interface TargetConfiguration {
  readonly InstanceCount: number;
  readonly InstanceType?: string | undefined;
  readonly AvailabilityZone?: string | undefined;
  readonly Platform?: string | undefined;
  readonly Scope?: "Region" | "Availability Zone" | undefined;
}

/** A modification of reserved instances as EC2 keeps it. */
interface Modification {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly clientToken?: string | undefined;
  /** When it was asked for and carried out; here that is one moment. */
  readonly at: number;
  readonly sourceIds: readonly string[];
  readonly results: readonly { readonly id: string; readonly target: TargetConfiguration }[];
}

/** What the operations on modifications work with. */
interface Shop {
  readonly world: AwsWorld;
  readonly shelf: ReservedInstancesShelf;
  readonly modifications: CallersBook<Modification>;
}

/** The operations that modify reserved instances and list the modifications. */
export function modificationOperations(world: AwsWorld, shelf: ReservedInstancesShelf) {
  const shop = { world, shelf, modifications: new CallersBook<Modification>() };
  return {
    ModifyReservedInstances: modifyReservedInstances(shop),
    DescribeReservedInstancesModifications: describeModifications(shop),
  };
}

const modificationInput = z.object({
  ReservedInstancesId: z.array(z.string()).check(z.minLength(1)),
  ReservedInstancesConfigurationSetItemType: z
    .array(
      z.object({
        InstanceCount: z.pipe(wholeNumber, z.int().check(z.gte(1))),
        InstanceType: z.optional(z.string()),
        AvailabilityZone: z.optional(z.string()),
        Platform: z.optional(z.string()),
        Scope: z.optional(z.enum(["Region", "Availability Zone"])),
      }),
    )
    .check(z.minLength(1)),
  ClientToken: z.optional(z.string()),
});

/**
 * Modifies reserved instances, at once.
 *
 * The originals are retired and end now. Their replacements start now, end when the originals would have ended, and
 * cost nothing more. In the ledger a replacement belongs to the purchase of the first original.
 */
function modifyReservedInstances({ world, shelf, modifications }: Shop): AwsOperation {
  return operation(ec2Query, modificationInput, (request, call) => {
    const sources = shelf.byIds(call, request.ReservedInstancesId, call.now);
    const targets = request.ReservedInstancesConfigurationSetItemType;
    checkModification(sources, targets, call);
    const number = world.nextNumber();
    const results = targets.map((target, index) => ({
      id: deterministicId(`modified:${call.account}:${call.region}:${number}:${index}`),
      target,
    }));
    for (const result of results) shelf.add(madeOf(sources, result, call));
    for (const source of sources) source.modifiedAt = call.now;
    const id = `rimod-${deterministicId(`modification:${call.account}:${call.region}:${number}`)}`;
    const { account, region, now: at } = call;
    const sourceIds = request.ReservedInstancesId;
    modifications.add({ id, account, region, clientToken: request.ClientToken, at, sourceIds, results });
    return { reservedInstancesModificationId: id };
  });
}

// EC2 compares footprints where the size changes; here the count has to stay the same unless the type changes.
function checkModification(
  sources: readonly ReservedInstances[],
  targets: readonly TargetConfiguration[],
  { now }: AwsCall,
): void {
  const inactive = sources.find((source) => reservedInstancesState(source, now) !== "active");
  if (inactive !== undefined) throw invalid(`The Reserved Instances ${inactive.id} are not active`);
  const count = (counts: readonly number[]) => counts.reduce((sum, one) => sum + one, 0);
  const isResized = targets.some(({ InstanceType }) => InstanceType !== undefined);
  const before = count(sources.map(({ instanceCount }) => instanceCount));
  if (!isResized && count(targets.map(({ InstanceCount }) => InstanceCount)) !== before)
    throw invalid("The target configurations do not make up the Reserved Instances");
}

function invalid(message: string): SimulatedError {
  return new SimulatedError("InvalidParameterValue", 400, message);
}

function madeOf(
  [source]: readonly ReservedInstances[],
  { id, target }: { readonly id: string; readonly target: TargetConfiguration },
  call: AwsCall,
): ReservedInstances {
  if (source === undefined) throw invalid("Nothing is modified");
  return {
    id,
    purchaseId: source.purchaseId,
    account: call.account,
    region: call.region,
    offering: offeringOf(source, target),
    instanceCount: target.InstanceCount,
    purchasedAt: call.now,
    startsAt: call.now,
    endsAt: endOf(source, call.now),
    paymentPendingMs: 0,
    paymentFails: false,
    tags: new TagHistory(),
    states: new StateHistory(),
  };
}

/** The offering of a replacement. It has no upfront price, because that was paid for the original. */
function offeringOf(
  { offering }: ReservedInstances,
  { InstanceType, AvailabilityZone, Platform, Scope }: TargetConfiguration,
): ReservedInstancesOffering {
  const { availabilityZone, ...rest } = offering;
  const zone = AvailabilityZone ?? (Scope === "Region" ? undefined : availabilityZone);
  return {
    ...rest,
    fixedPrice: 0,
    scope: Scope ?? (zone === undefined ? "Region" : "Availability Zone"),
    ...(zone !== undefined && { availabilityZone: zone }),
    ...(InstanceType !== undefined && { instanceType: InstanceType }),
    ...(Platform !== undefined && { productDescription: Platform }),
  };
}

const listingInput = z.object({
  ReservedInstancesModificationId: z._default(z.array(z.string()), []),
  NextToken: z.optional(z.string()),
});

/** Lists the caller's modifications of reserved instances, every one of them fulfilled. */
function describeModifications({ world, modifications }: Shop): AwsOperation {
  return operation(ec2Query, listingInput, ({ ReservedInstancesModificationId: ids, NextToken: token }, call) => {
    const listed = modifications.listed(call, listedAsOf(call));
    const rows = listed.filter(({ id }) => ids.length === 0 || ids.includes(id));
    const { emptyPages } = world.settings;
    const page = pageOf(rows, { token, size: 100, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw new SimulatedError("InvalidNextToken", 400, "The token is not valid");
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
