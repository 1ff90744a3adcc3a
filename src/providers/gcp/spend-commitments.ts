import type { GcpSpendRequest } from "../../domain/commitment-request/gcp-spend.js";
import { commitmentTotal } from "../../domain/commitment-request/hourly-commitment.js";
import type { Prepared } from "../../domain/evidence.js";
import { uuidV4Shaped } from "../../idempotency/token-formats.js";
import { attemptToken } from "../attempt-token.js";
import { commitmentNames, freeName, sentNameIn } from "../commitment-names.js";
import type { CommitmentProvider, ExistingCommitment, ProviderContext } from "../commitment-provider.js";
import { withFailureCodes } from "../failure-codes.js";
import { needKeyWithout } from "../need-key.js";
import { safeMessage } from "../safe-message.js";
import { answerOf } from "../state-table.js";
import { type GcpSpendOptions, type OrdersConnection, orderConnector } from "./spend-commitments/connect-orders.js";
import { existing } from "./spend-commitments/existing-order.js";
import { ordersNamed } from "./spend-commitments/order-view.js";
import { placeOrder } from "./spend-commitments/place-order.js";
import { setRenewal } from "./spend-commitments/set-renewal.js";
import { REQUEST_ID_WINDOW_MS, SPEND_TIMING } from "./spend-commitments/spend-timing.js";
import { withDenials } from "./with-denials.js";

/**
 * Buys spend-based committed use discounts with Google's Cloud Commerce Consumer Procurement API, v1: contract
 * `native-token`.
 *
 * Google ignores a second order with the same request id for at least 24 hours. The name that a line's order is shown
 * under is derived from the token, so the order is found by it for ever. Needs `consumerprocurement.orders.place`,
 * `get`, `list` and `modify` in the billing account: the role `roles/billing.admin` or
 * `roles/consumerprocurement.orderAdmin`.
 */
export function gcpSpendCommitments(options: GcpSpendOptions): CommitmentProvider<GcpSpendRequest> {
  const connect = orderConnector(options);

  const found = async (connection: OrdersConnection, names: readonly string[], request: GcpSpendRequest) =>
    (await ordersNamed(connection, names)).map((order) => existing(order, request));

  async function lookup(
    request: GcpSpendRequest,
    token: string,
    context: ProviderContext,
  ): Promise<ExistingCommitment | undefined> {
    const connection = await connect(request, context);
    const { lineageAttempt, prepared } = context;
    const orders = await found(connection, commitmentNames(token, lineageAttempt), request);
    const answer = answerOf(orders, { lineageAttempt, sentAs: sentNameIn(prepared) });
    const [first] = answer;
    if (first === undefined) return undefined;
    const { name: _, ...seen } = first;
    if (answer.length === 1) return seen;
    const ids = answer.flatMap(({ commitmentIds }) => commitmentIds);
    return {
      ...seen,
      commitmentIds: ids,
      differences: [...seen.differences, `orders: expected 1, found ${ids.length}`],
    };
  }

  async function prepare(request: GcpSpendRequest, token: string, context: ProviderContext): Promise<Prepared> {
    const connection = await connect(request, context);
    const names = commitmentNames(token, context.lineageAttempt);
    const orders = await found(connection, names, request);
    const name = freeName(names.map((one) => ({ name: one, holder: holderIn(orders, one) })));
    return {
      reference: request.offer,
      price: commitmentTotal(request),
      // Google answers a request id that it remembers with the old order, also if that order failed. So each retry by a
      // person has another request id.
      detail: { name, requestId: uuidV4Shaped(attemptToken(token, context)) },
    };
  }

  return withFailureCodes("spend-based commitments", {
    service: "gcp.spend",
    needKey: (request) => needKeyWithout(request, ["hourlyCommitment", "autoRenew"]),
    idempotency: { kind: "native-token", windowMs: REQUEST_ID_WINDOW_MS, ...SPEND_TIMING, ...options.timing },
    lookup: (request, token, context) => withDenials(token, () => lookup(request, token, context)),
    prepare: (request, token, context) => withDenials(token, () => prepare(request, token, context)),
    async purchase(permit, context) {
      const connection = await connect(permit.request, context).catch((thrown: unknown) => ({ thrown }));
      if ("thrown" in connection) return { kind: "not_sent", reason: safeMessage(connection.thrown, permit.token) };
      return placeOrder(connection, permit, context);
    },
    label: async (commitment, _, context) =>
      setRenewal(await connect(context.request, context), commitment, context.request),
  });
}

/** The order that has a name, as its holder. Every order that is not void counts as bought. */
function holderIn(orders: readonly (ExistingCommitment & { readonly name: string })[], name: string) {
  const order = orders.find((one) => one.name === name);
  const { meaning = "live", state } = order?.sighting ?? {};
  return order && { isLive: meaning !== "void", state };
}
