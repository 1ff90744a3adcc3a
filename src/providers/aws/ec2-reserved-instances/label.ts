import type { AwsEc2Request } from "../../../domain/commitment-request/aws-ec2.js";
import type { Commitment } from "../../../domain/evidence.js";
import type { LabelContext, LabelResult } from "../../commitment-provider.js";
import { TOKEN_TAG } from "../token-tag.js";
import { type Ec2Connection, loadEc2 } from "./ec2-client.js";
import { inLane } from "./inventory.js";
import {
  idsOf,
  instancesOf,
  isLive,
  type ListedReservation,
  listReservedInstances,
  tokenOn,
} from "./reserved-instances.js";

/** What is to be labeled, with what. */
export interface Labeling {
  readonly commitment: Commitment;
  readonly token: string;
  readonly context: Pick<LabelContext<AwsEc2Request>, "request" | "prepared">;
}

/**
 * Puts the token on a purchase, and reads it back.
 *
 * Throws, to be tried again, while the purchase is not listed and until the tag is. Never takes a commitment over that
 * carries another line's token.
 */
export async function labelPurchase(connection: Ec2Connection, labeling: Labeling): Promise<LabelResult> {
  const purchased = purchasedNow(await listReservedInstances(connection), labeling);
  const commitmentIds = idsOf(purchased);
  if (purchased.every((entry) => tokenOn(entry) === labeling.token)) return { commitmentIds };
  await createTags(connection, commitmentIds, labeling.token);
  const listed = await listReservedInstances(connection);
  const missing = commitmentIds.filter((id) => !listed.some((entry) => isLabeled(entry, id, labeling.token)));
  if (missing.length > 0) throw new Error(`the tag ${TOKEN_TAG} is not listed yet on ${missing.join(", ")}`);
  return { commitmentIds };
}

const isLabeled = (entry: ListedReservation, id: string, token: string): boolean =>
  entry.ReservedInstancesId === id && tokenOn(entry) === token;

/**
 * The commitments that a purchase consists of by now: those that carry its token, else those it was recorded with,
 * else, where EC2 divided it and gave it new ids, the lane's newcomers that make up its quantity.
 */
function purchasedNow(listed: readonly ListedReservation[], labeling: Labeling): readonly ListedReservation[] {
  const { commitment, token, context } = labeling;
  const isRecorded = (entry: ListedReservation) => commitment.commitmentIds.includes(entry.ReservedInstancesId);
  const mayBeOurs = (entry: ListedReservation) => [undefined, token].includes(tokenOn(entry));
  const taken = listed.find((entry) => isRecorded(entry) && !mayBeOurs(entry));
  if (taken !== undefined) throw new Error(`${taken.ReservedInstancesId} carries the token of another line`);
  const live = listed.filter((entry) => isLive(entry) && mayBeOurs(entry));
  const candidates = [
    live.filter((entry) => tokenOn(entry) === token),
    live.filter(isRecorded),
    newcomers(live, context),
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

async function createTags({ client, limit }: Ec2Connection, ids: readonly string[], token: string): Promise<void> {
  const { CreateTagsCommand } = await loadEc2();
  const command = new CreateTagsCommand({ Resources: [...ids], Tags: [{ Key: TOKEN_TAG, Value: token }] });
  await client.send(command, { abortSignal: limit() });
}
