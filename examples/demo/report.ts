import { deriveIdempotencyToken, type PurchaseLine, type StoredExecution } from "buyonce";
import type { LedgerPurchase } from "buyonce/simulator";

/** What the cloud's ledger says about the basket; both must be 0. */
export interface Verdict {
  /** Purchases beyond the first of any line. */
  readonly duplicates: number;
  /** Purchases that belong to no committed line, lines without a purchase, and executions that are not completed. */
  readonly unexplained: number;
}

const MARK = /token/i;

/** The purchases of one line, by the ids the line records or the token the cloud holds. */
function purchasesOf(
  execution: StoredExecution,
  line: PurchaseLine,
  ledger: readonly LedgerPurchase[],
): readonly LedgerPurchase[] {
  const token = deriveIdempotencyToken(execution.lineageKey, line.index);
  const ids = line.commitment?.commitmentIds ?? [];
  return ledger.filter(
    (purchase) =>
      ids.includes(purchase.commitmentId) ||
      purchase.token === token ||
      Object.entries(purchase.tags).some(([key, value]) => MARK.test(key) && value === token),
  );
}

/** Prints the ledger per line and returns the verdict. */
export function report(executions: readonly StoredExecution[], ledger: readonly LedgerPurchase[]): Verdict {
  const explained = new Set<LedgerPurchase>();
  let duplicates = 0;
  let unexplained = 0;
  for (const execution of executions) {
    if (execution.status !== "completed") unexplained += 1;
    for (const line of execution.lines) {
      const purchases = purchasesOf(execution, line, ledger);
      const calls = new Set(purchases.map((purchase) => purchase.purchaseId)).size;
      for (const purchase of purchases) explained.add(purchase);
      duplicates += Math.max(0, calls - 1);
      if (calls === 0 || line.state !== "committed") unexplained += 1;
      console.log(row(execution, line, calls));
    }
  }
  const strays = ledger.filter((purchase) => !explained.has(purchase));
  for (const stray of strays) console.log(`  STRAY ${stray.service} ${stray.account} ${stray.commitmentId}`);
  return { duplicates, unexplained: unexplained + strays.length };
}

function row(execution: StoredExecution, line: PurchaseLine, calls: number): string {
  const { account, service, region } = line.request;
  const what = `${execution.requestKey.padEnd(8)} ${execution.status.padEnd(10)} ${account} ${service.padEnd(18)} ${region.padEnd(10)}`;
  return `  ${what} ledger: ${calls}  ${endOf(line)}`;
}

function endOf({ state, commitment, rejection, doubt, lastError }: PurchaseLine): string {
  if (commitment !== null)
    return `${commitment.adopted ? "adopted" : "bought "} ${commitment.commitmentIds.join(", ")}`;
  return `${state}: ${rejection?.message ?? doubt?.reason ?? lastError?.message ?? ""}`;
}
