import type { Sighting, SightingMeaning } from "../commitment-provider.js";

// A part that is live, or was, proves that the purchase landed, whatever became of the others.
const BY_EVIDENCE: readonly SightingMeaning[] = ["live", "ended", "pending", "unclear", "void"];

/** What the commitments of one purchase say together: the sighting of the part that proves the most. */
export function sightingOfParts(sightings: readonly Sighting[]): Sighting {
  const [first = { meaning: "live" as const }] = BY_EVIDENCE.flatMap((meaning) =>
    sightings.filter((one) => one.meaning === meaning),
  );
  const became = sightings.flatMap((one) => (one.meaning === first.meaning ? (one.became ?? []) : []));
  return { ...first, ...(became.length > 0 && { became: [...new Set(became)].join("; ") }) };
}

/** Whether nothing about a commitment can be labeled any more, because it is over or nothing is owed for it. */
export const isOver = ({ sighting }: { readonly sighting: Sighting }): boolean =>
  sighting.meaning !== "live" && sighting.meaning !== "pending";
