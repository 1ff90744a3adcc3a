import type { EpochMs } from "../../../../domain/clock.js";
import type { Sighting } from "../../../commitment-provider.js";
import { sightingIn } from "../../../state-table.js";
import { EC2_STATES } from "../../aws-states.js";
import type { Ec2Connection } from "../../ec2-client.js";
import { isCutShort, isTermOver } from "../../stated-term.js";
import { becameOf, listModifications, originsOf } from "./modifications.js";
import { type ListedReservation, termOf } from "./reserved-instances.js";

/** A commitment with what its state means, and what it was made from. */
export interface SightedReservation extends ListedReservation {
  readonly sighting: Sighting;
  /** The commitments that modifications made it from. */
  readonly madeFrom: readonly string[];
}

/** What is to be found out about commitments. */
export interface SightQuestion {
  readonly now: EpochMs;
  /** Which of the commitments the answer depends on. Default: all. */
  isRelevant?(entry: ListedReservation): boolean;
}

/**
 * Commitments with what their states mean.
 *
 * EC2 is asked for modifications only if a relevant commitment needs it: it is over before its time, it was made from
 * another one, or it may have been. If that call fails, this function fails too, because it is then not known what
 * became of a purchase.
 */
export async function sighted(
  connection: Ec2Connection,
  listed: readonly ListedReservation[],
  { now, isRelevant = () => true }: SightQuestion,
): Promise<readonly SightedReservation[]> {
  const isEarly = (entry: ListedReservation) => sightingOf(entry, now).meaning === "unclear";
  const early = listed.filter(isEarly);
  const isAsked = (entry: ListedReservation) =>
    isEarly(entry) || isCutShort(termOf(entry)) || early.some((source) => mayHaveMade(source, entry));
  const modifications = listed.some((entry) => isRelevant(entry) && isAsked(entry))
    ? await listModifications(connection)
    : [];
  return listed.map((entry) => ({
    ...entry,
    sighting: sightingOf(entry, now, becameOf(entry.ReservedInstancesId, modifications)),
    madeFrom: originsOf(entry.ReservedInstancesId, modifications),
  }));
}

/** What the state of a commitment means, as far as its own entry says it. */
export const sightingOf = (entry: ListedReservation, now: EpochMs, became?: string): Sighting =>
  sightingIn(EC2_STATES, entry.State, { isOver: isTermOver(termOf(entry), now), became });

const A_DAY_MS = 86_400_000;

/**
 * Whether a commitment that is over before its time may have been modified into another one.
 *
 * A modification ends the original when its replacement starts ("Modify Reserved Instances" in the EC2 User Guide).
 */
function mayHaveMade({ End }: ListedReservation, { Start }: ListedReservation): boolean {
  return End === undefined || Start === undefined || Math.abs(End.getTime() - Start.getTime()) <= A_DAY_MS;
}
