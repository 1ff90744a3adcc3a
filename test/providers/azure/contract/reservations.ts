import { AzureReservationAPI } from "@azure/arm-reservations";
import { azureReservations } from "../../../../src/providers/azure/azure-reservations.js";
import { reservationRequest, SUBSCRIPTION } from "../azure-lines.js";
import type { AzureServiceUnderTest } from "./azure-fixture.js";

const request = reservationRequest();

/** What an order goes through, by the API's types and by recordings. */
const ON_ITS_WAY = [
  "Creating",
  "Pending",
  "PendingCapacity",
  "ConfirmedCapacity",
  "PendingResourceHold",
  "ConfirmedResourceHold",
  "PendingBilling",
  "ConfirmedBilling",
  "Created",
];

const common = {
  Client: AzureReservationAPI,
  onItsWay: ON_ITS_WAY,
  bought: ["Succeeded", "Split", "Merged"],
  dead: ["Cancelled", "Expired", "Failed", "BillingFailed"],
  cannot: {
    stranger: "the subscription travels in each purchase, whoever sends it",
    queue: "the service does not queue",
    lane: "orders are told apart by their name or id",
  },
  leavesOut: { lane: 5, queue: 5, stranger: 3 },
  request,
  different: reservationRequest({ quantity: 3 }),
  unsold: reservationRequest({ sku: "Standard_Z99" }),
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
};

/** Reservations bought under the order id of a price calculation. */
export const CALCULATED: AzureServiceUnderTest<AzureReservationAPI> = {
  ...common,
  provider: (options) => azureReservations({ ...options, flow: "calculated" }),
  purchase: "PutReservationOrder",
  lookups: ["GetReservationOrder", "ListReservationOrders"],
};
