import type { AuditEventKind, NewAuditEvent } from "../../domain/audit-event.js";
import { BuyonceError, isBuyonceError } from "../../domain/errors.js";
import type { Commitment } from "../../domain/evidence.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { lineAt } from "../../domain/line-at.js";
import { isUnsettled } from "../../domain/line-state.js";
import { deriveIdempotencyToken } from "../../idempotency/derive-idempotency-token.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import { settle } from "../../state-machine/settle.js";
import { canTransition } from "../../state-machine/transitions.js";
import { changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { reasonOf } from "../reason-of.js";
import type { CommitmentEvidence } from "./commitment-evidence.js";
import { committed, inDoubt } from "./line-decision.js";
import { linesWith } from "./lines-with.js";
import { releaseClaims } from "./release-claims.js";

/**
 * Records that a commitment exists for a line, even if the worker that brings the evidence no longer holds the lease.
 *
 * A commitment absorbs every other state, a person's word included, so no fence is needed. The status is derived again
 * if the transition table allows late evidence. If the line has another commitment by the cloud's word,
 * `DUPLICATE_COMMITMENT` is thrown and the trail keeps both. A change whose answer is lost is sent to the store again.
 */
export async function recordEvidence(context: EngineContext, evidence: CommitmentEvidence): Promise<Execution> {
  const written = await absorb(context, evidence);
  if (written.kind !== "refused") return written.execution;
  const owner = { executionId: evidence.executionId, line: lineAt(written.execution, evidence.lineIndex) };
  if (written.because === "commitment" && (await releaseClaims(context, owner, evidence.commitment.commitmentIds))) {
    const again = await absorb(context, evidence);
    if (again.kind !== "refused") return again.execution;
  }
  return await reportRival(context, evidence, written.because);
}

/**
 * Records the commitment for the line, unless the line has this commitment already, or another one by the cloud's word.
 */
async function absorb(context: EngineContext, evidence: CommitmentEvidence) {
  let rival: readonly string[] | undefined;
  const result = await changeAtVersion(context.store, evidence.executionId, (execution) => {
    const line = lineAt(execution, evidence.lineIndex);
    rival = undefined;
    if (isKnown(evidence.commitment, line))
      return evidence.failure === undefined ? undefined : reported(context, line, evidence);
    if (line.commitment !== null && line.commitment.resolvedBy === undefined) {
      rival = line.commitment.commitmentIds;
      return undefined;
    }
    return absorbing(context, execution, evidence);
  });
  return rival === undefined
    ? result
    : ({ kind: "refused", because: "commitment of its own", execution: result.execution } as const);
}

const isKnown = ({ commitmentIds }: Commitment, { commitment }: PurchaseLine): boolean =>
  commitment !== null &&
  commitmentIds.every((id) => [...commitment.commitmentIds, ...(commitment.formerIds ?? [])].includes(id));

/**
 * The change for a commitment that the line already has, because it was found meanwhile. The trail still keeps that it
 * could not be recorded at once.
 */
function reported(
  context: EngineContext,
  line: PurchaseLine,
  { commitment, failure }: CommitmentEvidence,
): DecidedChange {
  const data = {
    commitmentIds: commitment.commitmentIds,
    ...(commitment.charge && { charge: commitment.charge }),
    failure,
  };
  return { event: { kind: "persistence_failed", actor: context.worker, lineIndex: line.index, data } };
}

function absorbing(
  context: EngineContext,
  execution: Execution,
  { lineIndex, commitment, needsLabel, failure }: CommitmentEvidence,
): DecidedChange {
  const line = lineAt(execution, lineIndex);
  const { progress, event } = committed(line, commitment, needsLabel);
  const lines = linesWith(execution.lines, [{ index: lineIndex, progress }]);
  const status = statusAfterEvidence(execution.status, lines);
  const kind = failure === undefined ? "late_evidence" : "persistence_failed";
  const before = line.commitment && { before: line.commitment };
  const data = { ...event.data, ...before, ...(failure !== undefined && { failure }) };
  return {
    ...(status === execution.status ? {} : { status }),
    ...(execution.status === "running" ? {} : { reason: `A commitment was found after the fact. ${reasonOf(lines)}` }),
    ...(execution.status === "in_doubt" ? { wakeAt: null } : {}),
    lines: [{ index: lineIndex, progress }],
    event: eventOf(context, execution, lineIndex, { kind, data }),
  };
}

// The ids stay whole in the line. In the trail, a name that derives from the token is masked, as everywhere.
const eventOf = (
  context: EngineContext,
  { lineageKey }: Execution,
  lineIndex: number,
  event: { readonly kind: AuditEventKind; readonly data: Readonly<Record<string, unknown>> },
): NewAuditEvent => ({
  ...scrubToken(event, deriveIdempotencyToken(lineageKey, lineIndex)),
  actor: context.worker,
  lineIndex,
});

/**
 * The status after late evidence. It is derived from the lines if nothing is left to buy and the transition table has
 * the move; otherwise it stays.
 */
export function statusAfterEvidence(status: ExecutionStatus, lines: Execution["lines"]): ExecutionStatus {
  if (status === "in_doubt" && lines.some((line) => line.state === "planned")) return status;
  if (status !== "in_doubt" && status !== "failed" && status !== "partially_completed") return status;
  const proved = settle(lines);
  return canTransition(status, proved) ? proved : status;
}

type Rival = "commitment of its own" | "commitment" | "lane" | "lineage" | "time";

/**
 * Records in the trail a commitment that the line cannot take, because the line has another one or another line holds
 * this one.
 *
 * If the line is planned or in doubt, it then waits for a person. Otherwise it would be found absent and bought again.
 */
async function reportRival(
  context: EngineContext,
  { executionId, lineIndex, commitment }: CommitmentEvidence,
  because: Rival,
): Promise<never> {
  const { commitmentIds } = commitment;
  const { execution } = await changeAtVersion(context.store, executionId, (current) => {
    const line = lineAt(current, lineIndex);
    const event = eventOf(context, current, lineIndex, { kind: "duplicate_found", data: { commitmentIds } });
    const open = line.state === "planned" || isUnsettled(line.state);
    if (!open || because === "lineage") return { event };
    const reason = `bought as ${commitmentIds.join(", ")}, which is recorded for another line`;
    const { progress } = inDoubt(line, { reason, candidates: commitmentIds, needsPerson: true, noResend: true });
    const lines = [{ index: lineIndex, progress }];
    return { reason: reasonOf(linesWith(current.lines, lines)), lines, event };
  });
  const recorded = lineAt(execution, lineIndex).commitment?.commitmentIds ?? [];
  const known = recorded.join(", ") || `a rival (${because})`;
  throw new BuyonceError(
    "DUPLICATE_COMMITMENT",
    `Line ${lineIndex} of ${executionId} has ${known}, and ${commitmentIds.join(", ")} was found for it as well.`,
    { details: { executionId, lineIndex, recorded, found: commitmentIds }, current: execution },
  );
}

/**
 * Records the purchases that this process could not record when they were confirmed. A purchase that fails again is
 * kept for the next time.
 */
export async function recordUnrecorded(context: EngineContext): Promise<void> {
  for (const evidence of context.unrecorded.splice(0))
    await recordEvidence(context, evidence).catch((thrown: unknown) => {
      if (!isBuyonceError(thrown, "DUPLICATE_COMMITMENT")) context.unrecorded.push(evidence);
    });
}
