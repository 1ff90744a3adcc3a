import type { Commitment } from "../../../../domain/evidence.js";
import type { ProviderContext, Withdrawal } from "../../../commitment-provider.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { idsOf, listReservedInstances } from "./reserved-instances.js";
import { sightingOf } from "./sighted-reservations.js";

/**
 * Withdraws a queued purchase, and reads it back.
 *
 * A part for which nothing is owed any more counts as withdrawn. Throws if anything is owed for any part in the end.
 */
export async function cancelQueued(
  connection: Ec2Connection,
  commitment: Commitment,
  context: Pick<ProviderContext, "now">,
): Promise<Withdrawal> {
  const owed = await owedPartsOf(connection, commitment, context);
  const started = owed.find((part) => !isQueued(part));
  if (started !== undefined) return { kind: "started", state: String(started.State) };
  if (owed.length > 0) await deleteQueued(connection, idsOf(owed));
  const left = await owedPartsOf(connection, commitment, context);
  if (left.length > 0) throw new Error(`${idsOf(left).join(", ")} is not listed as deleted yet`);
  return { kind: "withdrawn" };
}

const isQueued = ({ State }: { readonly State?: string | undefined }): boolean => State?.toLowerCase() === "queued";

async function owedPartsOf(
  connection: Ec2Connection,
  { commitmentIds }: Commitment,
  { now }: Pick<ProviderContext, "now">,
) {
  const listed = await listReservedInstances(connection);
  const parts = listed.filter(({ ReservedInstancesId }) => commitmentIds.includes(ReservedInstancesId));
  if (parts.length < commitmentIds.length) throw new Error(`not all of ${commitmentIds.join(", ")} are listed`);
  return parts.filter((part) => sightingOf(part, now).meaning !== "void");
}

async function deleteQueued({ client, limit }: Ec2Connection, ids: readonly string[]): Promise<void> {
  const { DeleteQueuedReservedInstancesCommand } = await loadEc2();
  const command = new DeleteQueuedReservedInstancesCommand({ ReservedInstancesIds: [...ids] });
  const { FailedQueuedPurchaseDeletions: failed = [] } = await client.send(command, { abortSignal: limit() });
  if (failed.length === 0) return;
  const codes = failed.map(({ ReservedInstancesId, Error: refusal }) => `${ReservedInstancesId}: ${refusal?.Code}`);
  throw new Error(`EC2 did not delete ${codes.join(", ")}`);
}
