import type { Prepared } from "../../domain/evidence.js";
import { type Money, moneySchema } from "../../domain/money.js";
import type { ExistingCommitment } from "../commitment-provider.js";
import { commitmentOf } from "./follow-order.js";
import { isFinished, type OrderView } from "./order-view.js";

/** A live order as what was found for a line. */
export const existingOrder = (
  order: OrderView,
  differences: readonly string[],
  prepared: Prepared | undefined,
): ExistingCommitment => ({
  ...commitmentOf(order, chargeIn(prepared)),
  labeled: true,
  differences,
  ...(!isFinished(order) && { pending: order.state }),
});

/** What is due at once, as Azure calculated it before the purchase; only that of the very same quote is known. */
export function chargeIn(prepared: Prepared | undefined): Money | undefined {
  const charge = moneySchema.safeParse(prepared?.detail?.["charge"]);
  return charge.success ? charge.data : undefined;
}

/** One difference between a line and what Azure shows, as text. */
export function* difference(name: string, expected: unknown, found: unknown): Generator<string> {
  const [wanted, stated] = [comparable(expected), comparable(found)];
  if (wanted !== stated) yield `${name}: expected ${wanted}, found ${stated}`;
}

// Azure echoes names in whatever case they were sent in, ids with or without their path, and unset fields as null.
const comparable = (value: unknown): string =>
  value === undefined || value === null || value === "" ? "none" : String(value).replaceAll(" ", "").toLowerCase();
