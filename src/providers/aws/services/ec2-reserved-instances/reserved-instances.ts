import type { ReservedInstances } from "@aws-sdk/client-ec2";
import type { EpochMs } from "../../../../domain/clock.js";
import type { Prepared } from "../../../../domain/evidence.js";
import { type Money, sumMoney } from "../../../../domain/money.js";
import { chargeOf } from "../../charge.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { isCutShort, type StatedTerm, timeOf } from "../../stated-term.js";

/** One entry of the listing; EC2 calls one commitment for several instances by the plural. */
export interface ListedReservation extends ReservedInstances {
  readonly ReservedInstancesId: string;
}

/**
 * Every reserved instances commitment of the account and region, whatever its state.
 *
 * No filter is used, on purpose: a filter that hides what it should show would hide a purchase. The listing has no
 * pages (DescribeReservedInstances reference). Throws for an answer that holds no list or an entry without an id.
 */
export async function listReservedInstances({ client, limit }: Ec2Connection): Promise<readonly ListedReservation[]> {
  const { DescribeReservedInstancesCommand } = await loadEc2();
  const command = new DescribeReservedInstancesCommand({});
  const { ReservedInstances: listed } = await client.send(command, { abortSignal: limit() });
  if (listed === undefined) throw new Error("DescribeReservedInstances answered without a list");
  return listed.map((entry) => {
    if (entry.ReservedInstancesId === undefined)
      throw new Error("DescribeReservedInstances listed an entry without an id");
    return { ...entry, ReservedInstancesId: entry.ReservedInstancesId };
  });
}

/**
 * What an entry states of its term.
 *
 * The end counts only beside the start and the duration. A modification ends the original at once, so an end alone may
 * have come before its time.
 */
export function termOf({ Start, End, Duration }: ReservedInstances): StatedTerm {
  const startsAt = timeOf(Start);
  const isWhole = startsAt !== undefined && Duration !== undefined;
  return { startsAt, durationSeconds: Duration, ...(isWhole && { endsAt: timeOf(End) }) };
}

/**
 * When the term of an entry began, if EC2 says so.
 *
 * A commitment that a modification made has a new start and keeps the end of the old term. For such a commitment the
 * end counts.
 */
export function termBeganAt(entry: ReservedInstances): EpochMs | undefined {
  const term = termOf(entry);
  const { startsAt, endsAt, durationSeconds } = term;
  if (entry.State?.toLowerCase() === "retired" || !isCutShort(term)) return startsAt;
  return endsAt === undefined || durationSeconds === undefined ? startsAt : endsAt - durationSeconds * 1000;
}

/** How many instances some commitments cover together. */
export const instancesOf = (listed: readonly ReservedInstances[]): number =>
  listed.reduce((sum, { InstanceCount }) => sum + (InstanceCount ?? 0), 0);

/** What is charged at once for these commitments together, if EC2 says so. */
export const chargeOfReservations = (
  listed: readonly ReservedInstances[],
  prepared: Prepared | undefined,
): Money | undefined =>
  sumMoney(
    listed.map(({ FixedPrice, CurrencyCode, InstanceCount }) =>
      chargeOf({ fixedPrice: FixedPrice, currency: CurrencyCode, quantity: InstanceCount, prepared }),
    ),
  );

/** The ids of entries. */
export const idsOf = (listed: readonly ListedReservation[]): readonly string[] =>
  listed.map(({ ReservedInstancesId }) => ReservedInstancesId);
