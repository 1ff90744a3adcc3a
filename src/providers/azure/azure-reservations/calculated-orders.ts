import type { AzureReservationsRequest } from "../../../domain/commitment-request/azure-reservations.js";
import type { Prepared } from "../../../domain/evidence.js";
import { type Money, moneySchema } from "../../../domain/money.js";
import { commitmentNames, freeName, nameIn, sentNameIn } from "../../commitment-names.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  ProviderContext,
  PurchaseOutcome,
} from "../../commitment-provider.js";
import { withFailureCodes } from "../../failure-codes.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import { AZURE_TIMING, type AzureProviderOptions } from "../azure-provider-options.js";
import { type AzureConnection, connector } from "../connect.js";
import { answeredOrder, existingOrder, type FoundOrder, holderOf, several } from "../existing-order.js";
import { followOrder, outcomeOfOrder } from "../follow-order.js";
import { sightingOf } from "../order-states.js";
import { purchaseByCall } from "../purchase-by-call.js";
import { capacityBody } from "./bodies.js";
import { calculatePrice } from "./calculate-price.js";
import { reservationNeedKey } from "./need-key.js";
import { getOrder, listOrders, orderDifferences, orderPath } from "./order.js";
import { reservationDifferences } from "./reservation.js";

type Request = AzureReservationsRequest;

// Each calculation opens a session. An order that still meets a closed session is not tried for ever.
const MAX_SESSIONS = 3;

/**
 * The provider of orders whose id Azure mints with a calculation: contract `server-minted`.
 *
 * The write-ahead keeps the id, so a doubt ends by reading that order. The display name derives from the token, so a
 * purchase whose id was lost is found in the list of orders. It is not documented how long a session lives, nor what a
 * second PUT of an order does. So no second PUT is sent before absence is proved: the window is 0.
 */
export function calculatedOrders(options: AzureProviderOptions): CommitmentProvider<Request> {
  const connect = connector(options);

  async function lookup(request: Request, token: string, context: ProviderContext) {
    const connection = await connect(request, context);
    const { prepared } = context;
    const sent = prepared && (await sentOrder(connection, prepared));
    // The id was minted for this line, so the order is nobody else's. A void order is the answer unless another order
    // has a name of the line.
    if (sent !== undefined && sent.sighting.meaning !== "void") return ofOwnId(sent, request, prepared);
    const named = await ordersNamed(connection, commitmentNames(token, context.lineageAttempt));
    const found = sent === undefined ? named : [...named.filter(({ order }) => order.id !== sent.order.id), sent];
    const { lineageAttempt } = context;
    const answer = answeredOrder(found, { lineageAttempt, sentAs: sentNameIn(prepared) });
    if (answer === undefined) return undefined;
    if (answer.order === sent) return ofOwnId(sent, request, prepared);
    const differences = await differencesOf(answer.order, request, connection);
    return existingOrder(answer.order, [...differences, ...several(answer.others)]);
  }

  async function prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared> {
    const connection = await connect(request, context);
    const names = commitmentNames(token, context.lineageAttempt);
    const found = await ordersNamed(connection, names);
    const name = freeName(names.map((name) => ({ name, holder: holderAmong(found, name) })));
    const { orderId, price, charge } = await calculatePrice(connection, request, name);
    if (orderId === undefined) throw new Error("the calculated price has no order id to buy under");
    return { reference: orderId, price, detail: { name, ...(charge && { charge }) } };
  }

  /** The outcome of a purchase whose order id is taken, by the order that has this id. */
  async function whose(
    { request, prepared }: PurchasePermit<Request>,
    connection: AzureConnection,
  ): Promise<PurchaseOutcome> {
    const order = await getOrder(connection, prepared.reference);
    if (order === undefined) return { kind: "unknown", reason: "the order id is taken, and no such order is shown" };
    const differences = [...orderDifferences(order, request)];
    if (differences.length > 0) return { kind: "unknown", reason: `the order differs: ${differences.join("; ")}` };
    return outcomeOfOrder(order, connection, chargeIn(prepared));
  }

  /**
   * A bad request may mean a session that is over. Then another calculation helps, if the order really does not exist.
   */
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

  return withFailureCodes("reservations", {
    service: "azure.reservations",
    needKey: reservationNeedKey,
    idempotency: { kind: "server-minted", windowMs: 0, ...AZURE_TIMING, ...options.timing },
    lookup,
    prepare,
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
          return outcomeOfOrder(await followOrder(connection, look), connection, chargeIn(permit.prepared));
        },
        whose: (connection) => whose(permit, connection),
        afterBadRequest: (outcome, connection) => afterBadRequest(permit, outcome, connection),
      }),
  });
}

/** The order whose id the write-ahead keeps, if Azure shows it. */
async function sentOrder(connection: AzureConnection, prepared: Prepared): Promise<FoundOrder | undefined> {
  const order = await getOrder(connection, prepared.reference);
  return order && { name: nameIn(prepared), order, sighting: sightingOf(order, connection.now) };
}

/** The listed orders with one of these display names, whatever their state. */
async function ordersNamed(connection: AzureConnection, names: readonly string[]): Promise<readonly FoundOrder[]> {
  return (await listOrders(connection)).flatMap((order) => {
    const { displayName } = order.properties;
    const name = typeof displayName === "string" ? displayName.toLowerCase() : undefined;
    if (name === undefined || !names.includes(name)) return [];
    return [{ name, order, sighting: sightingOf(order, connection.now) }];
  });
}

/**
 * How an order that was found by its name differs from a line. Of a void order only the order itself is compared,
 * because nothing is owed for it, whosever it is.
 */
async function differencesOf(
  { order, sighting }: FoundOrder,
  request: Request,
  connection: AzureConnection,
): Promise<readonly string[]> {
  if (sighting.meaning === "void") return [...orderDifferences(order, request)];
  return [...orderDifferences(order, request), ...(await reservationDifferences(connection, order, request))];
}

const ofOwnId = (sent: FoundOrder, request: Request, prepared: Prepared | undefined): ExistingCommitment =>
  existingOrder(sent, [...orderDifferences(sent.order, request)], chargeIn(prepared));

/**
 * The holder of one name among several orders: one that counts as bought. If all orders of a name are void, it is
 * spent.
 */
function holderAmong(found: readonly FoundOrder[], name: string) {
  const holders = found.filter((one) => one.name === name).map(holderOf);
  return holders.find(({ isLive }) => isLive) ?? holders[0];
}

/** What is charged at once, as Azure calculated it for the order id that the write-ahead keeps. */
function chargeIn(prepared: Prepared | undefined): Money | undefined {
  const charge = moneySchema().safeParse(prepared?.detail?.["charge"]);
  return charge.success ? charge.data : undefined;
}
