import type { AzureReservationsRequest } from "../../../domain/commitment-request/azure-reservations.js";
import type { Prepared } from "../../../domain/evidence.js";
import { type Money, moneySchema } from "../../../domain/money.js";
import { asking } from "../../asking.js";
import { commitmentNames, freeName, nameIn } from "../../commitment-names.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  ProviderContext,
  PurchaseOutcome,
} from "../../commitment-provider.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import { AZURE_TIMING, type AzureProviderOptions } from "../azure-provider-options.js";
import { type AzureConnection, connector } from "../connect.js";
import { existingOrder } from "../existing-order.js";
import { followOrder, outcomeOfOrder } from "../follow-order.js";
import { isLive, type OrderView } from "../order-view.js";
import { purchaseByCall } from "../purchase-by-call.js";
import { capacityBody } from "./bodies.js";
import { calculatePrice } from "./calculate-price.js";
import { getOrder, listOrders, orderDifferences, orderPath } from "./order.js";
import { reservationDifferences } from "./reservation.js";

type Request = AzureReservationsRequest;

// Each calculation opens a session; an order that still meets a closed one is not tried for ever.
const MAX_SESSIONS = 3;

/**
 * The provider of orders whose id Azure mints with a calculation: contract `server-minted`.
 *
 * The write-ahead keeps the id, so a doubt ends by reading that order. The display name derives from the token, so a
 * purchase whose id was lost is found in the list of orders. How long a session lives, and what a second PUT of an order
 * does, is not documented, so none is sent before absence is proved: the window is 0.
 */
export function calculatedOrders(options: AzureProviderOptions): CommitmentProvider<Request> {
  const connect = connector(options);

  async function lookup(request: Request, token: string, context: ProviderContext) {
    const connection = await connect(request, context);
    const { prepared } = context;
    const sent = prepared && (await getOrder(connection, prepared.reference));
    // Minted for this line, so it is nobody else's.
    if (sent !== undefined && isLive(sent))
      return existingOrder(sent, [...orderDifferences(sent, request)], chargeIn(prepared));
    return existingByName(connection, request, commitmentNames(token, context.lineageAttempt));
  }

  async function existingByName(
    connection: AzureConnection,
    request: Request,
    names: readonly string[],
  ): Promise<ExistingCommitment | undefined> {
    const [order, ...others] = (await listOrders(connection)).filter(hasOneOf(names)).filter(isLive);
    if (order === undefined) return undefined;
    const differences = [
      ...orderDifferences(order, request),
      ...(await reservationDifferences(connection, order, request)),
    ];
    const several = others.length > 0 ? [`orders: expected 1, found ${others.length + 1}`] : [];
    return existingOrder(order, [...differences, ...several]);
  }

  async function prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared> {
    const connection = await connect(request, context);
    const listed = await listOrders(connection);
    const names = commitmentNames(token, context.lineageAttempt);
    const name = freeName(names.map((name) => ({ name, holder: holderOf(listed.filter(hasOneOf([name]))) })));
    const { orderId, price, charge } = await calculatePrice(connection, request, name);
    return { reference: orderId, price, detail: { name, ...(charge && { charge }) } };
  }

  /** What has the order id that a purchase was sent under. */
  async function whose(
    { request, prepared }: PurchasePermit<Request>,
    connection: AzureConnection,
  ): Promise<PurchaseOutcome> {
    const order = await getOrder(connection, prepared.reference);
    if (order === undefined) return { kind: "unknown", reason: "the order id is taken, and no such order is shown" };
    const differences = [...orderDifferences(order, request)];
    if (differences.length > 0) return { kind: "unknown", reason: `the order differs: ${differences.join("; ")}` };
    return outcomeOfOrder(order, chargeIn(prepared));
  }

  /** A bad request may be a session that is over: then another calculation helps, if the order really does not exist. */
  async function afterBadRequest(
    permit: PurchasePermit<Request>,
    outcome: PurchaseOutcome,
    connection: AzureConnection,
  ): Promise<PurchaseOutcome> {
    if ((await getOrder(connection, permit.prepared.reference)) !== undefined) return whose(permit, connection);
    if (outcome.kind !== "rejected" || permit.attempt >= MAX_SESSIONS) return outcome;
    return {
      kind: "not_now",
      reason: `${outcome.rejection.message} (order ${permit.prepared.reference} does not exist)`,
    };
  }

  return {
    service: "azure.reservations",
    idempotency: { kind: "server-minted", windowMs: 0, ...AZURE_TIMING, ...options.timing },
    lookup: (request, token, context) =>
      asking({ code: "LOOKUP_FAILED", what: "The reservation orders could not be looked up", token }, () =>
        lookup(request, token, context),
      ),
    prepare: (request, token, context) =>
      asking({ code: "PREPARE_FAILED", what: "The purchase could not be prepared", token }, () =>
        prepare(request, token, context),
      ),
    purchase: (permit, context) =>
      purchaseByCall({
        connect,
        permit,
        context,
        call: {
          method: "PUT",
          path: orderPath(permit.prepared.reference),
          body: capacityBody(permit.request, nameIn(permit.prepared)),
        },
        follow: async (_body, connection) => {
          const look = () => getOrder(connection, permit.prepared.reference);
          return outcomeOfOrder(await followOrder(connection, look), chargeIn(permit.prepared));
        },
        whose: (connection) => whose(permit, connection),
        afterBadRequest: (outcome, connection) => afterBadRequest(permit, outcome, connection),
      }),
  };
}

const hasOneOf =
  (names: readonly string[]) =>
  ({ properties }: OrderView): boolean =>
    typeof properties["displayName"] === "string" && names.includes(properties["displayName"].toLowerCase());

/** Of several orders of one name a live one counts; a name whose orders are all dead is spent. */
function holderOf(orders: readonly OrderView[]) {
  const order = orders.find(isLive) ?? orders[0];
  return order && { isLive: isLive(order), state: order.state };
}

/** What is charged at once, as Azure calculated it for the order id that the write-ahead keeps. */
function chargeIn(prepared: Prepared | undefined): Money | undefined {
  const charge = moneySchema.safeParse(prepared?.detail?.["charge"]);
  return charge.success ? charge.data : undefined;
}
