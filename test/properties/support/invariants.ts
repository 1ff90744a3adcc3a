import assert from "node:assert/strict";
import type { CustomRequest } from "../../../src/domain/commitment-request/custom.js";
import { messageOf } from "../../../src/domain/errors.js";
import type { Execution, PurchaseLine } from "../../../src/domain/execution.js";
import { isUnsettled } from "../../../src/domain/line-state.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { settle } from "../../../src/state-machine/settle.js";
import { canTransition, isTerminal } from "../../../src/state-machine/transitions.js";
import { assertNoDoublePurchase } from "../../../src/testing/assert-no-double-purchase.js";
import { type LedgerEntry, laneOf, offeringOf } from "../../../src/testing/simulated-cloud.js";
import type { Outcome } from "./play.js";
import { CONTRACTS, TIMES } from "./scenario.js";
import type { Passage } from "./wire-watch.js";

/** Checks the invariants of the protocol that can be seen at the wire and at the end, against the cloud's ledger. */
export async function checkInvariants(outcome: Outcome): Promise<void> {
  const ledger = outcome.cloud.ledger();
  assertNoDoublePurchase(ledger);
  checkLandings(outcome, ledger);
  checkTokensOnWire(outcome);
  assert.deepEqual(outcome.breaches, []);
  for (const passage of outcome.passages) checkPassage(passage, outcome);
  for (const execution of outcome.executions) {
    checkBooksAgainstLedger(execution, outcome, ledger);
    checkRest(execution, outcome);
    await checkTrail(outcome, execution, ledger);
    await checkLabels(outcome, execution);
  }
  checkEveryPurchaseIsKnown(outcome, ledger);
  checkAlarms(outcome);
}

const tokenOf = (execution: Execution, index: number): string => deriveIdempotencyToken(execution.lineageKey, index);

/** Every request of these scenarios is a custom one. */
const requestOf = ({ request }: PurchaseLine): CustomRequest => request as CustomRequest;

/** The lines of a token, in every execution of its lineage. */
const linesOf = ({ executions }: Outcome, token: string): readonly PurchaseLine[] =>
  executions.flatMap((execution) => execution.lines.filter((line) => tokenOf(execution, line.index) === token));

/** Nothing is bought again without a person, whatever became of it: each execution has one purchase of a line at most. */
function checkLandings({ executions, passages }: Outcome, ledger: readonly LedgerEntry[]): void {
  for (const token of new Set(ledger.map((entry) => entry.token))) {
    const landed = new Set(ledger.flatMap((entry) => (entry.token === token ? [entry.requestId] : [])));
    const senders = executions.filter((execution) =>
      passages.some(
        ({ permit, executions: stored }) =>
          permit.token === token &&
          stored.some(
            ({ id, status, lines }) =>
              id === execution.id &&
              status === "running" &&
              lines.some((line) => isAttempt(line, permit.attempt, token, execution)),
          ),
      ),
    );
    if (senders.length > 0)
      assert.ok(landed.size <= senders.length, "invariant 1: bought again without a person, after what is void");
  }
}

const isAttempt = (line: PurchaseLine, attempt: number, token: string, execution: Execution): boolean =>
  line.attempt === attempt && tokenOf(execution, line.index) === token;

/** Invariant 6: whatever was sent carried the token of a line that was submitted first, through every retry. */
function checkTokensOnWire({ cloud, roots }: Outcome): void {
  const expected = new Set(roots.flatMap((root) => root.lines.map((line) => tokenOf(root, line.index))));
  for (const { token } of cloud.requests())
    assert.ok(expected.has(token), "invariant 6: an unexpected token reached the wire");
}

/** Invariants 2 and 4: what passes to the wire is approved, written ahead and in time, by the holder of the lease. */
function checkPassage({ worker, permit, at, aborted, killed, executions }: Passage, { scenario }: Outcome): void {
  assert.ok(!aborted, "invariant 4: sent after an abort");
  assert.ok(!killed, "invariant 4: sent while the kill switch was on");
  assert.ok(at - permit.submittedAt <= TIMES.sendWithinMs, "invariant 4: sent after the permit ran out");
  const held = executions.find(
    (execution) =>
      execution.status === "running" &&
      execution.lease?.owner === worker &&
      execution.lines.some((line) => tokenOf(execution, line.index) === permit.token),
  );
  assert.ok(held, "invariant 4: sent by a worker that does not hold the execution");
  assert.ok((held.lease?.expiresAt ?? 0) > at, "invariant 4: sent after the lease ran out");
  assert.ok(held.approvedBy !== null && held.approvedAt !== null, "invariant 2: sent without an approval");
  const age = permit.submittedAt - held.approvedAt;
  assert.ok(age < TIMES.approvalLifetimeMs, "invariant 2: sent by an approval that was no longer valid");
  const line = held.lines.find(({ index }) => tokenOf(held, index) === permit.token);
  assert.equal(line?.attempt, permit.attempt, "invariant 2: sent without its write-ahead");
  // Late evidence may commit the line while a resend under the same token is on its way, which the cloud dedupes.
  const dedupes = CONTRACTS[scenario.contract].kind !== "none";
  const ahead = line?.state === "submitting" || (dedupes && line?.state === "committed");
  assert.ok(ahead, `invariant 2: sent for a line that is ${line?.state}`);
}

