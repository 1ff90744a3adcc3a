import { BuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { approversOf, isAmong } from "../../guards/approvals.js";
import { type ChangeResult, changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { approvalEnds, judgedPeople, neededApprovals } from "../line/may-send.js";
import { readMakers } from "../read-makers.js";
import type { GivenApproval } from "./give-approval.js";
import { triedAgain } from "./tried-again.js";

/** Statuses in which an approval that has run out can be given again. */
export const BEING_BOUGHT: readonly ExecutionStatus[] = ["approved", "running", "in_doubt"];

/**
 * Renews an approval that has run out by the store's clock, or that too few people give who may still approve.
 *
 * An approval that has run out needs all of its people anew. Otherwise a person is added to those who may still approve.
 * `undefined` if the execution is in a status without an approval.
 */
export const renewApproval = (context: EngineContext, given: GivenApproval): Promise<Execution | undefined> =>
  triedAgain(`Who may approve ${given.move.executionId}`, () => renewOnce(context, given));

/** "again" if the rights of those who have approved have changed meanwhile. */
async function renewOnce(
  context: EngineContext,
  { move, content }: GivenApproval,
): Promise<Execution | "again" | undefined> {
  const { executionId, approvedBy, reason } = move;
  const said = { actor: approvedBy, ...(reason !== undefined && { reason }) };
  const renew = (which: (seen: Execution) => Promise<Renewal | undefined>): Promise<ChangeResult> =>
    changeAtVersion(context.store, executionId, async (seen) => {
      const renewal = BEING_BOUGHT.includes(seen.status) ? await which(seen) : undefined;
      if (renewal === undefined) return undefined;
      const { length: have } = renewal.approvers;
      const needed = neededApprovals(context, seen);
      const kind = have < needed ? "approval_given" : "approval_renewed";
      const data = needed > 1 ? { ...content, have, needed } : content;
      return { ...renewal, approvedBy, wakeAt: null, event: { ...said, kind, data } };
    });
  const added = await renew((seen) => addedApproval(context, seen, approvedBy));
  if (added.kind === "moved") return added.execution;
  const anew = await renew(async (seen) => ({
    approvers: [approvedBy],
    guard: { after: approvalEnds(seen, context.approvalLifetimeMs) },
  }));
  if (anew.kind === "moved") return anew.execution;
  if (anew.kind === "unchanged") return undefined;
  // The same person once more changes nothing.
  if (isAmong(approversOf(anew.execution), approvedBy)) return anew.execution;
  const may = await mayStillApprove(context, anew.execution);
  if (may.length < neededApprovals(context, anew.execution)) return "again";
  throw alreadyApproved(context, anew.execution);
}

/**
 * The part of a change that adds a person to those who may still approve. `undefined` if there are enough of them, or if
 * the person is one of them. The store refuses it if the approval has run out.
 */
export async function addedApproval(
  context: EngineContext,
  seen: Execution,
  approvedBy: string,
): Promise<Renewal | undefined> {
  const may = await mayStillApprove(context, seen);
  if (may.length >= neededApprovals(context, seen) || isAmong(may, approvedBy)) return undefined;
  const before = approvalEnds(seen, context.approvalLifetimeMs) + 1;
  return { approvedBy, approvers: [...may, approvedBy], guard: { before } };
}

type Renewal = Pick<DecidedChange, "guard" | "approvedBy"> & { readonly approvers: readonly string[] };

const mayStillApprove = async (context: EngineContext, execution: Execution): Promise<readonly string[]> => {
  const makers = context.fourEyes ? await readMakers(context.store, execution) : undefined;
  return (await judgedPeople(context, execution, { makers, people: approversOf(execution) })).may;
};

function alreadyApproved(context: EngineContext, current: Execution): BuyonceError {
  const until = new Date(approvalEnds(current, context.approvalLifetimeMs)).toISOString();
  return new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}; ${current.approvers.join(", ") || current.approvedBy} has approved it, which counts until ${until}.`,
    { current },
  );
}
