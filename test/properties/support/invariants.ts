import assert from "node:assert/strict";
import type { Execution } from "../../../src/domain/execution.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { settle } from "../../../src/state-machine/settle.js";
import { canTransition } from "../../../src/state-machine/transitions.js";
import { assertNoDoublePurchase } from "../../../src/testing/assert-no-double-purchase.js";
import type { LedgerEntry } from "../../../src/testing/simulated-cloud.js";
import type { Outcome } from "./play.js";

/** Checks the invariants of the protocol that can be seen at the end, against the cloud's ledger. */
export async function checkInvariants(outcome: Outcome): Promise<void> {
  const ledger = outcome.cloud.ledger();
  assertNoDoublePurchase(ledger);
  checkTokensOnWire(outcome);
  for (const execution of outcome.executions) {
    checkBooksAgainstLedger(execution, ledger);
    checkRest(execution, outcome.executions);
    await checkTrail(outcome, execution, ledger);
  }
  checkEveryPurchaseIsKnown(outcome, ledger);
}

const tokenOf = (execution: Execution, index: number): string => deriveIdempotencyToken(execution.lineageKey, index);

/** Invariant 6: whatever was sent carried the token of a line that was submitted first, through every retry. */
function checkTokensOnWire({ cloud, roots }: Outcome): void {
  const expected = new Set(roots.flatMap((root) => root.lines.map((line) => tokenOf(root, line.index))));
  for (const { token } of cloud.requests())
    assert.ok(expected.has(token), "invariant 6: an unexpected token reached the wire");
}

/** Invariant 3: rejected, skipped and planned lines were not bought, committed ones were, under their own token. */
function checkBooksAgainstLedger(execution: Execution, ledger: readonly LedgerEntry[]): void {
  for (const line of execution.lines) {
    const bought = ledger.filter((entry) => entry.token === tokenOf(execution, line.index));
    if (line.state === "committed") {
      const recorded = [...(line.commitment?.commitmentIds ?? [])].sort();
      assert.deepEqual(
        recorded,
        bought.map((entry) => entry.commitmentId).sort(),
        "invariant 3: a committed line's ids are the ledger's",
      );
      const total = bought.reduce((sum, entry) => sum + entry.quantity, 0);
      assert.equal(total, line.request.quantity, "invariant 1: a line is bought in its quantity");
    } else if (line.state !== "in_doubt" && line.state !== "submitting" && execution.successorId === null) {
      assert.equal(bought.length, 0, `invariant 3: a ${line.state} line was bought`);
    }
  }
  const status = execution.status;
  if (status === "failed")
    assert.ok(!execution.lines.some((line) => line.state === "committed"), "invariant 3: failed with a commitment");
}

/** Invariant 10: faults are over, so everything has ended or says why it is in doubt. */
function checkRest(execution: Execution, all: readonly Execution[]): void {
  const { status, lines } = execution;
  const waitsForPerson = all.some(
    (other) => other.status === "in_doubt" && other.lines.some((line) => line.doubt?.needsPerson),
  );
  if (waitsForPerson && lines.some((line) => line.trouble?.code === "LANE_BUSY")) return;
  assert.ok(
    ["pending", "completed", "partially_completed", "failed", "canceled", "expired", "in_doubt"].includes(status),
    `invariant 10: still ${status}`,
  );
  if (status === "in_doubt")
    for (const line of lines)
      if (line.state === "in_doubt") assert.ok(line.doubt?.reason, "invariant 10: in doubt without a reason");
  if (["completed", "partially_completed", "failed", "in_doubt"].includes(status))
    assert.equal(settle(lines), status, "the status does not follow from the lines");
}

/** Invariants 2, 7 and 8: gapless versions, one event each, only table moves, a write-ahead before each purchase. */
async function checkTrail({ store }: Outcome, execution: Execution, ledger: readonly LedgerEntry[]): Promise<void> {
  const events = await store.events(execution.id);
  assert.deepEqual(
    events.map((event) => event.version),
    Array.from({ length: execution.version }, (_, index) => index + 1),
    "invariant 7: versions have gaps or an event is missing",
  );
  for (const [position, event] of events.entries()) {
    const before = events[position - 1]?.status ?? event.status;
    const legal = before === event.status || canTransition(before, event.status);
    assert.ok(legal, `invariant 7: moved from ${before} to ${event.status} by ${event.kind}`);
  }
  for (const line of execution.lines) {
    if (line.state !== "committed") continue;
    const landedAt = Math.min(
      ...ledger.filter((entry) => entry.token === tokenOf(execution, line.index)).map((entry) => entry.landedAt),
    );
    const ahead = events.find((event) => event.kind === "write_ahead" && event.lineIndex === line.index);
    assert.ok(ahead !== undefined && ahead.at <= landedAt, "invariant 2: a purchase without an earlier write-ahead");
    const approved = events.find((event) => event.kind === "approved");
    assert.ok(
      approved !== undefined && approved.version < ahead.version,
      "invariant 2: a purchase without an approval",
    );
  }
}

/** Nothing is lost: each purchase on the ledger belongs to a line that is committed or visibly in doubt. */
function checkEveryPurchaseIsKnown({ executions }: Outcome, ledger: readonly LedgerEntry[]): void {
  for (const entry of ledger) {
    const lines = executions.flatMap((execution) =>
      execution.lines.filter((line) => tokenOf(execution, line.index) === entry.token),
    );
    assert.ok(
      lines.some((line) => line.state === "committed" || line.state === "in_doubt"),
      `a purchase is lost: ${entry.commitmentId}`,
    );
  }
}
