import type { EpochMs } from "../../domain/clock.js";
import type { InventoryItem, Sighting, SightingMeaning } from "../../providers/commitment-provider.js";
import type { OtherClaims } from "./other-claims.js";

/** What is known about a request that a cloud without dedupe may have carried out. */
export interface LaneQuestion {
  readonly quantity: number;
  /** Ids that existed before the purchase. */
  readonly snapshot: readonly string[];
  /** Ids recorded for other lines, and by whose word. */
  readonly claims: OtherClaims;
  /** A commitment that started before this is not this line's: the write-ahead's time less the clocks' skew. */
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
 * Candidates are new, not claimed by the cloud's word for another line, not labeled with another token and young enough.
 * All of them together must make up exactly the line's quantity (one purchase may become several commitments where it
 * crosses a volume tier); fewer, more or two whole ones are for a person. So is a `maybe`, one that another line has by a
 * person's word only, and a set whose states mean different things. Only an inventory without anything new proves that
 * nothing was bought: a commitment that looks too old may be ours by a clock that is wrong.
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

/** What is new in a lane and may be this line's: everything that absence has to be proved against. */
export function freshItems(
  inventory: readonly InventoryItem[],
  { snapshot, claims, token }: Pick<LaneQuestion, "snapshot" | "claims" | "token">,
): readonly InventoryItem[] {
  const known = new Set(snapshot);
  const listed = new Set(idsOf(inventory));
  const isOthers = (id: string) => claims.get(id)?.byPerson === false;
  // What the cloud made from something that is listed itself is that purchase once more.
  const isDerived = ({ madeFrom = [] }: InventoryItem) =>
    madeFrom.length > 0 && madeFrom.every((id) => known.has(id) || listed.has(id) || isOthers(id));
  // Another token rules an item out, unless it is a person who said whose it is.
  const isLabeledForOthers = (item: InventoryItem) =>
    item.token !== undefined && item.token !== token && claims.get(item.commitmentId)?.byPerson !== true;
  return inventory.filter(
    (item) =>
      !known.has(item.commitmentId) && !isOthers(item.commitmentId) && !isLabeledForOthers(item) && !isDerived(item),
  );
}

/** What the states of several parts of one purchase mean together; `undefined` where they contradict each other. */
function commonSighting(items: readonly InventoryItem[]): Sighting | undefined {
  const sightings = items.map(({ sighting }): Sighting => sighting ?? { meaning: "live" });
  const has = (meaning: SightingMeaning) => sightings.some((one) => one.meaning === meaning);
  const first = (meaning: SightingMeaning) => sightings.find((one) => one.meaning === meaning);
  if (has("void")) return sightings.every(({ meaning }) => meaning === "void") ? first("void") : undefined;
  // A part that nobody can judge, or that the cloud still works on, holds the others up.
  return first("unclear") ?? first("pending") ?? first("live") ?? first("ended");
}

const idsOf = (items: readonly InventoryItem[]): readonly string[] => items.map(({ commitmentId }) => commitmentId);
