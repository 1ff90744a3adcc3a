import { differentPeople } from "../../../guards/approvals.js";
import { personOf } from "../../../guards/four-eyes.js";
import type { ExecutionChange } from "../../../store-port/execution-store.js";
import { jsonText } from "./json-text.js";

/** The parameters of a change that say who approves, from when the approval counts, and who has approved. */
interface ApprovalParameters {
  readonly by: string;
  readonly from: string;
  readonly approvers: string;
}

/**
 * SQL that sets who approved execution `e`, and from when the approval counts: the stated time, or the time of the
 * change. `approvers` is set too, see {@link approversAfter}.
 */
export const approval = ({
  by,
  from,
  approvers,
}: ApprovalParameters): string => `approved_by = coalesce(${by}, e.approved_by),
              approval_from = case when ${by}::text is null then e.approval_from
                else coalesce(${from}::text::timestamptz, greatest(e.updated_at, clock.now)) end,
              approvers = ${approversAfter(approvers)}`;

/**
 * SQL for those who have approved execution `e` after a change: `[{ id, person }]`, each person once. What makes two ids
 * one person is found by {@link personOf} alone, because the rules of a server depend on its locale.
 */
export const approversAfter = (approvers: string): string => `case
                when ${approvers}::text::jsonb -> 'list' is not null then ${approvers}::text::jsonb -> 'list'
                when ${approvers}::text::jsonb -> 'by' is null then e.approvers
                when e.status not in ${COLLECTING} then ${approvers}::text::jsonb -> 'by'
                when e.approvers @> (${approvers}::text::jsonb -> 'persons') then e.approvers
                else e.approvers || (${approvers}::text::jsonb -> 'by') end`;

/** SQL for the statuses in which approvals add up. */
const COLLECTING = "('pending', 'notified', 'scheduled')";

/** The parameter of {@link approversAfter}. */
export function approversParameter({ approvedBy, approvers }: ExecutionChange): string | null {
  if (approvers !== undefined) return jsonText({ list: encodeApprovers(approvers) });
  if (approvedBy === undefined) return null;
  const by = encodeApprovers([approvedBy]);
  return jsonText({ by, persons: by.map(({ person }) => ({ person })) });
}

const encodeApprovers = (ids: readonly string[]) => differentPeople(ids).map((id) => ({ id, person: personOf(id) }));