/** Invariant 3: rejected, skipped and planned lines were not bought, committed ones were, under their own token. */
function checkBooksAgainstLedger(execution: Execution, outcome: Outcome, ledger: readonly LedgerEntry[]): void {
  for (const line of execution.lines) {
    const bought = ledger.filter((entry) => entry.token === tokenOf(execution, line.index));
    if (hasWord(line)) continue;
    if (line.state === "committed") checkCommitted(line, bought.length > 0 ? bought : mistakable(line, outcome));
    else if (!isUnsettled(line.state) && execution.successorId === null)
      assert.ok(
        !bought.some(({ live }) => live) || isKnown(outcome, execution, line),
        `invariant 3: a ${line.state} line was bought`,
      );
  }
  const status = execution.status;
  if (status === "failed")
    assert.ok(!execution.lines.some((line) => line.state === "committed"), "invariant 3: failed with a commitment");
}

/** Whether a line has its state by a person's word. */
const hasWord = ({ commitment, rejection }: PurchaseLine): boolean =>
  commitment?.resolvedBy !== undefined || rejection?.resolvedBy !== undefined;

/** Whether another execution of the lineage has the purchase, or a person said something of it. */
const isKnown = (outcome: Outcome, execution: Execution, { index }: PurchaseLine): boolean =>
  linesOf(outcome, tokenOf(execution, index)).some(
    (line) => line.state === "committed" || line.state === "in_doubt" || hasWord(line),
  );

function checkCommitted(line: PurchaseLine, bought: readonly LedgerEntry[]): void {
  const ids = line.commitment?.commitmentIds ?? [];
  const recorded = bought.filter(({ commitmentId }) => ids.includes(commitmentId));
  assert.equal(recorded.length, ids.length, "invariant 3: a committed line's ids are the ledger's");
  const left = bought.filter((entry) => entry.live && !recorded.includes(entry));
  assert.deepEqual(left, [], "invariant 3: a committed line has all that was bought of it");
  const total = recorded.reduce((sum, entry) => sum + entry.quantity, 0);
  assert.equal(total, line.request.quantity, "invariant 1: a line is bought in its quantity");
}

/**
 * What a line may adopt although it is not its own, because nothing tells the two apart: a purchase in its lane that
 * somebody else made and nobody labeled, or that of another line whose lane a person's wrong word had made free.
 */
function mistakable(line: PurchaseLine, { elsewhere, cloud, mistakes }: Outcome): readonly LedgerEntry[] {
  const ids = line.commitment?.commitmentIds ?? [];
  const orphaned = cloud.ledger().filter(({ token }) => mistakes.has(token));
  return [...elsewhere.filter(({ labeled }) => !labeled), ...orphaned].filter(
    (entry) => entry.offering === offeringOf(requestOf(line)) && ids.includes(entry.commitmentId),
  );
}

/** What a line says that waits for a lane, until its approval is too old as well. */
const WAITS: readonly string[] = ["LANE_BUSY", "APPROVAL_LAPSED"];

/** Invariant 10: faults are over, so everything has ended or waits for a person who has reason to be asked. */
function checkRest(execution: Execution, outcome: Outcome): void {
  const { status, lines } = execution;
  const asking = outcome.executions.flatMap((other) => other.lines.filter((line) => line.doubt?.needsPerson));
  const held = new Set(asking.map((line) => laneOf(requestOf(line))));
  if (lines.some((line) => WAITS.includes(line.lastError?.code ?? "") && held.has(laneOf(requestOf(line))))) return;
  const asksPerson = lines.filter((line) => line.doubt?.needsPerson);
  if (status === "in_doubt") assert.ok(asksPerson.length > 0, `invariant 10: in doubt for ever: ${execution.reason}`);
  for (const line of asksPerson) checkQuestion(line, outcome);
  assert.ok(
    ["pending", "paused", "completed", "partially_completed", "failed", "canceled", "expired", "in_doubt"].includes(
      status,
    ),
    `invariant 10: still ${status}`,
  );
  // A word that was taken back after the end leaves the status as it was.
  const isCorrected = outcome.corrected.has(execution.id) && isTerminal(status);
  if (["completed", "partially_completed", "failed", "in_doubt"].includes(status) && !isCorrected)
    assert.equal(settle(lines), status, "the status does not follow from the lines");
}

