import type { Execution } from "../../domain/execution.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { assertNoDoublePurchase } from "../assert-no-double-purchase.js";
import { purchasesOf } from "../purchase-commands/check-purchases.js";
import type { PurchaseOrder } from "../purchase-commands/purchase-wiring.js";
import { offeringOf, type SimulatedCloud } from "../simulated-cloud.js";
import type { Delivery } from "./deliveries.js";
import { briefly } from "./machines.js";

/** Everything that is judged, and what is known of it. */
export interface Judged {
  readonly orders: readonly PurchaseOrder[];
  readonly cloud: SimulatedCloud;
  readonly store: ExecutionStore;
}

/** Throws if something was bought that was not ordered, or more often than it was ordered. */
export function judgePurchases({ orders, cloud }: Judged, executions: readonly Execution[] = []): void {
  assertNoDoublePurchase(cloud.ledger(), { expected: orders.flatMap(({ lines }) => lines), executions });
}

/** Throws with the request keys in the message, if something was bought too often. */
export async function judgeWithKeys(judged: Judged): Promise<void> {
  judgePurchases(judged, await executionsOf(judged.store));
}

async function executionsOf(store: ExecutionStore): Promise<readonly Execution[]> {
  const executions: Execution[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.history({ limit: 200, ...(cursor !== undefined && { cursor }) });
    executions.push(...page.executions);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return executions;
}

/** Throws unless every order that the cloud did not refuse was bought, and every delivery was acknowledged. */
export function judgeRest({ orders, cloud }: Judged, deliveries: readonly Delivery[]): void {
  const ledger = cloud.ledger();
  const refused = new Set(
    cloud.requests().flatMap(({ answer, offering }) => (answer === "rejected" ? [offering] : [])),
  );
  const isRefused = ({ lines }: PurchaseOrder) => lines.some((line) => refused.has(offeringOf(line)));
  for (const order of orders.filter((one) => !isRefused(one)))
    for (const [index, line] of order.lines.entries()) {
      const bought = purchasesOf(line, ledger).reduce((sum, { quantity }) => sum + quantity, 0);
      const last = deliveries.find(({ what }) => what === order.key);
      assert.ok(
        bought === line.quantity,
        `line ${index} of ${order.key}: ${bought} of ${line.quantity} were bought${told(last)}`,
      );
    }
  if (orders.some(isRefused)) return;
  for (const delivery of deliveries)
    assert.ok(delivery.isAcknowledged, `${delivery.what} was never acknowledged${told(delivery)}`);
}

function told(delivery: Delivery | undefined): string {
  if (delivery === undefined) return "";
  const { times, lastEnd, isAcknowledged } = delivery;
  const end = lastEnd?.kind === "failed" ? `; its last call failed: ${briefly(lastEnd.error)}` : "";
  return ` (delivered ${times} times, ${isAcknowledged ? "acknowledged" : "not acknowledged"}${end})`;
}
