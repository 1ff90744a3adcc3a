import { LONGEST_SPAN_MS } from "../../domain/bounds.js";
import type { EpochMs } from "../../domain/clock.js";
import { BuyonceError, isBuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { checkKeys } from "../../domain/options.js";
import type { ActorOrId } from "../../guards/actor.js";
import { linkFacts } from "../../guards/decision-link.js";
import type { StatusTransition } from "../../state-machine/check-move.js";
import { changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { approvalEnds, approverRefusal } from "../line/may-send.js";
import { readMakers } from "../read-makers.js";
import { approvedContent, checkExpected, type ExpectedContent } from "./approved-content.js";
import { authorizedActor } from "./authorized-actor.js";
import { moveWithinLimits } from "./limits.js";
import type { LinkDecision } from "./link-decision.js";
import { readableRefusal } from "./readable-refusal.js";
import { requireActor } from "./require-actor.js";

/** Statuses of an execution that nobody has approved, scheduled or paused yet. */
export const AWAITING_APPROVAL: readonly ExecutionStatus[] = ["pending", "notified"];

/** Who approves, and what the approver saw. */
export interface Approval extends ExpectedContent {
  readonly approvedBy: ActorOrId;
  readonly reason?: string;
}

/** Statuses in which an approval that has run out can be given again. */
const BEING_BOUGHT: readonly ExecutionStatus[] = ["approved", "running", "in_doubt"];

/**
 * Lets an execution be bought: `pending`, `notified` or `scheduled` to `approved`.
 *
 * An approval has a lifetime (`approvalLifetimeMs`). If it runs out while lines are still to be bought, or if its
 * approver may no longer approve, the same call gives it again. The execution then keeps its status. The event records
 * the fingerprint, the total and the prices of what is approved.
 */
export async function approveExecution(
  context: EngineContext,
  executionId: string,
  approval: Approval,
): Promise<Execution> {
  checkKeys<Approval>("approval", approval, { approvedBy: true, reason: true, expectFingerprint: true });
  checkExpected(approval);
  const { reason } = approval;
  const deciding = { verb: "approve", field: "approvedBy", actor: approval.approvedBy, executionId } as const;
  const approvedBy = await authorizedActor(context, deciding);
  const content = await approvedContent(context, executionId, approval);
  const move = approvalMove({ executionId, from: [...AWAITING_APPROVAL, "scheduled"], approvedBy, reason });
  return moveWithinLimits(context, move, { data: content }).catch(async (thrown: unknown) => {
    if (!isBuyonceError(thrown, "EXECUTION_NOT_IN_EXPECTED_STATUS"))
      throw await readableRefusal(context, thrown, requireActor("approvedBy", approval.approvedBy));
    const told = { actor: approvedBy, ...(reason !== undefined && { reason }), data: content };
    const event = { kind: "approval_renewed", ...told } as const;
    const renewed = await renewApproval(context, executionId, { approvedBy, event });
    if (renewed.kind === "unchanged") throw thrown;
    if (renewed.kind === "refused") throw alreadyApproved(context, renewed.execution);
    return renewed.execution;
  });
}

/**
 * Approves what waits for approval by a decision link. It is the same decision as {@link approveExecution}, with the same
 * guards. A link never changes what somebody has decided: it neither renews an approval nor brings a scheduled one forward.
 */
export async function approveByLink(
  context: EngineContext,
  { token, actor, reason }: LinkDecision,
): Promise<Execution> {
  const { executionId, recipient: approvedBy, hash, verb, contentFingerprint } = token;
  const content = await approvedContent(context, executionId, { expectFingerprint: contentFingerprint });
  const move = approvalMove({ executionId, from: AWAITING_APPROVAL, approvedBy, reason });
  const told = { data: { ...content, ...linkFacts(hash) }, token: { kind: "use", hash, verb } } as const;
  return moveWithinLimits(context, move, told).catch(async (thrown: unknown) => {
    throw await readableRefusal(context, thrown, actor);
  });
}

const approvalMove = ({
  executionId,
  from,
  approvedBy,
  reason,
}: Pick<StatusTransition, "executionId" | "from"> & {
  readonly approvedBy: string;
  readonly reason: string | undefined;
}): StatusTransition => ({
  executionId,
  from,
  to: "approved",
  kind: "approved",
  unexpired: true,
  actor: approvedBy,
  approvedBy,
  wakeAt: null,
  ...(reason === undefined ? {} : { reason }),
});

/** Renews an approval that has run out by the store's clock, or whose approver may no longer approve. */
const renewApproval = (
  context: EngineContext,
  executionId: string,
  renewal: Required<Pick<DecidedChange, "approvedBy" | "event">>,
) =>
  changeAtVersion(context.store, executionId, async (execution) => {
    if (!BEING_BOUGHT.includes(execution.status)) return undefined;
    const makers = context.fourEyes ? await readMakers(context.store, execution) : undefined;
    const isRevoked = (await approverRefusal(context, execution, makers)) !== undefined;
    return {
      ...renewal,
      ...(isRevoked ? {} : { guard: { after: approvalEnds(execution, context.approvalLifetimeMs) } }),
      wakeAt: null,
    };
  });

function alreadyApproved(context: EngineContext, current: Execution): BuyonceError {
  const until = new Date(approvalEnds(current, context.approvalLifetimeMs)).toISOString();
  return new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}; ${current.approvedBy} has approved it, which counts until ${until}.`,
    { current },
  );
}

/** Who approves, and when the execution is to be bought. */
export interface Scheduling extends Approval {
  /** When tick moves the execution to `approved`, by the store's clock. */
  readonly runAt: EpochMs | Date;
}

/** Approves an execution for a later time. */
export async function scheduleExecution(
  context: EngineContext,
  executionId: string,
  scheduling: Scheduling,
): Promise<Execution> {
  const known = { approvedBy: true, reason: true, expectFingerprint: true, runAt: true } as const;
  checkKeys<Scheduling>("scheduling", scheduling, known);
  checkExpected(scheduling);
  const runAt = dueTime(context, scheduling.runAt);
  const deciding = { verb: "schedule", field: "approvedBy", actor: scheduling.approvedBy, executionId } as const;
  const approvedBy = await authorizedActor(context, deciding);
  const move: StatusTransition = {
    executionId,
    from: AWAITING_APPROVAL,
    to: "scheduled",
    kind: "scheduled",
    unexpired: true,
    actor: approvedBy,
    approvedBy,
    approvedFrom: runAt,
    wakeAt: runAt,
    ...(scheduling.reason === undefined ? {} : { reason: scheduling.reason }),
  };
  const content = await approvedContent(context, executionId, scheduling);
  return moveWithinLimits(context, move, { data: content }).catch(async (thrown: unknown) => {
    throw await readableRefusal(context, thrown, requireActor("approvedBy", scheduling.approvedBy));
  });
}

const A_DAY_MS = 86_400_000;

/**
 * The due time in epoch milliseconds. Anything else is a `TypeError`: a time in seconds, for example, would buy at
 * once.
 */
function dueTime(context: EngineContext, runAt: EpochMs | Date): EpochMs {
  const time = runAt instanceof Date ? runAt.getTime() : runAt;
  if (typeof time !== "number" || !Number.isFinite(time))
    throw new TypeError("runAt must be a Date or epoch milliseconds");
  if (time < context.clock.now() - A_DAY_MS)
    throw new TypeError(`runAt lies in the past: ${new Date(time).toISOString()}; approve buys at once`);
  if (time > context.clock.now() + LONGEST_SPAN_MS) throw new TypeError("runAt lies more than 100 years ahead");
  return time;
}
