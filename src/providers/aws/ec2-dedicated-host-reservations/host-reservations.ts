import type { HostReservation } from "@aws-sdk/client-ec2";
import { collectPages } from "../../collect-pages.js";
import type { DeadCommitment } from "../client-token.js";
import { type Ec2Connection, loadEc2 } from "../ec2-client.js";
import { isLive as isLiveReservation } from "../reservations/reservation.js";
import { TOKEN_TAG } from "../token-tag.js";

/** One reservation of the listing. */
export interface ListedHostReservation extends HostReservation {
  readonly HostReservationId: string;
}

/**
 * Every host reservation of the account and region, whatever its state.
 *
 * Without filters on purpose: a filter that hides what it should show would hide a purchase.
 */
export async function listHostReservations({
  client,
  settings,
  signal,
  limit,
}: Ec2Connection): Promise<readonly ListedHostReservation[]> {
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
    return { ...entry, HostReservationId: entry.HostReservationId };
  });
}

/** Whether money has moved or will move for it. */
export const isLive = ({ State }: HostReservation): boolean => isLiveReservation({ state: State });

/** The line's token it carries, if any. */
export const tokenOn = ({ Tags }: HostReservation): string | undefined =>
  Tags?.find(({ Key }) => Key === TOKEN_TAG)?.Value;

/** The reservations that carry a line's token and for which nothing is owed any more. */
export const deadUnder = (token: string, listed: readonly ListedHostReservation[]): readonly DeadCommitment[] =>
  listed
    .filter((entry) => tokenOn(entry) === token && !isLive(entry))
    .map(({ HostReservationId, State }) => ({ id: HostReservationId, state: State }));
