import type { Commitment } from "../../../domain/evidence.js";
import type { Withdrawal } from "../../commitment-provider.js";
import { type Ec2Connection, loadEc2 } from "../ec2-client.js";
import { idsOf, listReservedInstances } from "./reserved-instances.js";

/**
 * Withdraws a queued purchase, and reads it back.
 *
 * Throws unless every part of it is listed as `queued-deleted` in the end.
 */
export async function cancelQueued(connection: Ec2Connection, commitment: Commitment): Promise<Withdrawal> {
  const parts = await partsOf(connection, commitment);
  const started = parts.find(({ State }) => State !== "queued" && State !== "queued-deleted");
  if (started !== undefined) return { kind: "started", state: String(started.State) };
  const queued = parts.filter(({ State }) => State === "queued");
  if (queued.length > 0) await deleteQueued(connection, idsOf(queued));
  const left = (await partsOf(connection, commitment)).filter(({ State }) => State !== "queued-deleted");
  if (left.length > 0) throw new Error(`${idsOf(left).join(", ")} is not listed as deleted yet`);
  return { kind: "withdrawn" };
}

async function partsOf(connection: Ec2Connection, { commitmentIds }: Commitment) {
  const listed = await listReservedInstances(connection);
  const parts = listed.filter(({ ReservedInstancesId }) => commitmentIds.includes(ReservedInstancesId));
  if (parts.length < commitmentIds.length) throw new Error(`not all of ${commitmentIds.join(", ")} are listed`);
  return parts;
}

async function deleteQueued({ client, limit }: Ec2Connection, ids: readonly string[]): Promise<void> {
  const { DeleteQueuedReservedInstancesCommand } = await loadEc2();
  const command = new DeleteQueuedReservedInstancesCommand({ ReservedInstancesIds: [...ids] });
  const { FailedQueuedPurchaseDeletions: failed = [] } = await client.send(command, { abortSignal: limit() });
  if (failed.length === 0) return;
  const codes = failed.map(({ ReservedInstancesId, Error: refusal }) => `${ReservedInstancesId}: ${refusal?.Code}`);
  throw new Error(`EC2 did not delete ${codes.join(", ")}`);
}
