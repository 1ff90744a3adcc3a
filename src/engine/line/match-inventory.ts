import type { EpochMs } from "../../domain/clock.js";
import type { InventoryItem, Sighting, SightingMeaning } from "../../providers/commitment-provider.js";
import type { OtherClaims } from "./other-claims.js";

/** What is known about a request that a cloud without dedupe may have carried out. */
export interface LaneQuestion {
  readonly quantity: number;
  /** Ids that existed before the purchase. */
  readonly snapshot: readonly string[];
  /** Ids recorded for other lines, and whether the cloud or a person says so. */
  readonly claims: OtherClaims;
  /**
   * A commitment that started before this time is not this line's. It is the time of the write-ahead less the clocks'
   * skew.
   */
  readonly notBefore: EpochMs;
  readonly token: string;
}

/** `none` proves that the request never landed; `ask` is for a person. */
export type LaneAnswer =
  | { readonly kind: "none" }
  | { readonly kind: "match"; readonly items: readonly InventoryItem[]; readonly sighting: Sighting }
  | { readonly kind: "ask"; readonly candidates: readonly string[]; readonly reason: string };

/**
 * Compares a lane's inventory with its snapshot, after the settle wait.
 *
 * A candidate is new and young enough. It is not recorded for another line by the cloud's word, and not labeled with
 * another token. All candidates together must make up exactly the line's quantity, because one purchase may become
 * several commitments if it crosses a volume tier. Any other sum is for a person to judge.
 *
 * A person must also judge an item with `maybe`, an item that another line has by a person's word only, and candidates
 * whose states mean different things. Only an inventory without anything new proves that nothing was bought. A
 * commitment that looks too old may still be ours if a clock is wrong.
 */
export function matchInventory(inventory: readonly InventoryItem[], question: LaneQuestion): LaneAnswer {
  const fresh = freshItems(inventory, question);
  if (fresh.length === 0) return { kind: "none" };
  const ask = (reason: string): LaneAnswer => ({ kind: "ask", candidates: idsOf(fresh), reason });
  for (const { commitmentId, maybe } of fresh) {
    if (maybe !== undefined) return ask(`${commitmentId} may or may not be the line's: ${maybe}`);
    const claim = question.claims.get(commitmentId);
    if (claim) return ask(`${commitmentId} is recorded for ${claim.holder} by a person's word only`);
  }
  const candidates = fresh.filter(({ startedAt }) => startedAt === undefined || startedAt >= question.notBefore);
  const total = candidates.reduce((sum, { quantity = 0 }) => sum + quantity, 0);
  if (total !== question.quantity)
    return ask(`the lane shows new commitments that do not make up the line's quantity of ${question.quantity}`);
  const sighting = commonSighting(candidates);
  return sighting === undefined
    ? ask("the lane shows new commitments whose states mean different things")
    : { kind: "match", items: candidates, sighting };
}

/** The new items of a lane that may be this line's. Absence is proved only if there is none. */
export function freshItems(
  inventory: readonly InventoryItem[],
  { snapshot, claims, token }: Pick<LaneQuestion, "snapshot" | "claims" | "token">,
): readonly InventoryItem[] {
  const known = new Set(snapshot);
  const listed = new Set(idsOf(inventory));
  const isOthers = (id: string) => claims.get(id)?.byPerson === false;
  // An item that the cloud made from other listed items is the same purchase once more.
  const isDerived = ({ madeFrom = [] }: InventoryItem) =>
    madeFrom.length > 0 && madeFrom.every((id) => known.has(id) || listed.has(id) || isOthers(id));
  // Another token rules an item out, unless the item is recorded for another line by a person's word.
  const isLabeledForOthers = (item: InventoryItem) =>
    item.token !== undefined && item.token !== token && claims.get(item.commitmentId)?.byPerson !== true;
  return inventory.filter(
    (item) =>
      !known.has(item.commitmentId) && !isOthers(item.commitmentId) && !isLabeledForOthers(item) && !isDerived(item),
  );
}

/** What the states of several parts of one purchase mean together. `undefined` if they contradict each other. */
function commonSighting(items: readonly InventoryItem[]): Sighting | undefined {
  const sightings = items.map(({ sighting }): Sighting => sighting ?? { meaning: "live" });
  const has = (meaning: SightingMeaning) => sightings.some((one) => one.meaning === meaning);
  const first = (meaning: SightingMeaning) => sightings.find((one) => one.meaning === meaning);
  if (has("void")) return sightings.every(({ meaning }) => meaning === "void") ? first("void") : undefined;
  // An unclear or pending part decides for the whole: the other parts wait for it.
  return first("unclear") ?? first("pending") ?? first("live") ?? first("ended");
}

const idsOf = (items: readonly InventoryItem[]): readonly string[] => items.map(({ commitmentId }) => commitmentId);
