import { LONGEST_SPAN_MS } from "../../domain/bounds.js";
import type { EpochMs } from "../../domain/clock.js";
import { isBuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { isDate } from "../../domain/is-date.js";
import { checkKeys } from "../../domain/options.js";
import type { ActorOrId } from "../../guards/actor.js";
import { approversOf, isAmong } from "../../guards/approvals.js";
import { linkFacts } from "../../guards/decision-link.js";
import type { StatusTransition } from "../../state-machine/check-move.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import type { EngineContext } from "../engine-options.js";
import { type AcceptedPrice, acceptPrices, checkAcceptedPrices } from "./accept-prices.js";
import { approvedContent, checkExpected, type ExpectedContent } from "./approved-content.js";
import { authorizedActor } from "./authorized-actor.js";
import { giveApproval } from "./give-approval.js";
import type { LinkDecision, LinkOutcome } from "./link-decision.js";
import { readableRefusal } from "./readable-refusal.js";
import { BEING_BOUGHT, renewApproval } from "./renew-approval.js";
import { requireActor } from "./require-actor.js";

/** Statuses of an execution that nobody has approved, scheduled or paused yet. */
export const AWAITING_APPROVAL: readonly ExecutionStatus[] = ["pending", "notified"];

/** Who approves, and what the approver saw. */
export interface Approval extends ExpectedContent {
  readonly approvedBy: ActorOrId;
  readonly reason?: string;
  /**
   * Prices that were found outside the tolerance of lines that wait for it (`onPriceDrift: "ask"`). Each must be exactly
   * the price that was found, else `PRICE_DIFFERS`.
   */
  readonly acceptPrices?: readonly AcceptedPrice[];
}

/**
 * Lets an execution be bought: `pending`, `notified` or `scheduled` to `approved`.
 *
 * If more people must approve (`approvals`), the approval is recorded, and the execution keeps its status. A second
 * approval by the same person changes nothing.
 *
 * An approval has a lifetime (`approvalLifetimeMs`). If it runs out while lines are still to be bought, or if its
 * approver may no longer approve, the same call gives it again. The execution then keeps its status. The event records
 * the fingerprint, the total and the prices of what is approved.
 *
 * A person who has approved the execution gets it as it is: a call that is made twice does no harm. If it was canceled,
 * paused or has expired since, the call is refused.
 */
export async function approveExecution(
  context: EngineContext,
  executionId: string,
  approval: Approval,
): Promise<Execution> {
  checkKeys<Approval>("approval", approval, {
    approvedBy: true,
    reason: true,
    expectFingerprint: true,
    acceptPrices: true,
  });
  checkExpected(approval);
  const { reason, acceptPrices: prices } = approval;
  if (prices !== undefined) checkAcceptedPrices(prices);
  const deciding = { verb: "approve", field: "approvedBy", actor: approval.approvedBy, executionId } as const;
  const approvedBy = await authorizedActor(context, deciding);
  const content = await approvedContent(context, executionId, approval);
  const move = approvalMove({ executionId, from: [...AWAITING_APPROVAL, "scheduled"], approvedBy, reason });
  if (prices !== undefined) return acceptPrices(context, { move, content, prices });
  try {
    return (await giveApproval(context, { move, content })).execution;
  } catch (thrown) {
    if (!isBuyonceError(thrown, "EXECUTION_NOT_IN_EXPECTED_STATUS"))
      throw await readableRefusal(context, thrown, requireActor("approvedBy", approval.approvedBy));
    return (await renewApproval(context, { move, content })) ?? approvedBefore(context, move, thrown);
  }
}

/** Statuses of an execution that was bought by an approval, as far as it was bought. */
const WAS_BOUGHT: readonly ExecutionStatus[] = ["completed", "partially_completed", "failed"];

/** An execution that has ended, if this person had approved it. */
async function approvedBefore(
  { store }: EngineContext,
  { executionId, approvedBy }: { readonly executionId: string; readonly approvedBy: string },
  refusal: unknown,
): Promise<Execution> {
  const current = await requireExecution(store, executionId);
  if (WAS_BOUGHT.includes(current.status) && isAmong(approversOf(current), approvedBy)) return current;
  throw refusal;
}

/**
 * Approves what waits for approval by a decision link. It is the same decision as {@link approveExecution}, with the same
 * guards. A link never changes what somebody has decided: it neither renews an approval nor brings a scheduled one forward.
 */
export async function approveByLink(
  context: EngineContext,
  { token, actor, reason }: LinkDecision,
): Promise<LinkOutcome<Execution>> {
  const { executionId, recipient: approvedBy, hash, verb, contentFingerprint } = token;
  const content = await approvedContent(context, executionId, { expectFingerprint: contentFingerprint });
  const move = approvalMove({ executionId, from: AWAITING_APPROVAL, approvedBy, reason });
  const told = { content: { ...content, ...linkFacts(hash) }, token: { kind: "use", hash, verb } } as const;
  const { execution, isNew } = await giveApproval(context, { move, ...told }).catch(async (thrown: unknown) => {
    throw await readableRefusal(context, thrown, actor);
  });
  return { kind: isNew ? "decided" : "already_decided", execution };
}

const approvalMove = ({
  executionId,
  from,
  approvedBy,
  reason,
}: Pick<StatusTransition, "executionId" | "from"> & {
  readonly approvedBy: string;
  readonly reason: string | undefined;
}) =>
  ({
    executionId,
    from,
    to: "approved",
    kind: "approved",
    unexpired: true,
    actor: approvedBy,
    approvedBy,
    wakeAt: null,
    ...(reason === undefined ? {} : { reason }),
  }) satisfies StatusTransition;

/** Who approves, and when the execution is to be bought. */
export interface Scheduling extends Omit<Approval, "acceptPrices"> {
  /** When tick moves the execution to `approved`, by the store's clock. */
  readonly runAt: EpochMs | Date;
}

/**
 * Approves an execution for a later time. If several people must approve, the time of the last one counts.
 *
 * A person who has approved it for this time gets it as it is, until it is canceled.
 */
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
  const move = {
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
  } satisfies StatusTransition;
  const content = await approvedContent(context, executionId, scheduling);
  try {
    return (await giveApproval(context, { move, content })).execution;
  } catch (thrown) {
    if (isBuyonceError(thrown, "EXECUTION_NOT_IN_EXPECTED_STATUS")) {
      const current = await requireExecution(context.store, executionId);
      if (isScheduledBy(current, move)) return current;
    }
    throw await readableRefusal(context, thrown, requireActor("approvedBy", scheduling.approvedBy));
  }
}

/** Whether an execution is, or was, to be bought at this time by this person's approval. */
const isScheduledBy = (
  execution: Execution,
  { approvedBy, wakeAt }: { readonly approvedBy: string; readonly wakeAt: EpochMs },
): boolean =>
  ["scheduled", ...BEING_BOUGHT, ...WAS_BOUGHT].includes(execution.status) &&
  execution.approvedAt === wakeAt &&
  isAmong(approversOf(execution), approvedBy);

const A_DAY_MS = 86_400_000;

/**
 * The due time in epoch milliseconds. Anything else is refused with `INVALID_REQUEST`: a time in seconds, for example,
 * would buy at once.
 */
function dueTime(context: EngineContext, runAt: EpochMs | Date): EpochMs {
  const time = isDate(runAt) ? runAt.getTime() : runAt;
  if (typeof time !== "number" || !Number.isFinite(time))
    throw invalidArgument("runAt", "must be a Date or epoch milliseconds");
  if (time < context.clock.now() - A_DAY_MS)
    throw invalidArgument("runAt", `lies in the past: ${new Date(time).toISOString()}; approve buys at once`);
  if (time > context.clock.now() + LONGEST_SPAN_MS) throw invalidArgument("runAt", "lies more than 100 years ahead");
  return time;
}
