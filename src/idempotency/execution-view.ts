import type { Prepared } from "../domain/evidence.js";
import type { Execution, ExecutionView, PurchaseLine } from "../domain/execution.js";
import { lineageIdOf } from "../domain/lineage-id.js";
import { retryAttemptOf } from "../domain/retry-key.js";
import { deriveIdempotencyToken } from "./derive-idempotency-token.js";
import { scrubToken } from "./scrub-token.js";

/** An execution as it may leave the engine. See {@link ExecutionView}. */
export function viewOf({ lineageKey, lines, ...execution }: Execution): ExecutionView {
  return {
    ...execution,
    lineageId: lineageIdOf(lineageKey),
    retryAttempt: retryAttemptOf(execution),
    lines: lines.map((line) => withoutTokens(line, lineageKey)),
  };
}

function withoutTokens(line: PurchaseLine, lineageKey: string): PurchaseLine {
  const { prepared, saidAbsent } = line;
  if (prepared === null && saidAbsent === null) return line;
  const token = deriveIdempotencyToken(lineageKey, line.index);
  return {
    ...line,
    prepared: prepared && masked(prepared, token),
    saidAbsent: saidAbsent && { ...saidAbsent, prepared: masked(saidAbsent.prepared, token) },
  };
}

/**
 * The prepared facts with tokens masked. The name and the client token of a purchase stand in its reference or its
 * detail. The snapshot holds neither and may be long, so it is not searched.
 */
const masked = (prepared: Prepared, token: string): Prepared => ({
  ...prepared,
  ...scrubToken({ reference: prepared.reference, ...(prepared.detail && { detail: prepared.detail }) }, token),
});
