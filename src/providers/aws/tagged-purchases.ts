import type { ProviderContext, Sighting } from "../commitment-provider.js";
import { answerOf } from "../state-table.js";

/** A purchase that carries a line's token as its tag. */
export interface TaggedPurchase {
  readonly id: string;
  readonly sighting: Sighting;
}

// No AWS id contains a space.
const SINCE_THE_WRITE_AHEAD = "since the write-ahead";

/**
 * The purchases that a lookup answers with, from those that carry a line's tag.
 *
 * The tag is the same in every execution of a lineage. So a `void` purchase is of an earlier execution if the snapshot
 * of the write-ahead has it. Without a snapshot, each void purchase stands for one execution.
 */
export function answerUnderTag<Purchase extends TaggedPurchase>(
  tagged: readonly Purchase[],
  { lineageAttempt, prepared }: Pick<ProviderContext, "lineageAttempt" | "prepared">,
): readonly Purchase[] {
  const snapshot = prepared?.snapshot;
  const nameOf = (id: string) => (snapshot === undefined || snapshot.includes(id) ? id : SINCE_THE_WRITE_AHEAD);
  const named = tagged.map((purchase) => ({ ...purchase, name: nameOf(purchase.id) }));
  return answerOf(named, { lineageAttempt, sentAs: SINCE_THE_WRITE_AHEAD });
}
