import type { Money } from "../../../domain/money.js";
import type { StateHistory } from "../../state-history.js";
import type { OrderCourse, OrderState } from "./order-course.js";
import { type AzureTerm, addMonths, TERM_MONTHS } from "./order-times.js";

/** An order, whatever was bought: it exists from the moment it was placed, whether it succeeds or not. */
export interface PlacedOrder {
  readonly id: string;
  readonly purchaseId: string;
  /** The subscription billed, in lower case. */
  readonly subscription: string;
  readonly requestedAt: number;
  readonly term: AzureTerm;
  readonly course: OrderCourse;
  readonly states: StateHistory;
  /** The name by which the buyer can find it again: that of the alias, or the display name. */
  readonly token: string | undefined;
  /** What is due at once: everything, or the first month. */
  readonly charge: Money;
}

/** The times of an order that took effect. */
export interface BenefitTimes {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Higher than every etag of the course, as the etag grows with each change. */
const SET_ETAG = 9;
const EXPIRED: OrderState = { state: "Expired", etag: 10 };
/** The states that an order reaches only through `Succeeded`. */
const TOOK_EFFECT = ["Succeeded", "Expired", "Cancelled", "Split", "Merged"];

/** The state at `moment`: the one that a test has set, or the one that the order has reached by the clock. */
export function stateOf(order: PlacedOrder, moment: number): OrderState {
  const state = order.states.asOf(moment);
  return state === undefined ? stateByClock(order, moment) : { state, etag: SET_ETAG };
}

/** When the benefit starts and ends; `undefined` while the order has not succeeded, and if it never does. */
export function benefitTimes(order: PlacedOrder, moment: number): BenefitTimes | undefined {
  return TOOK_EFFECT.includes(stateOf(order, moment).state) ? plannedTimes(order) : undefined;
}

function stateByClock(order: PlacedOrder, moment: number): OrderState {
  let until = order.requestedAt;
  for (const step of order.course.steps) {
    until += step.ms;
    if (moment < until) return step;
  }
  const { end } = order.course;
  return end.state === "Succeeded" && moment >= plannedTimes(order).endsAt ? EXPIRED : end;
}

function plannedTimes({ requestedAt, course, term }: PlacedOrder): BenefitTimes {
  const startsAt = course.steps.reduce((time, step) => time + step.ms, requestedAt);
  return { startsAt, endsAt: addMonths(startsAt, TERM_MONTHS[term]) };
}
