/** Every state a line can have. */
export const LINE_STATES = [
  /** To be bought; nothing of this line can exist at the cloud. */
  "planned",
  /** The write-ahead is stored: a request may be on its way, or was never sent. Only the cloud knows. */
  "submitting",
  /** A request was sent and its outcome is unknown. */
  "in_doubt",
  /** The commitment exists; its id is recorded. Absorbs everything else. */
  "committed",
  /** Certainly not bought, with the refusal as evidence. */
  "rejected",
  /** Not bought and not wanted any more: a person canceled it, or an earlier execution of its lineage bought it. */
  "skipped",
] as const;

/** One of {@link LINE_STATES}. */
export type LineState = (typeof LINE_STATES)[number];

/** States in which a commitment may exist without our knowing it. */
export const isUnsettled = (state: LineState): boolean => state === "submitting" || state === "in_doubt";
