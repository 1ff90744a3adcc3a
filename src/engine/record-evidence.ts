import type { NewAuditEvent } from "../domain/audit-event.js";
import { BuyonceError } from "../domain/errors.js";
import type { Commitment } from "../domain/evidence.js";
import type { Execution, PurchaseLine } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import { isUnsettled } from "../domain/line-state.js";
import { deriveIdempotencyToken } from "../idempotency/derive-idempotency-token.js";
import { scrubToken } from "../idempotency/scrub-token.js";
import { settle } from "../state-machine/settle.js";
import { found } from "../state-machine/transition-execution-status.js";
import { canTransition } from "../state-machine/transitions.js";
import type { ExecutionChange } from "../store-port/execution-store.js";
import { commitVersion } from "./commit-version.js";
import { committed, inDoubt } from "./decide-outcome.js";
import type { EngineContext } from "./engine-options.js";
import { lineAt } from "./execution-session.js";
import { steadyRead } from "./steady-read.js";

const MAX_TRIES = 8;

/** Evidence of a commitment, by whoever brings it. */
export interface CommitmentEvidence {
  readonly executionId: string;
  readonly lineIndex: number;
  readonly commitment: Commitment;
  readonly needsLabel: boolean;
}

/**
 * Records that a commitment exists for a line although the bringer no longer holds the lease.
 *
 * A commitment absorbs every other state, so no fence is needed; the status is derived again where the table allows
 * late evidence. `DUPLICATE_COMMITMENT` where the line has another commitment already: the trail keeps both. Answers of
 * the store that are lost are asked for again.
 */
export async function recordEvidence(context: EngineContext, evidence: CommitmentEvidence): Promise<Execution> {
  let execution = await steadyRead(() => found(context.store, evidence.executionId));
  let rival: string | undefined;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const line = lineAt(execution, evidence.lineIndex);
    if (line.commitment !== null && isCovered(evidence.commitment, line.commitment)) return execution;
    const absorbs = line.commitment === null && rival === undefined;
    const change = absorbs ? absorbing(execution, line, evidence) : reporting(line, evidence, rival);
    // The ids stay whole in the line; in the trail a name that derives from the token is masked, as everywhere.
    const event = scrubToken(change.event, deriveIdempotencyToken(execution.lineageKey, line.index));
    const result = await commitVersion(context.store, {
      executionId: execution.id,
      guard: { version: execution.version },
      ...change,
      event: { ...event, actor: context.worker, lineIndex: line.index },
    });
    if (result.kind === "moved" && absorbs) return result.execution;
    if (result.kind === "moved") throw duplicate(execution, evidence, line.commitment?.commitmentIds, rival);
    if (result.because === "guard") execution = result.execution;
    else rival = result.because;
  }
  const tried = `Execution ${evidence.executionId} changed under each try to record evidence.`;
  throw new BuyonceError("CONCURRENT_CHANGE", tried);
}

const isCovered = (news: Commitment, known: Commitment): boolean =>
  news.commitmentIds.every((id) => known.commitmentIds.includes(id) || known.formerIds?.includes(id));

type EvidenceChange = Pick<ExecutionChange, "status" | "reason" | "wakeAt" | "lines"> & {
  readonly event: Omit<NewAuditEvent, "actor">;
};

function absorbing(execution: Execution, line: PurchaseLine, evidence: CommitmentEvidence): EvidenceChange {
  const { progress, event } = committed(line, evidence.commitment, evidence.needsLabel);
  const lines = execution.lines.map((one) => (one.index === line.index ? { ...one, ...progress } : one));
  const status = statusAfterEvidence(execution.status, lines);
  return {
    ...(status === execution.status ? {} : { status, reason: "A commitment was found after the fact." }),
    ...(execution.status === "in_doubt" ? { wakeAt: null } : {}),
    lines: [{ index: line.index, progress }],
    event: { ...event, kind: "late_evidence" },
  };
}

/** The status that late evidence leaves: settled anew where nothing is left to buy and the table knows the move. */
function statusAfterEvidence(status: ExecutionStatus, lines: Execution["lines"]): ExecutionStatus {
  if (status === "in_doubt" && lines.some((line) => line.state === "planned")) return status;
  if (status !== "in_doubt" && status !== "failed" && status !== "partially_completed") return status;
  const proved = settle(lines);
  return canTransition(status, proved) ? proved : status;
}

/**
 * News of a commitment that the line cannot take: it has another one, or another line holds this one.
 *
 * A line that is not settled then waits for a person, or it would be found absent and bought again.
 */
function reporting(line: PurchaseLine, { commitment }: CommitmentEvidence, rival: string | undefined): EvidenceChange {
  const event = { kind: "duplicate_found", data: { commitmentIds: commitment.commitmentIds } } as const;
  const open = line.state === "planned" || isUnsettled(line.state);
  if (!open || rival === "lineage") return { event };
  const reason = `bought as ${commitment.commitmentIds.join(", ")}, which is recorded for another line`;
  const doubt = { reason, candidates: commitment.commitmentIds, needsPerson: true, noResend: true } as const;
  return { lines: [{ index: line.index, progress: inDoubt(line, doubt).progress }], event };
}

function duplicate(
  execution: Execution,
  { executionId, lineIndex, commitment }: CommitmentEvidence,
  recorded: readonly string[] = [],
  rival = "commitment",
): BuyonceError {
  const known = recorded.join(", ") || `a rival (${rival})`;
  return new BuyonceError(
    "DUPLICATE_COMMITMENT",
    `Line ${lineIndex} of ${executionId} has ${known}, and ${commitment.commitmentIds.join(", ")} turned up as well.`,
    { details: { executionId, lineIndex, recorded, found: commitment.commitmentIds }, current: execution },
  );
}
