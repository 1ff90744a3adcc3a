import { effectOf, type StruckCall } from "../../call-effects.js";
import type { OrderStatesMs } from "../azure-simulator-options.js";

/** A state of an order, and the `etag` that goes with it. */
export interface OrderState {
  readonly state: string;
  readonly etag: number;
}

/** The states an order goes through, each for its time, and the one it ends in. */
export interface OrderCourse {
  readonly steps: readonly (OrderState & { readonly ms: number })[];
  readonly end: OrderState;
}

/** Why a purchase fails after it was accepted. */
export type OrderFailure = "order" | "payment";

const SUCCEEDED: OrderState = { state: "Succeeded", etag: 8 };

/** The failure that strikes this purchase, if one does. */
export function failureOf(call: StruckCall): OrderFailure | undefined {
  if (effectOf(call, "order-fails")) return "order";
  return effectOf(call, "payment-fails") && "payment";
}

/** The course of a reservation order, with the etags that were recorded; the capacity is found before the payment. */
export function reservationCourse(ms: OrderStatesMs, failure: OrderFailure | undefined): OrderCourse {
  const upToCapacity = [
    { state: "Creating", etag: 1, ms: ms.creating },
    { state: "PendingCapacity", etag: 4, ms: ms.pendingCapacity },
  ];
  if (failure === "order") return { steps: upToCapacity, end: { state: "Failed", etag: 5 } };
  const steps = [
    ...upToCapacity,
    { state: "ConfirmedCapacity", etag: 5, ms: ms.confirmedCapacity },
    { state: "PendingBilling", etag: 6, ms: ms.pendingBilling },
  ];
  return { steps, end: failure === "payment" ? { state: "BillingFailed", etag: 7 } : SUCCEEDED };
}

/** The course of a savings plan order, whose API knows neither a capacity to wait for nor `BillingFailed`. */
export function savingsPlanCourse(ms: OrderStatesMs, failure: OrderFailure | undefined): OrderCourse {
  const creating = { state: "Creating", etag: 1, ms: ms.creating };
  if (failure === "order") return { steps: [creating], end: { state: "Failed", etag: 2 } };
  const steps = [creating, { state: "PendingBilling", etag: 6, ms: ms.pendingBilling }];
  return { steps, end: failure === "payment" ? { state: "Failed", etag: 7 } : SUCCEEDED };
}
