import { AssertionError } from "node:assert";
import { invalidArgument } from "../domain/input-problem.js";
import { checkKeys, type KeysOf, promiseHint, refuse } from "../domain/options.js";
import { maskToken } from "../idempotency/mask-token.js";
import { type Purchase, type PurchaseOnLedger, purchasesOn } from "./assert-no-double-purchase/purchase-on-ledger.js";
import { type KnownExecution, requestKeysOf } from "./assert-no-double-purchase/request-keys.js";
import { fits, unwantedOf, type WantedPurchase, wantedProblems } from "./assert-no-double-purchase/wanted-purchase.js";

/** What was wanted, and what is known of it. */
export interface PurchaseExpectation {
  /**
   * Every purchase that was wanted, in any order: the lines as they were ordered. A line that was wanted twice stands
   * there twice. Each may be bought once, and nothing else may be bought.
   */
  readonly expected?: readonly WantedPurchase[];
  /**
   * Executions of your store, such as `(await engine.history({ limit: 200 })).executions`. The message then names the
   * request keys under which the purchases were submitted.
   */
  readonly executions?: readonly KnownExecution[];
}

const KNOWN: KeysOf<PurchaseExpectation> = { expected: true, executions: true };

/**
 * Throws an `AssertionError` that names every purchase that was made more often than it was wanted.
 *
 * Give it the cloud's ledger, never your own tables. Without `expected` it counts by token. That finds what the library
 * or the cloud did twice. It cannot find a basket that your code submitted again under another request key: such a
 * basket has other tokens, and somebody may have wanted it. With `expected` it finds that one too. The commitments of
 * one split purchase count once. A commitment for which nothing was owed does not count.
 *
 * Throws `INVALID_REQUEST` for a ledger that is no list, an option that is not known, or an expectation that is no line.
 */
export function assertNoDoublePurchase(ledger: readonly PurchaseOnLedger[], options: PurchaseExpectation = {}): void {
  checkKeys("options", options, KNOWN);
  if (!Array.isArray(ledger)) throw invalidArgument("ledger", `must be a list of purchases${promiseHint(ledger)}`);
  const { expected, executions = [] } = options;
  refuse(wantedProblems(expected));
  const purchases = purchasesOn(ledger);
  const faults = [
    ...doubledTokens(purchases, executions),
    ...(expected ? unwanted(purchases, expected, executions) : []),
  ];
  if (faults.length === 0) return;
  throw new AssertionError({ message: faults.join("; "), actual: faults.length, expected: 0, operator: "==" });
}

/** The faults of tokens under which more than one purchase took effect. */
function doubledTokens(purchases: readonly Purchase[], executions: readonly KnownExecution[]): readonly string[] {
  const tokens = new Set(purchases.flatMap(({ token }) => token ?? []));
  return [...tokens].flatMap((token) => {
    const same = purchases.filter((one) => one.token === token);
    if (same.length < 2) return [];
    const keys = [...new Set(same.flatMap((one) => requestKeysOf(one, executions)))];
    const ids = same.map(({ id }) => id).join(", ");
    return `bought more than once: ${maskToken(token)}: ${ids}${keys.length > 0 ? ` (${keyed(keys)})` : ""}`;
  });
}

/** The faults of purchases that nobody wanted, or not so often. */
function unwanted(
  purchases: readonly Purchase[],
  expected: readonly WantedPurchase[],
  executions: readonly KnownExecution[],
): readonly string[] {
  const left = unwantedOf(purchases, expected);
  const texts = left.map((purchase) => {
    const alike = expected.filter((one) => fits(purchase, one));
    if (alike.length === 0) return `bought, but not expected: ${whatOf(purchase)}: ${described(purchase, executions)}`;
    const bought = purchases.filter((one) => alike.some((line) => fits(one, line)));
    const wanted = expected.filter((line) => bought.some((one) => fits(one, line)));
    const told = bought.map((one) => described(one, executions)).join(", ");
    return `bought ${bought.length} times, expected ${wanted.length}: ${whatOf(purchase)}: ${told}`;
  });
  return [...new Set(texts)];
}

const whatOf = ({ service, account, region, offering, offeringId, quantity }: Purchase): string =>
  [
    quantity === undefined ? undefined : `${quantity} of`,
    service,
    ...(offering === undefined ? [account, region] : []),
    offeringId,
    offering,
  ]
    .filter((part) => part !== undefined)
    .join(" ");

function described(purchase: Purchase, executions: readonly KnownExecution[]): string {
  const { commitmentIds, token } = purchase;
  const keys = requestKeysOf(purchase, executions);
  const facts = [
    ...(token === undefined ? [] : [`token ${maskToken(token)}`]),
    ...(keys.length > 0 ? [keyed(keys)] : []),
  ];
  return `${commitmentIds.join(" and ")}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}`;
}

const keyed = (keys: readonly string[]): string =>
  `request key${keys.length > 1 ? "s" : ""} ${keys.map((key) => JSON.stringify(key)).join(", ")}`;
