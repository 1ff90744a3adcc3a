import type { ReservedInstances } from "@aws-sdk/client-ec2";
import type { EpochMs } from "../../../domain/clock.js";
import type { Prepared } from "../../../domain/evidence.js";
import { type Money, sumMoney } from "../../../domain/money.js";
import { chargeOf } from "../charge.js";
import { type Ec2Connection, loadEc2 } from "../ec2-client.js";
import { TOKEN_TAG } from "../token-tag.js";

/** One entry of the listing; EC2 calls one commitment for several instances by the plural. */
export interface ListedReservation extends ReservedInstances {
  readonly ReservedInstancesId: string;
}

// In none of these does a commitment run; but see `wasReplaced`.
const DEAD_STATES: ReadonlySet<string | undefined> = new Set(["payment-failed", "retired", "queued-deleted"]);

/**
 * Every reserved instances commitment of the account and region, whatever its state.
 *
 * Without filters on purpose: a filter that hides what it should show would hide a purchase, and the listing has no
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

/** Whether money has moved or will move for it; a state that is not known counts as that. */
export const isLive = ({ State }: ReservedInstances): boolean => !DEAD_STATES.has(State);

const A_DAY_MS = 86_400_000;

/**
 * Whether it was modified or exchanged, so that what was paid for runs on under other ids.
 *
 * A modification retires the original and ends it where its replacement starts ("Modify Reserved Instances" in the EC2
 * User Guide), so long before its term is over.
 */
export const wasReplaced = ({ State, Start, End, Duration }: ReservedInstances): boolean =>
  State === "retired" &&
  Start !== undefined &&
  End !== undefined &&
  Duration !== undefined &&
  End.getTime() - Start.getTime() < Duration * 1000 - A_DAY_MS;

/**
 * When its term began, where EC2 says so.
 *
 * What a modification leaves starts anew and keeps the end of the old term; of that one the end counts.
 */
export function termBeganAt({ State, Start, End, Duration }: ReservedInstances): EpochMs | undefined {
  const start = Start?.getTime();
  if (start === undefined || End === undefined || Duration === undefined || State === "retired") return start;
  const began = End.getTime() - Duration * 1000;
  return start - began > A_DAY_MS ? began : start;
}

/** The line's token it carries, if any. */
export const tokenOn = ({ Tags }: ReservedInstances): string | undefined =>
  Tags?.find(({ Key }) => Key === TOKEN_TAG)?.Value;

/** How many instances some commitments cover together. */
export const instancesOf = (listed: readonly ReservedInstances[]): number =>
  listed.reduce((sum, { InstanceCount }) => sum + (InstanceCount ?? 0), 0);

/** What is charged at once for some commitments together, where EC2 says so. */
export const chargeOfReservations = (
  listed: readonly ReservedInstances[],
  prepared: Prepared | undefined,
): Money | undefined =>
  sumMoney(
    listed.map(({ FixedPrice, CurrencyCode, InstanceCount }) =>
      chargeOf({ fixedPrice: FixedPrice, currency: CurrencyCode, quantity: InstanceCount, prepared }),
    ),
  );

/** Their ids. */
export const idsOf = (listed: readonly ListedReservation[]): readonly string[] =>
  listed.map(({ ReservedInstancesId }) => ReservedInstancesId);
