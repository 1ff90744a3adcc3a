import Big from "big.js";
import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import { priceTolerancePercent } from "../../domain/commitment-request/common.js";
import type { PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import { decimalSchema, type Money, withTolerance } from "../../domain/money.js";

/** What an approved line holds of the limits that count it. */
export interface Hold {
  /** `held` while the line may still be bought, `used` once it is bought, `released` if it is certainly not. */
  readonly state: "held" | "used" | "released";
  /** The amount that is held. */
  readonly amount: Money;
  /** What the purchase uses, as a decimal. `0` while nothing is bought. */
  readonly used: string;
  /** The part of `used` that nothing was held for. */
  readonly overrun: string;
}

/** How a hold moves the counters of its limits, as signed decimals. */
export interface HoldMove {
  readonly held: string;
  readonly used: string;
  readonly overrun: string;
}

const ENDED: readonly ExecutionStatus[] = ["completed", "partially_completed", "failed", "canceled", "expired"];

/** Whether a planned line of an execution with this status is not bought any more. */
export const isEnd = (status: ExecutionStatus | undefined): boolean => status !== undefined && ENDED.includes(status);

/** What a line holds: its price over the whole term, plus the tolerance. `undefined` if the price cannot be read. */
export function holdAmount(request: CommitmentRequest): Money | undefined {
  const { amount, currency } = request.expectedPrice ?? {};
  const tolerance = priceTolerancePercent(request);
  if (typeof currency !== "string" || !decimalSchema().safeParse(amount).success) return undefined;
  if (typeof tolerance !== "number" || !(tolerance >= 0)) return undefined;
  return withTolerance(request.expectedPrice, tolerance);
}

/**
 * The hold of a line whose price people have accepted. It never gets less. `undefined` if the price cannot be counted.
 */
export function raisedHold<Raised extends Hold>(
  hold: Raised,
  request: CommitmentRequest,
  found: Money | undefined,
): Raised | undefined {
  const amount = found && holdAmount({ ...request, expectedPrice: found });
  if (amount === undefined || amount.currency !== hold.amount.currency) return undefined;
  return new Big(amount.amount).gt(hold.amount.amount) ? { ...hold, amount } : hold;
}

/** The hold of a line that is approved. */
export const newHold = (amount: Money): Hold => ({ state: "held", amount, used: "0", overrun: "0" });

/**
 * The hold after its line or its execution has changed.
 *
 * It follows the line alone, so a change that is made twice moves nothing the second time. The hold of a line that is
 * submitting or in doubt never ends. The price counts as it was found before the purchase; if it is unknown, what was
 * held counts.
 */
export function nextHold(
  hold: Hold,
  { state, prepared }: Pick<PurchaseLine, "state" | "prepared">,
  status: ExecutionStatus,
): Hold {
  if (state === "committed") return hold.state === "used" ? hold : usedHold(hold, prepared?.price);
  if (isUnsettled(state)) return newHold(hold.amount);
  if (state !== "planned" || isEnd(status)) return { ...newHold(hold.amount), state: "released" };
  return hold.state === "used" ? newHold(hold.amount) : hold;
}

function usedHold(hold: Hold, price: Money | undefined): Hold {
  const known = price?.currency === hold.amount.currency && decimalSchema().safeParse(price.amount).success;
  const used = new Big(known ? price.amount : hold.amount.amount);
  const above = hold.state === "released" ? used : used.minus(hold.amount.amount);
  return { ...hold, state: "used", used: used.toFixed(), overrun: above.gt(0) ? above.toFixed() : "0" };
}

/** How the counters move if one hold takes the place of another. */
export const holdMove = (before: Hold | undefined, after: Hold): HoldMove => ({
  held: difference(heldOf(after), before ? heldOf(before) : "0"),
  used: difference(after.used, before?.used ?? "0"),
  overrun: difference(after.overrun, before?.overrun ?? "0"),
});

const heldOf = ({ state, amount }: Hold): string => (state === "held" ? amount.amount : "0");

const difference = (after: string, before: string): string => new Big(after).minus(before).toFixed();
