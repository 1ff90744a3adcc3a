import { deterministicId } from "../../../../deterministic-id.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** All blocks begin and end at half past eleven in UTC. */
const START_OF_BLOCK_MS = 11.5 * HOUR_MS;

/** How many blocks one search is answered with, at most. */
const BLOCKS_OF_A_SEARCH = 6;

/** What an hour of an instance in a block costs, near the real prices. */
const PER_HOUR: Readonly<Record<string, number>> = { "p4d.24xlarge": 11.8, "p5.48xlarge": 31.464 };

/** What a search for blocks asks for. */
export interface BlockSearch {
  readonly region: string;
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly durationHours: number;
  /** The earliest start and the latest end. */
  readonly from: number;
  readonly until: number;
}

/** A block that can be bought: instances of one type in one zone, from one time to another. */
export interface CapacityBlockOffering {
  readonly offeringId: string;
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly availabilityZone: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** For the whole block, in USD. */
  readonly upfrontFee: number;
}

/**
 * The blocks that a search finds: one in each of two zones on each of the first days, always the same for the same search.
 *
 * AWS sells blocks up to eight weeks ahead. Here, they are sold at any time to come.
 */
export function offeredBlocks(search: BlockSearch): CapacityBlockOffering[] {
  const perHour = PER_HOUR[search.instanceType];
  if (perHour === undefined) return [];
  const firstDay = Math.ceil((search.from - START_OF_BLOCK_MS) / DAY_MS);
  const days = Array.from({ length: BLOCKS_OF_A_SEARCH / 2 }, (_, day) => (firstDay + day) * DAY_MS);
  return days
    .flatMap((day) => ["a", "b"].map((zone) => blockOf(search, { day, zone, perHour })))
    .filter(({ endsAt }) => endsAt <= search.until);
}

function blockOf(
  { region, instanceType, instanceCount, durationHours }: BlockSearch,
  { day, zone, perHour }: { readonly day: number; readonly zone: string; readonly perHour: number },
): CapacityBlockOffering {
  const startsAt = day + START_OF_BLOCK_MS;
  const availabilityZone = `${region}${zone}`;
  const seed = [availabilityZone, instanceType, instanceCount, durationHours, startsAt].join("|");
  return {
    offeringId: `cb-${deterministicId(`capacity-block-offering:${seed}`).replaceAll("-", "").slice(0, 17)}`,
    instanceType,
    instanceCount,
    availabilityZone,
    startsAt,
    endsAt: startsAt + durationHours * HOUR_MS,
    upfrontFee: Math.round(perHour * durationHours * instanceCount * 100) / 100,
  };
}
