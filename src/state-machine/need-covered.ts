import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import { viewOf } from "../idempotency/execution-view.js";
import type { Covering } from "../store-port/execution-store.js";

const SHOWN = 3;

/** The refusal of an approval whose needs other executions cover. */
export const needCovered = (execution: Execution, covered: readonly Covering[]): BuyonceError =>
  new BuyonceError("NEED_ALREADY_COVERED", `${execution.id} is not approved: ${coveredInWords(covered)}.`, {
    details: { covered },
    current: viewOf(execution),
  });

/** What covers which lines, as a text. */
export function coveredInWords(covered: readonly Covering[]): string {
  const shown = covered.slice(0, SHOWN).map(({ lineIndex, executionId, status, until }) => {
    const end = until === null ? "" : ` until ${new Date(until).toISOString()}`;
    return `${executionId} (${status}) covers the need of line ${lineIndex}${end}`;
  });
  const others = covered.length > SHOWN ? [`${covered.length - SHOWN} others cover needs too`] : [];
  return [...shown, ...others].join("; ");
}
