import { BuyonceError } from "../../domain/errors.js";
import type { WithdrawnBy } from "../../domain/evidence.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import { checkKeys } from "../../domain/options.js";
import type { ActorOrId } from "../../guards/actor.js";
import { linkFacts } from "../../guards/decision-link.js";
import { decisionTokenInvalid } from "../../state-machine/decision-token-invalid.js";
import { settle } from "../../state-machine/settle.js";
import { canTransition, isTerminal } from "../../state-machine/transitions.js";
import { changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { tally } from "../reason-of.js";
import { authorizedActor } from "./authorized-actor.js";
import { decidedAlready, type LinkDecision, type LinkOutcome, UNDECIDED } from "./link-decision.js";

/** Who cancels. */
export interface Cancellation {
  readonly canceledBy: ActorOrId;
  readonly reason?: string;
}

/**
 * Withdraws the lines of an execution that are not bought. It works in every status that has not ended, even while a
 * worker holds the execution.
 *
 * Planned lines are skipped in the same statement, so the worker's next write-ahead loses. A line that is submitting or
 * in doubt is marked: nothing of it is sent again. Once it is proved that its request did not land, the line is skipped
 * as well. A bought line stays bought. An execution that has ended is refused with `EXECUTION_NOT_IN_EXPECTED_STATUS`,
 * unless it was canceled, or this person withdrew the rest of it: a call that is made twice does no harm.
 */
export async function cancelExecution(
  context: EngineContext,
  executionId: string,
  cancellation: Cancellation,
): Promise<Execution> {
  checkKeys<Cancellation>("cancellation", cancellation, { canceledBy: true, reason: true });
  const { canceledBy, reason } = cancellation;
  const actor = await authorizedActor(context, { verb: "cancel", field: "canceledBy", actor: canceledBy, executionId });
  const by: WithdrawnBy = { by: actor, ...(reason !== undefined && { reason }) };
  return (await changeAtVersion(context.store, executionId, (execution) => canceling(execution, by))).execution;
}

/** Cancels by a decision link what waits for approval. It is the same decision as {@link cancelExecution}. */
export async function cancelByLink(
  context: EngineContext,
  { token, reason }: LinkDecision,
): Promise<LinkOutcome<Execution>> {
  const { executionId, recipient, hash, verb } = token;
  const by: WithdrawnBy = { by: recipient, ...(reason !== undefined && { reason }) };
  const result = await changeAtVersion(context.store, executionId, (execution) => {
    if (!UNDECIDED.includes(execution.status)) throw decidedAlready(execution);
    const change = canceling(execution, by);
    return (
      change && { ...change, event: { ...change.event, data: linkFacts(hash) }, token: { kind: "use", hash, verb } }
    );
  });
  // A refusal at an unchanged version means that the token has just run out.
  if (result.kind !== "moved") throw decisionTokenInvalid();
  return { kind: "decided", execution: result.execution };
}

function canceling(execution: Execution, by: WithdrawnBy): DecidedChange | undefined {
  if (isTerminal(execution.status)) {
    if (isCanceled(execution, by)) return undefined;
    throw notCancelable(execution);
  }
  const lines = execution.lines.map((line) => canceled(line, by));
  const changes = lines.filter((line, at) => line !== execution.lines[at]);
  const end = endAfterCancel(execution.status, lines, by);
  if (changes.length === 0 && end === undefined) return undefined;
  return {
    ...end,
    ...(changes.length > 0 && { lines: changes.map((line) => ({ index: line.index, progress: line })) }),
    event: { kind: "canceled", actor: by.by, ...(by.reason !== undefined && { reason: by.reason }) },
  };
}

/** Whether an execution is canceled, or ended as this person's cancel made it end. */
const isCanceled = ({ status, lines }: Execution, { by }: WithdrawnBy): boolean =>
  status === "canceled" || lines.some(({ withdrawn }) => withdrawn?.by === by);

function canceled(line: PurchaseLine, withdrawn: WithdrawnBy): PurchaseLine {
  if (line.state === "planned") return { ...line, state: "skipped", withdrawn, doubt: null, lastError: null };
  return isUnsettled(line.state) && line.withdrawn === null ? { ...line, withdrawn } : line;
}

/**
 * Ends the execution if none of its lines is in doubt. Otherwise the change that ends the last doubt ends the
 * execution.
 */
function endAfterCancel(
  status: ExecutionStatus,
  lines: readonly PurchaseLine[],
  { reason = tally(lines) }: WithdrawnBy,
): Pick<DecidedChange, "status" | "reason" | "wakeAt" | "lease"> | undefined {
  const proved = settle(lines);
  if (proved === "in_doubt" || !canTransition(status, proved)) return undefined;
  return { status: proved, reason, wakeAt: null, lease: { kind: "release" } };
}

function notCancelable(current: Execution): BuyonceError {
  return new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}: it has ended, and nothing of it can be canceled.`,
    { current },
  );
}
