import type { Commitment } from "../../../../domain/evidence.js";
import type { ProviderContext, Withdrawal } from "../../../commitment-provider.js";
import { idsOf, type ListedPlan, listPlans } from "./listed-plans.js";
import { loadSavingsPlans, type SavingsPlansConnection } from "./savings-plans-client.js";

/**
 * Withdraws a queued plan, and reads it back.
 *
 * A plan for which nothing is owed any more counts as withdrawn. Throws if anything is owed for the plan in the end.
 */
export async function cancelQueued(
  connection: SavingsPlansConnection,
  commitment: Commitment,
  context: Pick<ProviderContext, "now">,
): Promise<Withdrawal> {
  const owed = await owedPlansOf(connection, commitment, context);
  const started = owed.find(({ state }) => state !== "queued");
  if (started !== undefined) return { kind: "started", state: String(started.state) };
  for (const plan of owed) await deleteQueued(connection, plan);
  const [left] = await owedPlansOf(connection, commitment, context);
  if (left !== undefined) throw new Error(`${left.savingsPlanId} is ${left.state}, not deleted yet`);
  return { kind: "withdrawn" };
}

async function owedPlansOf(
  connection: SavingsPlansConnection,
  { commitmentIds }: Commitment,
  context: Pick<ProviderContext, "now">,
) {
  const listed = await listPlans(connection, context);
  const plans = listed.filter(({ savingsPlanId }) => commitmentIds.includes(savingsPlanId));
  const missing = commitmentIds.filter((id) => !idsOf(plans).includes(id));
  if (missing.length > 0) throw new Error(`not all of ${commitmentIds.join(", ")} are listed`);
  return plans.filter(({ sighting }) => sighting.meaning !== "void");
}

async function deleteQueued({ client, limit }: SavingsPlansConnection, { savingsPlanId }: ListedPlan): Promise<void> {
  const { DeleteQueuedSavingsPlanCommand } = await loadSavingsPlans();
  await client.send(new DeleteQueuedSavingsPlanCommand({ savingsPlanId }), { abortSignal: limit() });
}
