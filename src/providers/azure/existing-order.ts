import type { Money } from "../../domain/money.js";
import type { ExistingCommitment } from "../commitment-provider.js";
import { commitmentOf } from "./follow-order.js";
import { isFinished, type OrderView } from "./order-view.js";

/** A live order as what was found for a line. */
export const existingOrder = (
  order: OrderView,
  differences: readonly string[],
  charge?: Money,
): ExistingCommitment => ({
  ...commitmentOf(order, charge),
  labeled: true,
  differences,
  ...(!isFinished(order) && { pending: order.state }),
});

/** One difference between a line and what Azure shows, as text. */
export function* difference(name: string, expected: unknown, found: unknown): Generator<string> {
  const [wanted, stated] = [comparable(expected), comparable(found)];
  if (wanted !== stated) yield `${name}: expected ${wanted}, found ${stated}`;
}

// Azure echoes names in whatever case they were sent in, ids with or without their path, and unset fields as null.
const comparable = (value: unknown): string =>
  value === undefined || value === null || value === "" ? "none" : String(value).replaceAll(" ", "").toLowerCase();
