import type { AwsEc2Request } from "../../../domain/commitment-request/aws-ec2.js";
import type { Commitment } from "../../../domain/evidence.js";
import type { LabelContext, LabelResult } from "../../commitment-provider.js";
import { type Ec2Connection, loadEc2 } from "../ec2-client.js";
import { TOKEN_TAG, tokenTag } from "../token-tag.js";
import { inLane } from "./inventory.js";
import {
  chargeOfReservations,
  idsOf,
  instancesOf,
  isLive,
  type ListedReservation,
  listReservedInstances,
  tokenOn,
  wasReplaced,
} from "./reserved-instances.js";

/** What is to be labeled, with what. */
export interface Labeling {
  readonly commitment: Commitment;
  readonly token: string;
  readonly context: Pick<LabelContext<AwsEc2Request>, "request" | "prepared" | "claimedByOthers">;
}

/**
 * Puts the token on a purchase, and reads it back.
 *
 * Throws, to be tried again, while the purchase is not listed and until the tag is; for a held purchase also while
 * another one like it waits without a label. Never takes a commitment over that carries another line's token.
 */
export async function labelPurchase(connection: Ec2Connection, labeling: Labeling): Promise<LabelResult> {
  let listed = await listReservedInstances(connection);
  const purchased = await purchasedNow(listed, labeling);
  const commitmentIds = idsOf(purchased);
  if (purchased.some((entry) => tokenOn(entry) !== labeling.token)) {
    await createTags(connection, commitmentIds, labeling.token);
    listed = await listReservedInstances(connection);
    const missing = commitmentIds.filter((id) => !listed.some((entry) => isLabeled(entry, id, labeling.token)));
    if (missing.length > 0) throw new Error(`the tag ${TOKEN_TAG} is not listed yet on ${missing.join(", ")}`);
  }
  checkAlone(listed, commitmentIds, labeling.context);
  const charge = chargeOfReservations(purchased, labeling.context.prepared);
  return { commitmentIds, ...(charge && { charge }) };
}

/**
 * A held purchase must be the only one of its kind that waits: another one nobody labeled may be a duplicate, and now
 * is the time at which it can still be withdrawn.
 */
function checkAlone(listed: readonly ListedReservation[], ours: readonly string[], context: Labeling["context"]): void {
  if (context.request.holdMs === undefined) return;
  const others = newcomers(listed, context).filter(
    (entry) => entry.State === "queued" && tokenOn(entry) === undefined && !ours.includes(entry.ReservedInstancesId),
  );
  if (others.length === 0) return;
  throw new Error(
    `beside the held purchase ${ours.join(", ")} there wait ${idsOf(others).join(", ")}, which nobody labeled`,
  );
}

const isLabeled = (entry: ListedReservation, id: string, token: string): boolean =>
  entry.ReservedInstancesId === id && tokenOn(entry) === token;

/**
 * The commitments that a purchase consists of by now: those that carry its token, else those it was recorded with,
 * else, where EC2 divided it and gave it new ids, the lane's newcomers that make up its quantity and are no other
 * line's.
 */
async function purchasedNow(
  listed: readonly ListedReservation[],
  labeling: Labeling,
): Promise<readonly ListedReservation[]> {
  const { commitment, token, context } = labeling;
  const isRecorded = (entry: ListedReservation) => commitment.commitmentIds.includes(entry.ReservedInstancesId);
  const mayBeOurs = (entry: ListedReservation) => [undefined, token].includes(tokenOn(entry));
  const taken = listed.find((entry) => isRecorded(entry) && !mayBeOurs(entry));
  if (taken !== undefined) throw new Error(`${taken.ReservedInstancesId} carries the token of another line`);
  const live = listed.filter((entry) => (isLive(entry) || wasReplaced(entry)) && mayBeOurs(entry));
  const candidates = [
    live.filter((entry) => tokenOn(entry) === token),
    live.filter(isRecorded),
    await unclaimed(newcomers(live, context), context),
  ];
  const whole = candidates.find((found) => found.length > 0 && instancesOf(found) === context.request.quantity);
  if (whole !== undefined) return whole;
  throw new Error(
    `${commitment.commitmentIds.join(", ")} is not listed yet with all ${context.request.quantity} instances`,
  );
}

function newcomers(
  live: readonly ListedReservation[],
  { request, prepared }: Labeling["context"],
): readonly ListedReservation[] {
  const { snapshot } = prepared ?? {};
  if (snapshot === undefined) return [];
  return inLane(live, request).filter(({ ReservedInstancesId }) => !snapshot.includes(ReservedInstancesId));
}

/** Another line's purchase of the same lane may be listed before this one's is, and before it has its label. */
async function unclaimed(
  entries: readonly ListedReservation[],
  { claimedByOthers }: Labeling["context"],
): Promise<readonly ListedReservation[]> {
  const claimed = await claimedByOthers?.(idsOf(entries));
  return entries.filter(({ ReservedInstancesId }) => !claimed?.has(ReservedInstancesId));
}

async function createTags({ client, limit }: Ec2Connection, ids: readonly string[], token: string): Promise<void> {
  const { CreateTagsCommand } = await loadEc2();
  const command = new CreateTagsCommand({ Resources: [...ids], Tags: [tokenTag(token)] });
  await client.send(command, { abortSignal: limit() });
}
