import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { PurchaseContext, PurchaseOutcome } from "../commitment-provider.js";
import type { PurchasePermit } from "../purchase-permit.js";
import { safeMessage } from "../safe-message.js";
import { sendAtMostOnce } from "./at-most-one-send.js";
import { TAKEN_CODES } from "./azure-error-codes.js";
import { isAccepted, outcomeOfFailure } from "./azure-outcome.js";
import type { ArmCall, AzureConnection, Connect } from "./connect.js";

/** One purchase call: what is sent, and what its answers mean. */
export interface CallPurchase {
  readonly connect: Connect;
  readonly permit: PurchasePermit<CommitmentRequest>;
  readonly context: PurchaseContext;
  /** The call of this permit. Nothing but the permit may go into it. */
  readonly call: ArmCall;
  /** What became of a purchase that Azure accepted, by the body of its answer. */
  follow(body: unknown, connection: AzureConnection): Promise<PurchaseOutcome>;
  /** Finds out whose the id or name is that Azure says is taken. */
  whose(connection: AzureConnection): Promise<PurchaseOutcome>;
  /** A second look at an answer with the code `BadRequest`, which Azure gives for many things. */
  afterBadRequest?(outcome: PurchaseOutcome, connection: AzureConnection): Promise<PurchaseOutcome>;
}

/** Sends a permit's call at most once and follows it; never throws for anything the cloud or the network does. */
export async function purchaseByCall(purchase: CallPurchase): Promise<PurchaseOutcome> {
  const { connect, permit, context, call } = purchase;
  const opened = await connect(permit.request, context).catch((thrown: unknown) => ({ thrown }));
  if ("thrown" in opened) return { kind: "not_sent", reason: safeMessage(opened.thrown, permit.token) };
  const sent = await sendAtMostOnce(opened, call, () => context.beforeWire());
  try {
    if (sent.kind === "answered" && isAccepted(sent.answer)) return await purchase.follow(sent.answer.body, opened);
    if (sent.kind === "answered" && TAKEN_CODES.has(sent.answer.code ?? "")) return await purchase.whose(opened);
    if (sent.kind === "answered" && sent.answer.code === "BadRequest" && purchase.afterBadRequest)
      return await purchase.afterBadRequest(outcomeOfFailure(sent, permit.token), opened);
  } catch (thrown) {
    const reason = `what became of the order could not be found out: ${safeMessage(thrown, permit.token)}`;
    return { kind: "unknown", reason };
  }
  return outcomeOfFailure(sent, permit.token);
}
