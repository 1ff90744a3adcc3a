import type { HostReservation } from "@aws-sdk/client-ec2";
import type { EpochMs } from "../../../../domain/clock.js";
import { collectPages } from "../../../collect-pages.js";
import type { Sighting } from "../../../commitment-provider.js";
import { sightingIn } from "../../../state-table.js";
import { DEDICATED_HOSTS_STATES } from "../../aws-states.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { isTermOver, timeOf } from "../../stated-term.js";
import { tokenOn } from "../../token-tag.js";

/** One reservation of the listing, with what its state means. */
export interface ListedHostReservation extends HostReservation {
  readonly HostReservationId: string;
  readonly sighting: Sighting;
}

/**
 * Every host reservation of the account and region, whatever its state.
 *
 * No filter is used, on purpose: a filter that hides what it should show would hide a purchase.
 */
export async function listHostReservations(
  { client, settings, signal, limit }: Ec2Connection,
  { now }: { readonly now: EpochMs },
): Promise<readonly ListedHostReservation[]> {
  const { DescribeHostReservationsCommand } = await loadEc2();
  const listed = await collectPages({
    operation: "DescribeHostReservations",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeHostReservationsCommand({ MaxResults: 100, NextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.HostReservationSet, nextToken: page.NextToken };
    },
  });
  return listed.map((entry) => {
    if (entry.HostReservationId === undefined)
      throw new Error("DescribeHostReservations listed an entry without an id");
    return { ...entry, HostReservationId: entry.HostReservationId, sighting: sightingOf(entry, now) };
  });
}

function sightingOf({ State, Start, End, Duration }: HostReservation, now: EpochMs): Sighting {
  const term = { startsAt: timeOf(Start), endsAt: timeOf(End), durationSeconds: Duration };
  return sightingIn(DEDICATED_HOSTS_STATES, State, { isOver: isTermOver(term, now) });
}

/** The hosts that a reservation covers, if EC2 says so. A list without a host says nothing. */
export const hostsOf = ({ HostIdSet }: HostReservation): readonly string[] | undefined =>
  HostIdSet?.length ? HostIdSet : undefined;

/** The reservations that carry a line's token, whatever their state. */
export const taggedWith = (token: string, listed: readonly ListedHostReservation[]) =>
  listed.filter((entry) => tokenOn(entry) === token).map((entry) => ({ ...entry, id: entry.HostReservationId }));

/** The ids of reservations. */
export const idsOf = (listed: readonly ListedHostReservation[]): readonly string[] =>
  listed.map(({ HostReservationId }) => HostReservationId);
