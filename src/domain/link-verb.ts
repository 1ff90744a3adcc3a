/** What a decision link can carry. */
export const LINK_VERBS = ["approve", "cancel"] as const;

/** One of {@link LINK_VERBS}. */
export type LinkVerb = (typeof LINK_VERBS)[number];
