import type { CapacityReservation } from "@aws-sdk/client-ec2";
import type { AwsCapacityBlocksRequest } from "../../../../domain/commitment-request/aws-capacity-blocks.js";
import { collectPages } from "../../../collect-pages.js";
import type { Sighting } from "../../../commitment-provider.js";
import { sightingIn } from "../../../state-table.js";
import { CAPACITY_BLOCKS_STATES } from "../../aws-states.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";

/** The capacity reservation of one block, with what its state means. */
export interface ListedBlock extends CapacityReservation {
  readonly CapacityReservationId: string;
  readonly sighting: Sighting;
}

/**
 * Every block of the account and region, whatever its state.
 *
 * No filter is used, on purpose: a filter that hides what it should show would hide a purchase. The listing also shows
 * On-Demand Capacity Reservations, and reservations that other accounts share. Those count only if the entry does not
 * say what it is.
 */
export async function listCapacityBlocks(
  { client, settings, signal, limit }: Ec2Connection,
  { account }: AwsCapacityBlocksRequest,
): Promise<readonly ListedBlock[]> {
  const { DescribeCapacityReservationsCommand } = await loadEc2();
  const listed = await collectPages({
    operation: "DescribeCapacityReservations",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeCapacityReservationsCommand({ MaxResults: 1000, NextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.CapacityReservations, nextToken: page.NextToken };
    },
  });
  return listed
    .filter((entry) => mayBeBlock(entry) && (entry.OwnerId ?? account) === account)
    .map((entry) => {
      if (entry.CapacityReservationId === undefined)
        throw new Error("DescribeCapacityReservations listed an entry without an id");
      return { ...entry, CapacityReservationId: entry.CapacityReservationId, sighting: sightingOf(entry) };
    });
}

/**
 * Whether an entry may be a block. An On-Demand Capacity Reservation may leave its type out, as users of EC2 report. If
 * it has no end, it is no block all the same.
 */
const mayBeBlock = ({ ReservationType, EndDateType }: CapacityReservation): boolean =>
  ReservationType === undefined ? EndDateType !== "unlimited" : ReservationType === "capacity-block";

/** What the state of a block means. */
export const sightingOf = ({ State }: CapacityReservation): Sighting => sightingIn(CAPACITY_BLOCKS_STATES, State);

/** The ids of blocks. */
export const idsOf = (blocks: readonly ListedBlock[]): readonly string[] =>
  blocks.map(({ CapacityReservationId }) => CapacityReservationId);
