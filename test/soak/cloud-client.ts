import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import { messageOf } from "../../src/domain/errors.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  InventoryItem,
  PurchaseOutcome,
} from "../../src/providers/commitment-provider.js";
import { SERVICES, type SoakService } from "./contracts.js";
import type { CloudCall } from "./serve-cloud.js";

/**
 * A provider that asks the soak's cloud over HTTP, once for each call.
 *
 * A `hedging` one sends each purchase twice and takes the first answer, as some clients do to be fast.
 */
export function cloudClient(url: string, service: SoakService, hedging: boolean): CommitmentProvider<CustomRequest> {
  const ask = async (operation: string, call: CloudCall, signal: AbortSignal): Promise<unknown> => {
    const reply = await fetch(`${url}/${service}/${operation}`, { method: "POST", body: JSON.stringify(call), signal });
    if (reply.status !== 200) throw new Error(`${operation} was answered ${reply.status}: ${await reply.text()}`);
    const { result } = (await reply.json()) as { readonly result?: unknown };
    return result;
  };
  return {
    service,
    idempotency: SERVICES[service],
    lookup: async (request, token, { signal, prepared }) =>
      (await ask("lookup", { request, token, ...(prepared && { prepared }) }, signal)) as
        | ExistingCommitment
        | undefined,
    prepare: async (request, token, { signal }) =>
      (await ask("prepare", { request, token }, signal)) as Awaited<ReturnType<CommitmentProvider["prepare"]>>,
    async purchase({ request, token, attempt, submittedAt, prepared }, { signal, beforeWire }) {
      beforeWire();
      const call = { request, token, won: { request, token, attempt, submittedAt, prepared } };
      const send = () => ask("purchase", call, signal);
      return await (hedging ? Promise.any([send(), send()]) : send()).then(
        (outcome) => outcome as PurchaseOutcome,
        (thrown: unknown): PurchaseOutcome => ({ kind: "unknown", reason: messageOf(thrown) }),
      );
    },
    inventory: async (request, token, { signal }) =>
      (await ask("inventory", { request, token }, signal)) as readonly InventoryItem[],
    ...(service === "custom.none" && {
      async label(commitment, token, { request, signal }) {
        await ask("label", { request, token, commitment }, signal);
        return undefined;
      },
    }),
  };
}
