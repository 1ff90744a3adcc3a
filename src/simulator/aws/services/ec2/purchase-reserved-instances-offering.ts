import * as z from "zod/mini";
import { effectOf } from "../../../call-effects.js";
import { deterministicId } from "../../../deterministic-id.js";
import { purchaseIdOf } from "../../../purchase-id.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { ec2Query, endDryRun } from "../../protocol/ec2-query.js";
import { decimalNumber, moment, truthValue, wholeNumber } from "../../protocol/query-text.js";
import { purchaseFacts } from "../../purchase-facts.js";
import { TagHistory } from "../../tag-history.js";
import { unknownOffering } from "./describe-reserved-instances-offerings.js";
import type { ReservedInstancesShelf } from "./reserved-instances.js";
import type { ReservedInstancesOffering } from "./reserved-instances-offering.js";

const input = z.object({
  ReservedInstancesOfferingId: z.string(),
  InstanceCount: z.pipe(wholeNumber, z.int().check(z.gte(1))),
  PurchaseTime: z.optional(moment),
  LimitPrice: z.optional(z.object({ Amount: decimalNumber, CurrencyCode: z._default(z.literal("USD"), "USD") })),
  DryRun: z.optional(truthValue),
});
type Input = z.infer<typeof input>;

/** A purchase may be queued "up to three years" ahead. */
const MAX_QUEUE_MS = 3 * 365 * 24 * 3600 * 1000;

interface Order {
  readonly offering: ReservedInstancesOffering;
  readonly startsAt: number;
  readonly instanceCount: number;
}

/** Buys: each call that gets here makes a new commitment. EC2 takes no token and no tags, so nothing is deduped. */
export function purchaseReservedInstancesOffering(world: AwsWorld, shelf: ReservedInstancesShelf): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    const order = checkOrder(world, request, call);
    endDryRun(request.DryRun);
    return { reservedInstancesId: place(order, call, { world, shelf }) };
  });
}

function checkOrder({ catalogue }: AwsWorld, request: Input, call: AwsCall): Order {
  const id = request.ReservedInstancesOfferingId;
  const offering = catalogue.reservedInstances(call.region).find((row) => row.offeringId === id);
  if (offering === undefined) throw unknownOffering(id);
  checkLimitPrice(request, offering);
  return { offering, instanceCount: request.InstanceCount, startsAt: startOf(request, offering, call.now) };
}

// AWS documents the limit for marketplace offerings. Here it holds for every offering, which is the strict reading, so
// that a test of a price limit tests something.
function checkLimitPrice({ LimitPrice, InstanceCount }: Input, { fixedPrice }: ReservedInstancesOffering): void {
  if (LimitPrice === undefined || fixedPrice * InstanceCount <= LimitPrice.Amount) return;
  throw new SimulatedError("LimitPriceExceeded", 400, "The total price of the order exceeds the limit price");
}

function startOf({ PurchaseTime }: Input, { scope }: ReservedInstancesOffering, now: number): number {
  if (PurchaseTime === undefined) return now;
  if (PurchaseTime <= now) throw invalid("The purchase time must be in the future");
  if (PurchaseTime > now + MAX_QUEUE_MS) throw invalid("The purchase time is too far in the future");
  if (scope !== "Region") throw invalid("Only regional Reserved Instances can be queued");
  return PurchaseTime;
}

function invalid(message: string): SimulatedError {
  return new SimulatedError("InvalidParameterValue", 400, message);
}

/** Puts the commitment on the shelf and answers with the id that the caller is told. */
function place(
  order: Order,
  call: AwsCall,
  { world, shelf }: { readonly world: AwsWorld; readonly shelf: ReservedInstancesShelf },
): string {
  const number = world.nextNumber();
  const seed = `reserved-instances:${call.account}:${call.region}:${number}`;
  const parts = partsOf(order.instanceCount, call);
  const answered = deterministicId(seed);
  for (const [index, instanceCount] of parts.entries()) {
    const id = effectOf(call, "split") ? deterministicId(`${seed}:${index}`) : answered;
    shelf.add(recordOf({ ...order, instanceCount }, call, { id, purchaseId: purchaseIdOf(number), world }));
  }
  return answered;
}

/** A split order of one instance is not divided, but still ends under another id. */
function partsOf(count: number, call: AwsCall): number[] {
  if (effectOf(call, "split") === undefined || count === 1) return [count];
  return [Math.ceil(count / 2), Math.floor(count / 2)];
}

function recordOf(
  order: Order,
  call: AwsCall,
  { id, purchaseId, world }: { readonly id: string; readonly purchaseId: string; readonly world: AwsWorld },
) {
  return {
    ...order,
    id,
    purchaseId,
    ...purchaseFacts(call, world),
    region: call.region,
    tags: new TagHistory(),
  };
}
