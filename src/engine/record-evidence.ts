import { BuyonceError } from "../domain/errors.js";
import type { Commitment } from "../domain/evidence.js";
import type { Execution } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import { settle } from "../state-machine/settle.js";
import { found } from "../state-machine/transition-execution-status.js";
import { canTransition } from "../state-machine/transitions.js";
import type { CommitResult } from "../store-port/execution-store.js";
import { committed } from "./decide-outcome.js";
import type { EngineContext } from "./engine-options.js";
import { lineAt } from "./execution-session.js";

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
 * late evidence. `DUPLICATE_COMMITMENT` where the line has another commitment already: the trail keeps both.
 */
export async function recordEvidence(context: EngineContext, evidence: CommitmentEvidence): Promise<Execution> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const execution = await found(context.store, evidence.executionId);
    const known = lineAt(execution, evidence.lineIndex).commitment;
    if (known !== null && isCovered(evidence.commitment, known)) return execution;
    const result =
      known === null ? await absorb(context, execution, evidence) : await keepDuplicate(context, execution, evidence);
    if (result.kind === "moved" && known === null) return result.execution;
    if (result.kind === "moved") throw duplicate(execution, evidence, known?.commitmentIds ?? []);
    if (result.because !== "guard") return await conflicting(context, execution, evidence, result.because);
  }
  throw new BuyonceError(
    "CONCURRENT_CHANGE",
    `Execution ${evidence.executionId} changed under each try to record evidence.`,
  );
}

const isCovered = (news: Commitment, known: Commitment): boolean =>
  news.commitmentIds.every((id) => known.commitmentIds.includes(id));

function absorb(context: EngineContext, execution: Execution, evidence: CommitmentEvidence): Promise<CommitResult> {
  const line = lineAt(execution, evidence.lineIndex);
  const { progress, event } = committed(line, evidence.commitment, evidence.needsLabel);
  const lines = execution.lines.map((one) => (one.index === line.index ? { ...one, ...progress } : one));
  const status = statusAfterEvidence(execution.status, lines);
  return context.store.commit({
    executionId: execution.id,
    guard: { version: execution.version },
    ...(status === execution.status ? {} : { status, reason: "A commitment was found after the fact." }),
    ...(execution.status === "in_doubt" ? { wakeAt: null } : {}),
    lines: [{ index: line.index, progress }],
    event: { ...event, kind: "late_evidence", actor: context.worker, lineIndex: line.index },
  });
}

/** The status that late evidence leaves: settled anew where nothing is left to buy and the table knows the move. */
export function statusAfterEvidence(status: ExecutionStatus, lines: Execution["lines"]): ExecutionStatus {
  if (status === "in_doubt" && lines.some((line) => line.state === "planned")) return status;
  if (status !== "in_doubt" && status !== "failed" && status !== "partially_completed") return status;
  const proved = settle(lines);
  return canTransition(status, proved) ? proved : status;
}

/** Writes news of a second commitment into the trail; the line keeps its first. */
const keepDuplicate = (
  context: EngineContext,
  execution: Execution,
  evidence: CommitmentEvidence,
): Promise<CommitResult> =>
  context.store.commit({
    executionId: execution.id,
    guard: { version: execution.version },
    event: {
      kind: "duplicate_found",
      actor: context.worker,
      lineIndex: evidence.lineIndex,
      data: { commitmentIds: evidence.commitment.commitmentIds },
    },
  });

/** Another line holds this commitment or this lineage's place: nothing can be recorded here but the news itself. */
async function conflicting(
  context: EngineContext,
  execution: Execution,
  evidence: CommitmentEvidence,
  because: string,
): Promise<never> {
  await keepDuplicate(context, execution, evidence);
  throw duplicate(execution, evidence, [], because);
}

function duplicate(
  execution: Execution,
  evidence: CommitmentEvidence,
  known: readonly string[],
  because = "commitment",
): BuyonceError {
  const { executionId, lineIndex, commitment } = evidence;
  return new BuyonceError(
    "DUPLICATE_COMMITMENT",
    `Line ${lineIndex} of ${executionId} has ${known.join(", ") || `a rival (${because})`}, and ${commitment.commitmentIds.join(", ")} turned up as well.`,
    { details: { executionId, lineIndex, recorded: known, found: commitment.commitmentIds }, current: execution },
  );
}
