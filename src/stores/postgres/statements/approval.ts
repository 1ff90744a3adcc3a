/** The parameters of a change that say who approves, and from when the approval counts. */
interface ApprovalParameters {
  readonly by: string;
  readonly from: string;
}

/**
 * SQL that sets who approved execution `e`, and from when the approval counts: the stated time, or the time of the
 * change.
 */
export const approval = ({ by, from }: ApprovalParameters): string => `approved_by = coalesce(${by}, e.approved_by),
              approval_from = case when ${by}::text is null then e.approval_from
                else coalesce(${from}::text::timestamptz, greatest(e.updated_at, clock.now)) end`;
