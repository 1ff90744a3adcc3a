import type { EpochMs } from "../../domain/clock.js";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import type {
  ExistingCommitment,
  InventoryItem,
  Sighting,
  SightingMeaning,
} from "../../providers/commitment-provider.js";
import { type Commitment, sightingOf } from "./commitment-books.js";
import { type Compared, comparedOf, differencesBetween, laneOf, unstated } from "./custom-line.js";

/** The line that a listing is read for, and the time. */
export interface Look {
  readonly request: CustomRequest;
  readonly token: string;
  /** The names that the line may use. */
  readonly names: readonly string[];
  readonly now: EpochMs;
}

interface Stated extends Partial<Compared> {
  readonly quantity?: number;
  readonly startedAt?: EpochMs;
}

/** The attributes of a commitment that a listing states. */
function statedOf({ leftOut, offering, term, payment, quantity, landedAt }: Commitment): Stated {
  return {
    ...(!leftOut.has("offering") && { offering }),
    ...(!leftOut.has("term") && { term }),
    ...(!leftOut.has("payment") && { payment }),
    ...(!leftOut.has("quantity") && { quantity }),
    ...(!leftOut.has("startedAt") && { startedAt: landedAt }),
  };
}

/** Every commitment, in any state, that may be a purchase of the line. One that states another offering is left out. */
export const inventoryOf = (listed: readonly Commitment[], look: Look): readonly InventoryItem[] =>
  listed.filter((one) => mayBe(one, look.request)).map((one) => itemOf(one, look));

const mayBe = (one: Commitment, request: CustomRequest): boolean =>
  one.lane === laneOf(request) && differencesBetween(comparedOf(request), statedOf(one)).length === 0;

function itemOf(one: Commitment, { token, names, now }: Look): InventoryItem {
  const { quantity, startedAt, ...compared } = statedOf(one);
  const sighting = sightingOf(one, now);
  const maybe = unstated({ ...compared, ...(quantity !== undefined && { quantity }) });
  return {
    commitmentId: one.commitmentId,
    ...(quantity !== undefined && { quantity }),
    ...(startedAt !== undefined && { startedAt }),
    ...(one.label !== undefined && { token: names.includes(one.label) ? token : one.label }),
    ...(sighting && { sighting }),
    ...(maybe !== undefined && { maybe }),
  };
}

/** The answer of a lookup, from the commitments that carry the line's token. `undefined` if there are none. */
export function foundOf(hits: readonly Commitment[], look: Look): ExistingCommitment | undefined {
  if (hits.length === 0) return undefined;
  const sighting = sightingOfAll(hits, look.now);
  const startedAt = hits.flatMap((one) => statedOf(one).startedAt ?? []);
  return {
    commitmentIds: hits.map((one) => one.commitmentId),
    ...(startedAt.length > 0 && { startedAt: Math.min(...startedAt) }),
    labeled: true,
    ...(sighting && { sighting }),
    differences: differencesOf(hits, look.request),
  };
}

function differencesOf(hits: readonly Commitment[], request: CustomRequest): readonly string[] {
  const compared = hits.flatMap((one) => differencesBetween(comparedOf(request), statedOf(one)));
  const quantities = hits.flatMap((one) => statedOf(one).quantity ?? []);
  const total = quantities.reduce((sum, quantity) => sum + quantity, 0);
  const isOther = quantities.length === hits.length && total !== request.quantity;
  return [...new Set(compared), ...(isOther ? [`quantity: expected ${request.quantity}, found ${total}`] : [])];
}

// A purchase of which a part was bought counts as bought. While the cloud works on a part, it may still be bought.
const BY_WEIGHT: readonly SightingMeaning[] = ["live", "ended", "pending", "unclear", "void"];

/** The state of a purchase, from the states of all its parts. */
export function sightingOfAll(parts: readonly Commitment[], now: EpochMs): Sighting | undefined {
  const sightings = parts.map((one) => sightingOf(one, now) ?? ({ meaning: "live" } as const));
  const [first] = BY_WEIGHT.flatMap((meaning) => sightings.filter((sighting) => sighting.meaning === meaning));
  return first !== undefined && "state" in first ? first : undefined;
}
