import { AzureReservationAPI } from "@azure/arm-reservations";
import { azureReservations } from "../../../../src/providers/azure/azure-reservations.js";
import { reservationRequest, SUBSCRIPTION, usd } from "../azure-lines.js";
import type { AzureServiceUnderTest } from "./azure-fixture.js";

const request = reservationRequest();

const common = {
  Client: AzureReservationAPI,
  // By the API's types and by recordings.
  states: {
    live: ["Succeeded"],
    pending: [
      "Creating",
      "Pending",
      "PendingCapacity",
      "ConfirmedCapacity",
      "PendingResourceHold",
      "ConfirmedResourceHold",
      "PendingBilling",
      "ConfirmedBilling",
      "Created",
    ],
    ended: ["Split", "Merged"],
    void: ["Failed", "BillingFailed"],
    unclear: ["Cancelled", "Expired"],
    finished: "Succeeded",
  },
  cannot: {
    stranger: "the subscription travels in each purchase, whoever sends it",
    queue: "the service does not queue",
    lane: "orders are told apart by their name or id",
  },
  leavesOut: { lane: 11, queue: 5, stranger: 3 },
  request,
  different: reservationRequest({ quantity: 3 }),
  unsold: reservationRequest({ sku: "Standard_Z99" }),
  siblings: [
    reservationRequest({ payment: "no_upfront" }),
    reservationRequest({ term: "3yr", expectedPrice: usd("2233.44") }),
    reservationRequest({ sku: "Standard_D4s_v5", expectedPrice: usd("2293.68") }),
  ],
  async buyByHand({ reservationOrder }: AzureReservationAPI) {
    const body = {
      sku: { name: request.sku },
      location: request.region,
      reservedResourceType: request.reservedResourceType,
      billingScopeId: `/subscriptions/${SUBSCRIPTION}`,
      term: "P1Y",
      billingPlan: "Upfront",
      quantity: request.quantity,
      displayName: "by-hand",
      appliedScopeType: "Shared",
    };
    const { properties } = await reservationOrder.calculate(body);
    return reservationOrder.beginPurchase(properties?.reservationOrderId ?? "", body);
  },
} satisfies Partial<AzureServiceUnderTest<AzureReservationAPI>>;

/** Reservations bought under an alias. */
export const ALIASED: AzureServiceUnderTest<AzureReservationAPI> = {
  ...common,
  provider: azureReservations,
  purchase: "PutReservationOrderAlias",
  lookups: ["GetReservationOrderAlias", "GetReservationOrder"],
  optionalAttributes: [
    "location",
    "sku",
    "quantity",
    "term",
    "billingPlan",
    "billingScopeId",
    "reservedResourceType",
    "appliedScopeType",
    "displayName",
    "provisioningState",
    "requestDateTime",
  ],
};

/** Reservations bought under the order id of a price calculation. */
export const CALCULATED: AzureServiceUnderTest<AzureReservationAPI> = {
  ...common,
  provider: (options) => azureReservations({ ...options, flow: "calculated" }),
  purchase: "PutReservationOrder",
  lookups: ["GetReservationOrder", "ListReservationOrders"],
  // But for the display name, by which a purchase is found whose id was lost.
  optionalAttributes: [
    "location",
    "sku",
    "originalQuantity",
    "term",
    "billingPlan",
    "billingScopeId",
    "reservedResourceType",
    "reservations",
    "provisioningState",
    "requestDateTime",
  ],
};
