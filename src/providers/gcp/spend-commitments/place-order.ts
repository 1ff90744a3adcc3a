import type { GcpSpendRequest } from "../../../domain/commitment-request/gcp-spend.js";
import { nameIn } from "../../commitment-names.js";
import type { PurchaseContext, PurchaseOutcome } from "../../commitment-provider.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import { safeMessage } from "../../safe-message.js";
import { outcomeOfFailure, outcomeOfOperationError, saysPrecondition, saysTaken } from "../gcp-outcome.js";
import type { OrdersConnection } from "./connect-orders.js";
import { existing } from "./existing-order.js";
import { errorOf, followOperation, type OrderOperation, readOperation } from "./order-operation.js";
import { type OrderView, ordersNamed, readOrder } from "./order-view.js";
import { type HttpAnswer, refusalIn } from "./send-request.js";

type Permit = PurchasePermit<GcpSpendRequest>;

/** Sends a permit's order once and follows its operation; never throws for anything the cloud or the network does. */
export async function placeOrder(
  connection: OrdersConnection,
  permit: Permit,
  context: PurchaseContext,
): Promise<PurchaseOutcome> {
  const { account } = connection;
  const sent = await connection.post(`billingAccounts/${account}/orders:place`, orderOf(permit), () =>
    context.beforeWire(),
  );
  if (sent.kind === "not_sent") return { kind: "not_sent", reason: safeMessage(sent.thrown, permit.token) };
  if (sent.kind === "lost") return outcomeOfFailure(sent.thrown, permit.token);
  try {
    return await outcomeOfAnswer(connection, permit, sent.answer);
  } catch (thrown) {
    const reason = `what became of the order could not be found out: ${safeMessage(thrown, permit.token)}`;
    return { kind: "unknown", reason };
  }
}

/** The order of a line. It depends on nothing but the permit, so that every send is the same. */
const orderOf = ({ request, prepared }: Permit): object => ({
  displayName: nameIn(prepared),
  requestId: String(prepared.detail?.["requestId"]),
  lineItemInfo: [
    {
      offer: request.offer,
      parameters: [
        { name: "hourly_commit", value: { doubleValue: Number(request.hourlyCommitment) } },
        { name: "region", value: { stringValue: request.region } },
      ],
    },
  ],
});

async function outcomeOfAnswer(
  connection: OrdersConnection,
  permit: Permit,
  answer: HttpAnswer,
): Promise<PurchaseOutcome> {
  const failure = refusalIn(answer);
  if (failure === undefined) return outcomeOfOperation(connection, permit, readOperation(answer.data));
  if (saysTaken(failure)) return seen(permit, await placed(connection, permit), true);
  if (saysPrecondition(failure)) return wrongOffer(permit, failure);
  return outcomeOfFailure(failure, permit.token);
}

async function outcomeOfOperation(
  connection: OrdersConnection,
  permit: Permit,
  begun: OrderOperation,
): Promise<PurchaseOutcome> {
  const operation = await followOperation(connection, begun);
  if (!operation.done) return { kind: "unknown", reason: "the operation of the order has not ended yet" };
  const error = errorOf(operation);
  // A failed order is removed. So the operation's error and the missing order say the same.
  const found = await orderIn(connection, permit, operation);
  if (error !== undefined && found !== undefined && operation.name.startsWith(`${found.name}/`))
    return { kind: "unknown", reason: `the operation failed (${error.message}), and its order is still listed` };
  if (error === undefined || found !== undefined) return seen(permit, found, false);
  return error.code === "FAILED_PRECONDITION"
    ? wrongOffer(permit, new Error(error.message))
    : outcomeOfOperationError(error);
}

/** The order that an operation made: the one in its answer, or the one that is listed under the permit's name. */
async function orderIn(
  connection: OrdersConnection,
  permit: Permit,
  { response }: OrderOperation,
): Promise<OrderView | undefined> {
  const order = response && "name" in response ? readOrder(response) : undefined;
  return order?.displayName === nameIn(permit.prepared) ? order : placed(connection, permit);
}

/** The order that is listed under the permit's name. Throws if there are several, because only one was to be placed. */
async function placed(connection: OrdersConnection, { prepared }: Permit): Promise<OrderView | undefined> {
  const orders = await ordersNamed(connection, [nameIn(prepared)]);
  if (orders.length > 1) throw new Error(`${orders.length} orders have the name of the line`);
  return orders[0];
}

/** An order under the permit's name, whatever its state, as the answer to the purchase. */
function seen({ request }: Permit, order: OrderView | undefined, adopted: boolean): PurchaseOutcome {
  if (order === undefined) return { kind: "unknown", reason: "no order of the name is listed yet" };
  const { commitmentIds, startedAt, differences, sighting } = existing(order, request);
  if (differences.length > 0) return { kind: "unknown", reason: `the order differs: ${differences.join("; ")}` };
  const commitment = { commitmentIds, ...(startedAt !== undefined && { startedAt }), adopted };
  return { kind: "committed", commitment, ...(sighting && { sighting }) };
}

const OTHER_OFFER =
  "Google lists two names for most offers, before and after a billing account opted in to the new model of spend-based committed use discounts; submit the line with the other name.";

/**
 * The refusal of an order whose offer does not fit the billing account. `FAILED_PRECONDITION` is what Google answers
 * then, by a record of one of its engineers; Google's documents do not name a code.
 */
const wrongOffer = ({ token }: Permit, failure: Error): PurchaseOutcome => ({
  kind: "rejected",
  rejection: {
    code: "FAILED_PRECONDITION",
    message: safeMessage(failure, token),
    persistent: true,
    hint: OTHER_OFFER,
  },
});
