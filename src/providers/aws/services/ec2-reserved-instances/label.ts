import type { AwsEc2Request } from "../../../../domain/commitment-request/aws-ec2.js";
import type { Commitment } from "../../../../domain/evidence.js";
import type { LabelContext, LabelResult } from "../../../commitment-provider.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { isOver, sightingOfParts } from "../../sighting-of-parts.js";
import { TOKEN_TAG, tokenOn, tokenTag } from "../../token-tag.js";
import { inLane, isKnown } from "./inventory.js";
import { withoutDerived } from "./lookup.js";
import {
  chargeOfReservations,
  idsOf,
  instancesOf,
  type ListedReservation,
  listReservedInstances,
} from "./reserved-instances.js";
import { type SightedReservation, sighted } from "./sighted-reservations.js";

/** The commitment to label, and the token to put on it. */
export interface Labeling {
  readonly commitment: Commitment;
  readonly token: string;
  readonly context: Pick<LabelContext<AwsEc2Request>, "request" | "prepared" | "now" | "claimedByOthers">;
}

/**
 * Puts the token on a purchase, and reads it back.
 *
 * Throws, to be tried again, until the purchase and its tag are listed. For a held purchase it also throws while
 * another one like it waits without a label. It never takes over a commitment that carries another line's token. A
 * purchase that is over gets no label, and the result tells what became of it instead.
 */
export async function labelPurchase(connection: Ec2Connection, labeling: Labeling): Promise<LabelResult> {
  const listed = await listReservedInstances(connection);
  const purchased = await purchasedNow(connection, listed, labeling);
  const commitmentIds = idsOf(purchased);
  const labelable = purchased.filter((entry) => !isOver(entry));
  if (labelable.length === 0)
    return { commitmentIds, sighting: sightingOfParts(purchased.map(({ sighting }) => sighting)) };
  checkAlone(await labeled(connection, { listed, labelable, labeling }), commitmentIds, labeling.context);
  const charge = chargeOfReservations(purchased, labeling.context.prepared);
  return { commitmentIds, ...(charge && { charge }) };
}

/** Tags the commitments that lack the token, and returns the listing that shows the tags. */
async function labeled(
  connection: Ec2Connection,
  { listed, labelable, labeling: { token } }: LabelStep,
): Promise<readonly ListedReservation[]> {
  if (labelable.every((entry) => tokenOn(entry) === token)) return listed;
  const ids = idsOf(labelable);
  await createTags(connection, ids, token);
  const listedNow = await listReservedInstances(connection);
  const missing = ids.filter((id) => !listedNow.some((entry) => isLabeled(entry, id, token)));
  if (missing.length > 0) throw new Error(`the tag ${TOKEN_TAG} is not listed yet on ${missing.join(", ")}`);
  return listedNow;
}

interface LabelStep {
  readonly listed: readonly ListedReservation[];
  readonly labelable: readonly SightedReservation[];
  readonly labeling: Labeling;
}

/**
 * Checks that a held purchase is the only one of its kind that waits.
 *
 * Another one without a label may be a duplicate, and now is the time at which it can still be withdrawn.
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
 * The commitments that a purchase consists of by now.
 *
 * They are the first of these that applies:
 * - the recorded commitments, if all of them are over;
 * - the commitments that carry its token, if they make up its quantity;
 * - the recorded commitments, if they make up its quantity;
 * - where EC2 divided it and gave it new ids, the lane's new commitments, if they make up its quantity and belong to no
 *   other line.
 */
async function purchasedNow(
  connection: Ec2Connection,
  listed: readonly ListedReservation[],
  labeling: Labeling,
): Promise<readonly SightedReservation[]> {
  const { commitment, token, context } = labeling;
  const isRecorded = ({ ReservedInstancesId: id }: ListedReservation) => commitment.commitmentIds.includes(id);
  const hasOtherToken = (entry: ListedReservation) => ![undefined, token].includes(tokenOn(entry));
  const taken = listed.find((entry) => isRecorded(entry) && hasOtherToken(entry));
  if (taken !== undefined) throw new Error(`${taken.ReservedInstancesId} carries the token of another line`);
  const own = listed.filter((entry) => isRecorded(entry) || tokenOn(entry) === token);
  const ours = withoutDerived(await sighted(connection, own, context));
  const recorded = ours.filter(isRecorded);
  if (recorded.length === commitment.commitmentIds.length && recorded.every(isOver)) return recorded;
  const whole = [ours.filter((entry) => tokenOn(entry) === token && isOwed(entry)), recorded].find(isWhole(context));
  return whole ?? dividedInto(connection, listed, labeling);
}

const isOwed = ({ sighting }: SightedReservation): boolean => sighting.meaning !== "void";

const isWhole =
  ({ request }: Labeling["context"]) =>
  (found: readonly SightedReservation[]): boolean =>
    found.length > 0 && instancesOf(found) === request.quantity;

/** The commitments into which EC2 divided a purchase, under ids that were not in its answer. */
async function dividedInto(
  connection: Ec2Connection,
  listed: readonly ListedReservation[],
  { commitment, token, context }: Labeling,
): Promise<readonly SightedReservation[]> {
  const isNew = (entry: ListedReservation) =>
    [undefined, token].includes(tokenOn(entry)) && newcomers([entry], context).length > 0;
  const entries = await sighted(connection, listed, { now: context.now, isRelevant: isNew });
  // A commitment that was made of another one was not bought.
  const fresh = await unclaimed(
    entries.filter((entry) => isNew(entry) && entry.madeFrom.length === 0),
    context,
  );
  const whole = [fresh.filter(isOwed), fresh].find(isWhole(context));
  if (whole !== undefined) return whole;
  throw new Error(
    `${commitment.commitmentIds.join(", ")} is not listed yet with all ${context.request.quantity} instances`,
  );
}

/** The commitments that came to the line's lane since its write-ahead. */
function newcomers<Entry extends ListedReservation>(
  listed: readonly Entry[],
  { request, prepared }: Labeling["context"],
): readonly Entry[] {
  if (prepared?.snapshot === undefined) return [];
  return inLane(listed, request).filter((entry) => !isKnown(entry, prepared));
}

/**
 * Commitments without those of other lines. Another line's purchase of the same lane may be listed before this line's
 * is, and before it has its label.
 */
async function unclaimed(
  entries: readonly SightedReservation[],
  { claimedByOthers }: Labeling["context"],
): Promise<readonly SightedReservation[]> {
  const claimed = await claimedByOthers?.(idsOf(entries));
  return entries.filter(({ ReservedInstancesId }) => !claimed?.has(ReservedInstancesId));
}

async function createTags({ client, limit }: Ec2Connection, ids: readonly string[], token: string): Promise<void> {
  const { CreateTagsCommand } = await loadEc2();
  const command = new CreateTagsCommand({ Resources: [...ids], Tags: [tokenTag(token)] });
  await client.send(command, { abortSignal: limit() });
}
