import type { Commitment } from "../../../domain/evidence.js";
import { TOKEN_TAG } from "../token-tag.js";
import { type ListedPlan, listPlans, tokenOn } from "./listed-plans.js";
import { loadSavingsPlans, type SavingsPlansConnection } from "./savings-plans-client.js";

/**
 * Puts the token on a plan that was adopted without it, and reads it back.
 *
 * Plans carry their token from the purchase on; this is for one that lost it. Throws, to be tried again, until the tag
 * is listed. Never takes a plan over that carries another line's token.
 */
export async function labelPlan(
  connection: SavingsPlansConnection,
  commitment: Commitment,
  token: string,
): Promise<void> {
  const missing = unlabeled(await listPlans(connection), commitment, token);
  for (const plan of missing) await tagPlan(connection, plan, token);
  if (missing.length === 0 || unlabeled(await listPlans(connection), commitment, token).length === 0) return;
  throw new Error(`the tag ${TOKEN_TAG} is not listed yet on ${commitment.commitmentIds.join(", ")}`);
}

function unlabeled(listed: readonly ListedPlan[], { commitmentIds }: Commitment, token: string): readonly ListedPlan[] {
  const plans = commitmentIds.map((id) => {
    const plan = listed.find(({ savingsPlanId }) => savingsPlanId === id);
    if (plan === undefined) throw new Error(`${id} is not listed yet`);
    return plan;
  });
  const taken = plans.find((plan) => ![undefined, token].includes(tokenOn(plan)));
  if (taken !== undefined) throw new Error(`${taken.savingsPlanId} carries the token of another line`);
  return plans.filter((plan) => tokenOn(plan) !== token);
}

async function tagPlan({ client, limit }: SavingsPlansConnection, plan: ListedPlan, token: string): Promise<void> {
  const { TagResourceCommand } = await loadSavingsPlans();
  const command = new TagResourceCommand({ resourceArn: plan.savingsPlanArn, tags: { [TOKEN_TAG]: token } });
  await client.send(command, { abortSignal: limit() });
}
