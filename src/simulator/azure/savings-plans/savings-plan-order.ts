import { deterministicId } from "../../deterministic-id.js";
import type { LedgerPurchase } from "../../ledger.js";
import { purchaseIdOf } from "../../purchase-id.js";
import { StateHistory } from "../../state-history.js";
import type { AzureCall } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { billingAccountOf } from "../billing-scope.js";
import { failureOf, savingsPlanCourse } from "../orders/order-course.js";
import type { OrderShelf } from "../orders/order-shelf.js";
import { wireTime } from "../orders/order-times.js";
import { benefitTimes, type PlacedOrder, stateOf } from "../orders/placed-order.js";
import { dueAtOnce } from "../orders/quote.js";
import type { SavingsPlanRequest } from "./savings-plan-request.js";

/** A savings plan order as Azure keeps it, with the one plan in it. */
export interface SavingsPlanOrder extends PlacedOrder {
  readonly request: SavingsPlanRequest;
  readonly savingsPlanId: string;
}

/** Where savings plan orders are placed. */
export interface SavingsPlanShop {
  readonly world: AzureWorld;
  readonly shelf: OrderShelf<SavingsPlanOrder>;
}

/** What is bought, and under which name. */
export interface SavingsPlanPlacing {
  readonly request: SavingsPlanRequest;
  readonly token: string;
}

/** Buys: each call makes a new order. */
export function placeSavingsPlan({ request, token }: SavingsPlanPlacing, call: AzureCall, shop: SavingsPlanShop) {
  const number = shop.world.nextNumber();
  const order: SavingsPlanOrder = {
    id: deterministicId(`savings-plan-order:${number}`),
    purchaseId: purchaseIdOf(number),
    subscription: request.subscription,
    requestedAt: call.now,
    term: request.term,
    course: savingsPlanCourse(shop.world.settings.orderStatesMs, failureOf(call)),
    states: new StateHistory(),
    token,
    charge: dueAtOnce(request.quote),
    request,
    savingsPlanId: deterministicId(`azure-savings-plan:${number}`),
  };
  shop.shelf.add(order);
  return order;
}

/** The order's row in the ledger. */
export function savingsPlanRow(order: SavingsPlanOrder, now: number): LedgerPurchase {
  const { sku, properties } = order.request.body;
  return {
    service: "azure.savings-plans",
    account: order.subscription,
    region: "global",
    commitmentId: order.id,
    purchaseId: order.purchaseId,
    offeringId: sku.name,
    quantity: 1,
    commitment: String(properties.commitment.amount),
    ...(order.token !== undefined && { token: order.token }),
    tags: {},
    state: stateOf(order, now).state,
    purchasedAt: order.requestedAt,
    charge: order.charge,
  };
}

/** The billing profile that pays for a subscription. */
export function billingProfileOf(subscription: string): string {
  return `${billingAccountOf(subscription)}/billingProfiles/SIMU-LATE-DBG-PGB`;
}

/** The path of an order, as aliases write it. */
export function savingsPlanOrderPath(id: string): string {
  return `/providers/Microsoft.BillingBenefits/savingsPlanOrders/${id}`;
}

/** An order as of `moment`; its plans are plain texts, where the reservations of an order are objects. */
export function savingsPlanOrderJson(order: SavingsPlanOrder, moment: number): object {
  const { sku, properties } = order.request.body;
  const type = "microsoft.billingbenefits/savingsPlanOrders";
  const times = benefitTimes(order, moment);
  return {
    id: `/providers/${type}/${order.id}`,
    name: order.id,
    type,
    sku: { name: sku.name },
    properties: {
      billingScopeId: properties.billingScopeId,
      savingsPlans: [`${savingsPlanOrderPath(order.id)}/savingsPlans/${order.savingsPlanId}`],
      ...(properties.billingPlan && { billingPlan: properties.billingPlan }),
      term: order.term,
      ...(properties.displayName && { displayName: properties.displayName }),
      ...(times && { benefitStartTime: wireTime(times.startsAt) }),
      provisioningState: stateOf(order, moment).state,
      billingProfileId: billingProfileOf(order.subscription),
      billingAccountId: billingAccountOf(order.subscription),
      ...(times && { expiryDateTime: wireTime(times.endsAt) }),
    },
  };
}
