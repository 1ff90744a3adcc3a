import type { Execution } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import type { ApprovalCount, ExecutionChange } from "../store-port/execution-store.js";
import { isKnownId } from "./actor.js";
import { personOf } from "./four-eyes.js";

/** Statuses in which approvals add up. In any other status an approval begins a new list. */
const COLLECTING: readonly ExecutionStatus[] = ["pending", "notified", "scheduled"];

/** Whether approvals of an execution add up until there are enough. */
export const isCollecting = ({ status }: Pick<Execution, "status">): boolean => COLLECTING.includes(status);

/** Each person of a list once, by the first of the ids. An id that names nobody is left out. */
export function differentPeople(ids: readonly string[]): readonly string[] {
  const persons = new Set<string>();
  return ids.filter((id) => isKnownId(id) && !persons.has(personOf(id)) && persons.add(personOf(id)));
}

/** Whether one of these ids names the same person. */
export const isAmong = (ids: readonly string[], id: string): boolean =>
  ids.some((other) => personOf(other) === personOf(id));

/** Everybody whose approval of an execution counts. Rows of older versions name the last approver alone. */
export const approversOf = ({
  approvers,
  approvedBy,
}: Pick<Execution, "approvers" | "approvedBy">): readonly string[] =>
  differentPeople(approvedBy === null ? approvers : [...approvers, approvedBy]);

/** Who has approved after a change. */
export function nextApprovers(
  { status, approvers }: Pick<Execution, "status" | "approvers">,
  { approvedBy, approvers: stated }: Pick<ExecutionChange, "approvedBy" | "approvers">,
): readonly string[] {
  if (stated !== undefined) return differentPeople(stated);
  if (approvedBy === undefined) return approvers;
  return differentPeople(isCollecting({ status }) ? [...approvers, approvedBy] : [approvedBy]);
}

/**
 * The count of approvals, if a change would approve with fewer than are needed. `undefined` if there are enough, or if
 * the change is no approval by a person.
 */
export function missingApprovals(
  execution: Pick<Execution, "status" | "approvers" | "approvalsNeeded">,
  change: ExecutionChange,
): ApprovalCount | undefined {
  if (change.status !== "approved" && change.status !== "scheduled") return undefined;
  if (!isCollecting(execution)) return undefined;
  if (execution.status === "scheduled" && change.approvedBy === undefined) return undefined;
  const needed = Math.max(execution.approvalsNeeded, change.approvalsNeeded ?? 1);
  const have = nextApprovers(execution, change).length;
  return needed > 1 && have < needed ? { have, needed } : undefined;
}
