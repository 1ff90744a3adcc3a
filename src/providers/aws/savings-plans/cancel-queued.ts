import type { Commitment } from "../../../domain/evidence.js";
import type { Withdrawal } from "../../commitment-provider.js";
import { type ListedPlan, listPlans } from "./listed-plans.js";
import { loadSavingsPlans, type SavingsPlansConnection } from "./savings-plans-client.js";

/**
 * Withdraws a queued plan, and reads it back.
 *
 * Throws unless it is listed as `queued-deleted` in the end.
 */
export async function cancelQueued(connection: SavingsPlansConnection, commitment: Commitment): Promise<Withdrawal> {
  for (const plan of await plansOf(connection, commitment)) {
    if (plan.state === "queued") await deleteQueued(connection, plan);
    else if (plan.state !== "queued-deleted") return { kind: "started", state: String(plan.state) };
  }
  const left = (await plansOf(connection, commitment)).find(({ state }) => state !== "queued-deleted");
  if (left !== undefined) throw new Error(`${left.savingsPlanId} is ${left.state}, not deleted yet`);
  return { kind: "withdrawn" };
}

async function plansOf(connection: SavingsPlansConnection, { commitmentIds }: Commitment) {
  const listed = await listPlans(connection);
  const plans = listed.filter(({ savingsPlanId }) => commitmentIds.includes(savingsPlanId));
  if (plans.length < commitmentIds.length) throw new Error(`not all of ${commitmentIds.join(", ")} are listed`);
  return plans;
}

async function deleteQueued({ client, limit }: SavingsPlansConnection, { savingsPlanId }: ListedPlan): Promise<void> {
  const { DeleteQueuedSavingsPlanCommand } = await loadSavingsPlans();
  await client.send(new DeleteQueuedSavingsPlanCommand({ savingsPlanId }), { abortSignal: limit() });
}
