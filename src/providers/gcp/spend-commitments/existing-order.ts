import Big from "big.js";
import type { GcpSpendRequest } from "../../../domain/commitment-request/gcp-spend.js";
import type { ExistingCommitment } from "../../commitment-provider.js";
import type { NamedPurchase } from "../../state-table.js";
import { firstTime } from "../first-time.js";
import { lastPart } from "../last-part.js";
import { sightingOf } from "./order-states.js";
import { itemOf, type LineItemInfo, type OrderView } from "./order-view.js";

/** An order as it was found for a line, whatever its state. No API states a charge. */
export function existing(order: OrderView, request: GcpSpendRequest): ExistingCommitment & NamedPurchase {
  const { subscription } = itemOf(order).info ?? {};
  const startedAt = firstTime(subscription?.startTime, order.createTime);
  return {
    name: order.displayName ?? "",
    commitmentIds: [order.name],
    labeled: renewalOf(order) === request.autoRenew,
    differences: [...differences(order, request)],
    sighting: sightingOf(order),
    ...(startedAt !== undefined && { startedAt }),
  };
}

/**
 * Whether the order renews itself; `undefined` where Google shows no subscription, and so does not say. A subscription
 * leaves out a renewal that is off.
 */
export function renewalOf(order: OrderView): boolean | undefined {
  const { subscription } = itemOf(order).info ?? {};
  return subscription ? (subscription.autoRenewalEnabled ?? false) : undefined;
}

function* differences(order: OrderView, request: GcpSpendRequest): Generator<string> {
  const count = (order.lineItems ?? []).length + (order.cancelledLineItems ?? []).length;
  if (count > 1) yield `line items: expected 1, found ${count}`;
  const { offer, parameters, subscription } = itemOf(order).info ?? {};
  if (offer && lastPart(offer) !== lastPart(request.offer)) yield `offer: expected ${request.offer}, found ${offer}`;
  const region = parameter(parameters, "region");
  if (region !== undefined && region !== request.region) yield `region: expected ${request.region}, found ${region}`;
  const hourly = parameter(parameters, "hourly_commit");
  if (hourly !== undefined && !isSameAmount(hourly, request.hourlyCommitment))
    yield `hourlyCommitment: expected ${request.hourlyCommitment}, found ${hourly}`;
  const term = termOf(subscription);
  if (term !== undefined && term !== request.term) yield `term: expected ${request.term}, found ${term}`;
}

/** The value of a parameter as text; `undefined` where Google states none. */
function parameter(parameters: LineItemInfo["parameters"], wanted: string): string | undefined {
  const { value } = parameters?.find(({ name }) => name === wanted) ?? {};
  const [found] = [value?.stringValue, value?.doubleValue, value?.int64Value].filter(
    (one) => one !== undefined && one !== null && one !== "",
  );
  return found === undefined ? undefined : String(found);
}

function isSameAmount(found: string, expected: string): boolean {
  try {
    return new Big(found).eq(expected);
  } catch {
    return false;
  }
}

const YEAR_MS = 365 * 86_400_000;

/** The term of a subscription in years, from its first term to its end. Renewed subscriptions have a later end. */
function termOf(subscription: LineItemInfo["subscription"]): string | undefined {
  const start = firstTime(subscription?.startTime);
  const end = firstTime(subscription?.endTime);
  if (start === undefined || end === undefined) return undefined;
  return `${Math.round((end - start) / YEAR_MS)}yr`;
}
