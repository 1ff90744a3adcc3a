/** Every state a line can have. */
export const LINE_STATES = [
  /** The line is still to be bought. None of its requests can have bought anything. */
  "planned",
  /** The write-ahead is stored. Its request may be on its way, or was never sent. Only the cloud knows. */
  "submitting",
  /** A request was sent and its outcome is unknown. */
  "in_doubt",
  /** The commitment exists, and its id is recorded. This state absorbs every other. */
  "committed",
  /** The line is certainly not bought. The refusal is recorded as evidence. */
  "rejected",
  /**
   * The line is not bought here and no longer wanted: a person canceled it, or an earlier execution of its lineage
   * bought it.
   */
  "skipped",
] as const;

/** One of {@link LINE_STATES}. */
export type LineState = (typeof LINE_STATES)[number];

/** Whether a commitment may exist that is not recorded yet. */
export const isUnsettled = (state: LineState): boolean => state === "submitting" || state === "in_doubt";
