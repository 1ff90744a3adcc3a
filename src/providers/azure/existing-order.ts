import type { AnyTerm, CommonRequest } from "../../domain/commitment-request/common.js";
import type { Money } from "../../domain/money.js";
import type { ExistingCommitment } from "../commitment-provider.js";
import { answerOf, type NamedPurchase } from "../state-table.js";
import { commitmentOf } from "./follow-order.js";
import { bareId, type OrderView } from "./order-view.js";

/** An order that was found under a name of a line. */
export interface FoundOrder extends NamedPurchase {
  readonly order: OrderView;
}

/**
 * The order that a lookup answers with, of those under all names of a line, and how many others may be the line's too.
 */
export function answeredOrder<Found extends FoundOrder>(
  found: readonly Found[],
  line: Parameters<typeof answerOf>[1],
): { readonly order: Found; readonly others: number } | undefined {
  const answer = answerOf(found, line);
  // If all orders are void, the order of the last retry counts.
  const isVoid = answer.every(({ sighting }) => sighting.meaning === "void");
  const order = isVoid ? answer.at(-1) : answer[0];
  return order && { order, others: isVoid ? 0 : answer.length - 1 };
}

/** An order as the holder of a name. Every order that is not void counts as bought, whatever became of it. */
export const holderOf = ({ sighting }: Pick<FoundOrder, "sighting">) => ({
  isLive: sighting.meaning !== "void",
  state: sighting.state,
});

/** An order as what was found for a line, whatever its state. */
export const existingOrder = (
  { order, sighting }: Omit<FoundOrder, "name">,
  differences: readonly string[],
  charge?: Money,
): ExistingCommitment => ({ ...commitmentOf(order, charge), labeled: true, differences, sighting });

/** The difference that more than one order may be the line's. */
export const several = (others: number): readonly string[] =>
  others === 0 ? [] : [`orders: expected 1, found ${others + 1}`];

/**
 * One difference between a line and what Azure states, as text. A value that Azure leaves out is no difference.
 *
 * The specification calls almost every field of an answer optional, and its own examples leave some out (`location` of
 * an alias). So only what is stated is compared.
 */
export function* difference(name: string, expected: unknown, found: unknown): Generator<string> {
  if (found === undefined || found === null || found === "") return;
  const [wanted, stated] = [comparable(expected), comparable(found)];
  if (wanted !== stated) yield `${name}: expected ${wanted}, found ${stated}`;
}

/**
 * The difference that another subscription pays, where a billing scope names a subscription.
 *
 * Azure writes a subscription with its path or without. Examples of the specification name a billing account instead.
 * That says nothing of the subscription.
 */
export function* accountDifference({ account }: CommonRequest<AnyTerm>, billingScope: unknown): Generator<string> {
  if (typeof billingScope !== "string" || isBillingAccount(billingScope)) return;
  yield* difference("account", account, bareId(billingScope));
}

const isBillingAccount = (scope: string): boolean =>
  /^\/?providers\/microsoft\.billing\//i.test(scope) && !/subscriptions\/[^/]+$/i.test(scope);

/**
 * The billing plan of an alias, where it states one: `null` is its word for a purchase that is paid upfront. The words
 * of reservation orders are understood too.
 */
export function aliasPlan(plan: unknown): unknown {
  if (plan === null || comparable(plan) === "upfront") return "none";
  return comparable(plan) === "monthly" ? "P1M" : plan;
}

// Azure echoes names in whatever case they were sent in, and ids with or without their path.
const comparable = (value: unknown): string =>
  value === undefined ? "none" : String(value).replaceAll(" ", "").toLowerCase();
