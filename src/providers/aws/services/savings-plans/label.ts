import type { AwsSavingsPlansRequest } from "../../../../domain/commitment-request/aws-savings-plans.js";
import type { Commitment } from "../../../../domain/evidence.js";
import type { LabelContext, LabelResult } from "../../../commitment-provider.js";
import { type Labels, recorded, unlabeled } from "../../labelable.js";
import { isOver, sightingOfParts } from "../../sighting-of-parts.js";
import { TOKEN_TAG } from "../../token-tag.js";
import { idsOf, type ListedPlan, listPlans, tokenOn } from "./listed-plans.js";
import { alike, chargeOf } from "./lookup.js";
import { loadSavingsPlans, type SavingsPlansConnection } from "./savings-plans-client.js";

/** The plan to label, and the token to put on it. */
export interface Labeling {
  readonly commitment: Commitment;
  readonly token: string;
  readonly context: Pick<LabelContext<AwsSavingsPlansRequest>, "request" | "prepared" | "now">;
}

const LABELS: Labels<ListedPlan> = { idOf: ({ savingsPlanId }) => savingsPlanId, tokenOn };

/**
 * Puts the token on a plan that was adopted without it, and reads it back.
 *
 * Plans carry their token from the purchase on, so this is for a plan that lost its token. Throws, to be tried again,
 * until the tag is listed. For a held purchase it also throws while another plan like it waits without a label. It
 * never takes over a plan that carries another line's token. A plan that is over gets no label, and the result tells
 * what became of it instead.
 */
export async function labelPlan(connection: SavingsPlansConnection, labeling: Labeling): Promise<LabelResult> {
  const { commitment, token } = labeling;
  const { commitmentIds } = commitment;
  let listed = await listPlans(connection, labeling.context);
  const plans = recorded(listed, commitment, LABELS);
  if (plans.every(isOver)) return { commitmentIds, sighting: sightingOfParts(plans.map(({ sighting }) => sighting)) };
  const missing = unlabeled(plans, token, LABELS);
  for (const plan of missing) await tagPlan(connection, plan, token);
  if (missing.length > 0) listed = await listPlans(connection, labeling.context);
  const relisted = recorded(listed, commitment, LABELS);
  if (unlabeled(relisted, token, LABELS).length > 0)
    throw new Error(`the tag ${TOKEN_TAG} is not listed yet on ${commitmentIds.join(", ")}`);
  checkAlone(listed, labeling);
  const [charge] = relisted.map(chargeOf);
  return { commitmentIds, ...(charge && commitmentIds.length === 1 && { charge }) };
}

/**
 * Checks that a held purchase is the only one of its kind that waits.
 *
 * Another one without a label may be a duplicate, and now is the time at which it can still be withdrawn.
 */
function checkAlone(listed: readonly ListedPlan[], { commitment, context }: Labeling): void {
  if (context.request.holdMs === undefined) return;
  const known = [...commitment.commitmentIds, ...(context.prepared?.snapshot ?? [])];
  const others = alike(listed, context.request).filter(
    ({ state, savingsPlanId }) => state === "queued" && !known.includes(savingsPlanId),
  );
  if (others.length === 0) return;
  const ours = commitment.commitmentIds.join(", ");
  throw new Error(`beside the held purchase ${ours} there wait ${idsOf(others).join(", ")}, which nobody labeled`);
}

async function tagPlan({ client, limit }: SavingsPlansConnection, plan: ListedPlan, token: string): Promise<void> {
  const { TagResourceCommand } = await loadSavingsPlans();
  const command = new TagResourceCommand({ resourceArn: plan.savingsPlanArn, tags: { [TOKEN_TAG]: token } });
  await client.send(command, { abortSignal: limit() });
}