/** A person is asked only where the cloud shows what the library cannot tell apart, or where a person erred. */
function checkQuestion(line: PurchaseLine, { scenario, cloud, elsewhere, executions, confusing }: Outcome): void {
  const isAlike = (entry: LedgerEntry) => entry.offering === offeringOf(requestOf(line));
  const confusable =
    elsewhere.some((entry) => !entry.labeled && isAlike(entry)) ||
    // A person's word about one line, right or wrong, is none about another one.
    executions.some(({ lines }) => lines.some(hasWord)) ||
    // Beside what is void, whoever it belongs to, nobody can tell whose the rest is.
    cloud.ledger().some((entry) => !entry.live && isAlike(entry));
  assert.ok(
    confusing || (CONTRACTS[scenario.contract].kind === "none" && confusable),
    `invariant 10: a person is asked without need: ${line.doubt?.reason}`,
  );
}

/** Invariants 2, 7 and 8: gapless versions, one event each, only table moves, a write-ahead before each purchase. */
async function checkTrail(
  { store, scenario, executions }: Outcome,
  execution: Execution,
  ledger: readonly LedgerEntry[],
): Promise<void> {
  const events = await store.events(execution.id);
  // A retry may find what an execution before it had bought.
  const lineage = executions.filter(({ lineageKey }) => lineageKey === execution.lineageKey);
  const trails = (await Promise.all(lineage.map(({ id }) => store.events(id)))).flat();
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
    if (line.state !== "committed" || hasWord(line)) continue;
    const landedAt = Math.min(
      ...ledger.filter((entry) => entry.token === tokenOf(execution, line.index)).map((entry) => entry.landedAt),
    );
    const aheads = trails.filter((event) => event.kind === "write_ahead" && event.lineIndex === line.index);
    const ahead = aheads.sort((a, b) => a.at - b.at)[0];
    const skewMs = CONTRACTS[scenario.contract].clockSkewMs;
    assert.ok(
      ahead !== undefined && ahead.at <= landedAt + skewMs,
      "invariant 2: a purchase without an earlier write-ahead",
    );
    const approved = trails.find(({ kind, executionId }) => kind === "approved" && executionId === ahead.executionId);
    assert.ok(
      approved !== undefined && approved.version < ahead.version,
      "invariant 2: a purchase without an approval",
    );
  }
}

/** A line that counts as labeled carries its token at the cloud. */
async function checkLabels({ scenario, inventoryOf }: Outcome, execution: Execution): Promise<void> {
  if (CONTRACTS[scenario.contract].kind !== "none") return;
  for (const line of execution.lines) {
    if (line.state !== "committed" || hasWord(line)) continue;
    assert.ok(!line.needsLabel, "faults are over and a commitment is not labeled");
    if (line.commitment?.over !== undefined) continue;
    const labeled = (await inventoryOf(requestOf(line))).filter(
      (item) => item.token === tokenOf(execution, line.index),
    );
    assert.deepEqual(
      labeled.map((item) => item.commitmentId).sort(),
      [...(line.commitment?.commitmentIds ?? [])].sort(),
      "the cloud's labels are not those of the books",
    );
  }
}

/** Nothing is lost: each purchase on the ledger belongs to a line that is committed or visibly in doubt. */
function checkEveryPurchaseIsKnown(outcome: Outcome, ledger: readonly LedgerEntry[]): void {
  const theirs = new Set(outcome.elsewhere.map((entry) => entry.commitmentId));
  for (const entry of ledger) {
    if (theirs.has(entry.commitmentId) || !entry.live) continue;
    assert.ok(
      linesOf(outcome, entry.token).some(
        (line) => line.state === "committed" || line.state === "in_doubt" || hasWord(line),
      ),
      `a purchase is lost: ${entry.commitmentId}`,
    );
  }
}

/** Evidence that the cloud confirmed gets into the books wherever the store works, and never twice. */
function checkAlarms({ alarms, mistakes }: Outcome): void {
  if (mistakes.size > 0) return;
  assert.deepEqual(alarms.map(messageOf), [], "a worker raised an alarm about money although its store worked");
}
