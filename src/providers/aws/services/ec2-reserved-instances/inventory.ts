import type { AwsEc2Request } from "../../../../domain/commitment-request/aws-ec2.js";
import type { Prepared } from "../../../../domain/evidence.js";
import type { InventoryItem, ProviderContext } from "../../../commitment-provider.js";
import type { Ec2Connection } from "../../ec2-client.js";
import { isCutShort } from "../../stated-term.js";
import { tokenOn } from "../../token-tag.js";
import { mayBeInLane, unstated } from "./attributes.js";
import {
  chargeOfReservations,
  type ListedReservation,
  listReservedInstances,
  termBeganAt,
  termOf,
} from "./reserved-instances.js";
import { type SightedReservation, sighted } from "./sighted-reservations.js";

/**
 * Every commitment that may be a purchase of the line, whatever its state: no attribute that it states rules it out.
 */
export const inLane = <Entry extends ListedReservation>(
  listed: readonly Entry[],
  request: AwsEc2Request,
): readonly Entry[] => listed.filter((entry) => mayBeInLane(request, entry));

/** The inventory of a line's lane. */
export async function inventory(
  connection: Ec2Connection,
  request: AwsEc2Request,
  { now, prepared }: ProviderContext,
): Promise<readonly InventoryItem[]> {
  const entries = await sighted(connection, await listReservedInstances(connection), {
    now,
    isRelevant: (entry) => mayBeInLane(request, entry) && !isKnown(entry, prepared),
  });
  const origin = { request, entries };
  return inLane(entries, request)
    .filter((entry) => !isMadeOfOthers(entry, origin))
    .map((entry) => inventoryItem(entry, origin, prepared));
}

/** Whether a commitment was there before the purchase. */
export const isKnown = ({ ReservedInstancesId: id }: ListedReservation, prepared: Prepared | undefined): boolean =>
  prepared?.snapshot?.includes(id) === true;

/** What a commitment is compared with, to find out where it comes from. */
interface Origin {
  readonly request: AwsEc2Request;
  /** Everything listed. */
  readonly entries: readonly SightedReservation[];
}

/** Whether modifications made a commitment, and only of commitments that cannot be the line's purchase. */
const isMadeOfOthers = (entry: SightedReservation, origin: Origin): boolean =>
  entry.madeFrom.length > 0 && possibleOrigins(entry, origin).length === 0;

/** The commitments that a commitment was made from, without those that the listing rules out. */
const possibleOrigins = ({ madeFrom }: SightedReservation, { request, entries }: Origin): readonly string[] =>
  madeFrom.filter((id) => {
    const source = entries.find(({ ReservedInstancesId }) => ReservedInstancesId === id);
    return source === undefined || mayBeInLane(request, source);
  });

function inventoryItem(entry: SightedReservation, origin: Origin, prepared: Prepared | undefined): InventoryItem {
  const token = tokenOn(entry);
  const charge = chargeOfReservations([entry], prepared);
  const startedAt = termBeganAt(entry);
  const madeFrom = possibleOrigins(entry, origin);
  const reasons = [...doubtsAbout(entry, origin.request)];
  return {
    commitmentId: entry.ReservedInstancesId,
    sighting: entry.sighting,
    ...(entry.InstanceCount !== undefined && { quantity: entry.InstanceCount }),
    ...(startedAt !== undefined && { startedAt }),
    ...(token !== undefined && { token }),
    ...(charge && { charge }),
    ...(madeFrom.length > 0 && { madeFrom }),
    ...(reasons.length > 0 && { maybe: reasons.join("; ") }),
  };
}

/** Why a commitment of the lane may or may not be the line's. */
function* doubtsAbout(entry: SightedReservation, request: AwsEc2Request): Generator<string> {
  for (const name of unstated(request, entry)) yield `${name} is not stated`;
  if (entry.InstanceCount === undefined) yield "InstanceCount is not stated";
  // A retired commitment may have been cut short after it was bought for a whole term. A running one was made that
  // short.
  if (entry.sighting.meaning === "live" && entry.madeFrom.length === 0 && isCutShort(termOf(entry)))
    yield "it ends before a whole term is over, so it was made from another commitment, and EC2 does not say from which";
}
