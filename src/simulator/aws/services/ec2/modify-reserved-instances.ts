import * as z from "zod";
import { deterministicId } from "../../../deterministic-id.js";
import { StateHistory } from "../../../state-history.js";
import { AwsError } from "../../aws-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { ec2Query } from "../../protocol/ec2-query.js";
import { wholeNumber } from "../../protocol/query-text.js";
import { TagHistory } from "../../tag-history.js";
import type { ModificationsBook, TargetConfiguration } from "./modifications-book.js";
import { endOf, type ReservedInstances, reservedInstancesState } from "./reserved-instances.js";
import type { ReservedInstancesOffering } from "./reserved-instances-offering.js";
import type { ReservedInstancesShelf } from "./reserved-instances-shelf.js";

const input = z.object({
  ReservedInstancesId: z.array(z.string()).min(1),
  ReservedInstancesConfigurationSetItemType: z
    .array(
      z.object({
        InstanceCount: wholeNumber.pipe(z.int().min(1)),
        InstanceType: z.string().optional(),
        AvailabilityZone: z.string().optional(),
        Platform: z.string().optional(),
        Scope: z.enum(["Region", "Availability Zone"]).optional(),
      }),
    )
    .min(1),
  ClientToken: z.string().optional(),
});

/** What a modification works with. */
export interface ModificationShop {
  readonly world: AwsWorld;
  readonly shelf: ReservedInstancesShelf;
  readonly modifications: ModificationsBook;
}

/**
 * Modifies reserved instances, at once: the originals are retired and end now, and what replaces them starts now, ends when
 * they would have, and costs nothing more. In the ledger it belongs to the purchase of the first original.
 */
export function modifyReservedInstances({ world, shelf, modifications }: ModificationShop): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
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

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", 400, message);
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

/** What is paid upfront was paid for the original. */
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
