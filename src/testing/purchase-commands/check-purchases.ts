import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import { assert } from "../assert.js";
import { assertNoDoublePurchase } from "../assert-no-double-purchase.js";
import { type LedgerEntry, offeringOf, type SimulatedCloud } from "../simulated-cloud.js";
import type { OrderBook, OrderState } from "./order-book.js";
import type { LineReport } from "./purchase-wiring.js";

/** The commitments of one line on the ledger, under any token. */
export const purchasesOf = (line: CustomRequest, ledger: readonly LedgerEntry[]): readonly LedgerEntry[] =>
  ledger.filter(({ offering, live }) => live && offering === offeringOf(line));

const requestsOf = (entries: readonly LedgerEntry[]): number => new Set(entries.map(({ requestId }) => requestId)).size;

/**
 * Checks what must hold at any time.
 *
 * No line is bought twice. Everything bought was ordered and approved, and was not withdrawn before its request.
 */
export function checkLedger({ orders }: OrderBook, ledger: readonly LedgerEntry[]): void {
  for (const state of orders) {
    for (const [index, line] of state.order.lines.entries()) {
      const times = requestsOf(purchasesOf(line, ledger));
      assert.ok(times <= 1, `line ${index} of ${state.order.key} was bought ${times} times`);
    }
    checkWish(
      state,
      state.order.lines.flatMap((line) => purchasesOf(line, ledger)),
    );
  }
  assertNoDoublePurchase(ledger);
  const offerings = new Set(orders.flatMap(({ order }) => order.lines.map(offeringOf)));
  const strange = ledger.filter(({ offering }) => !offerings.has(offering));
  assert.deepEqual(strange, [], "something was bought that nobody ordered");
}

function checkWish({ order, approved, withdrawnAt }: OrderState, bought: readonly LedgerEntry[]): void {
  assert.ok(bought.length === 0 || approved !== "no", `${order.key} was bought without an approval`);
  if (withdrawnAt === undefined) return;
  // A request that was written ahead before may still land.
  const late = bought.filter(({ submittedAt }) => submittedAt > withdrawnAt);
  assert.deepEqual(late, [], `${order.key} was bought after its withdrawal was acknowledged`);
}

/** Checks what must hold at rest, after all faults: no order is lost unless the cloud refused it. */
export function checkRest({ orders }: OrderBook, cloud: SimulatedCloud): void {
  const ledger = cloud.ledger();
  const refused = refusedOfferings(cloud);
  for (const { order, approved, withdrawn } of orders) {
    const isRefused = order.lines.some((line) => refused.has(offeringOf(line)));
    const wanted = approved === "yes" && withdrawn === "no" && !isRefused;
    for (const [index, line] of order.lines.entries()) {
      const bought = purchasesOf(line, ledger);
      const quantity = bought.reduce((sum, entry) => sum + entry.quantity, 0);
      assert.ok(
        bought.length === 0 || quantity === line.quantity,
        `line ${index} of ${order.key}: ${quantity} of ${line.quantity} were bought`,
      );
      assert.ok(!wanted || bought.length > 0, `line ${index} of ${order.key} was approved and is never bought`);
    }
  }
}

const refusedOfferings = (cloud: SimulatedCloud): ReadonlySet<string> =>
  new Set(cloud.requests().flatMap(({ answer, offering }) => (answer === "rejected" ? [offering] : [])));

/** Checks that the wiring's own books say the same about an order's lines as the ledger. */
export function checkReport(
  { order }: OrderState,
  reports: readonly LineReport[],
  ledger: readonly LedgerEntry[],
): void {
  for (const [index, line] of order.lines.entries()) {
    const isBought = purchasesOf(line, ledger).length > 0;
    const report = reports[index];
    assert.ok(
      report !== "not_bought" || !isBought,
      `line ${index} of ${order.key} is reported as not bought, but it was`,
    );
    assert.ok(report !== "bought" || isBought, `line ${index} of ${order.key} is reported as bought, but it was not`);
  }
}
