import type { EpochMs } from "../domain/clock.js";
import type { InventoryItem } from "../providers/commitment-provider.js";

/** What is known about a request that a cloud without dedupe may have carried out. */
export interface LaneQuestion {
  readonly quantity: number;
  /** Ids that existed before the purchase. */
  readonly snapshot: readonly string[];
  /** Ids recorded for other lines. */
  readonly claimed: ReadonlySet<string>;
  /** A commitment that started before this is not this line's: the write-ahead's time less the clocks' skew. */
  readonly notBefore: EpochMs;
  readonly token: string;
}

/** `none` proves that the request never landed; `ambiguous` is for a person. */
export type LaneAnswer =
  | { readonly kind: "none" }
  | { readonly kind: "match"; readonly items: readonly InventoryItem[] }
  | { readonly kind: "ambiguous"; readonly candidates: readonly string[] };

/**
 * Compares a lane's inventory with its snapshot, after the settle wait.
 *
 * Candidates are new, unclaimed, not labeled with another token and young enough. All of them together must make up
 * exactly the line's quantity (one purchase may become several commitments where it crosses a volume tier); fewer,
 * more or two whole ones are ambiguous. Only an inventory without anything new proves that nothing was bought: a
 * commitment that looks too old may be ours by a clock that is wrong, so it makes the answer ambiguous.
 */
export function matchInventory(inventory: readonly InventoryItem[], question: LaneQuestion): LaneAnswer {
  const known = new Set(question.snapshot);
  const fresh = inventory.filter(
    (item) =>
      !known.has(item.commitmentId) &&
      !question.claimed.has(item.commitmentId) &&
      (item.token === undefined || item.token === question.token),
  );
  if (fresh.length === 0) return { kind: "none" };
  const candidates = fresh.filter((item) => item.startedAt >= question.notBefore);
  const total = candidates.reduce((sum, item) => sum + item.quantity, 0);
  if (total === question.quantity) return { kind: "match", items: candidates };
  return { kind: "ambiguous", candidates: fresh.map((item) => item.commitmentId) };
}
