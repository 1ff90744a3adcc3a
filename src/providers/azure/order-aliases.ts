import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../domain/evidence.js";
import type { Money } from "../../domain/money.js";
import { asking } from "../asking.js";
import { commitmentNames, freeName, nameIn } from "../commitment-names.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  ProviderContext,
  PurchaseOutcome,
} from "../commitment-provider.js";
import type { PurchasePermit } from "../purchase-permit.js";
import { askIfExists } from "./ask-arm.js";
import { AZURE_TIMING, type AzureProviderOptions } from "./azure-provider-options.js";
import { type AzureConnection, connector } from "./connect.js";
import { chargeIn, existingOrder } from "./existing-order.js";
import { followOrder, outcomeOfOrder } from "./follow-order.js";
import { isLive, type OrderView, readOrder } from "./order-view.js";
import { purchaseByCall } from "./purchase-by-call.js";

/** How Azure sells one kind of commitment under an alias that the buyer names. */
export interface AliasedService<Request extends CommitmentRequest> {
  readonly service: Request["service"];
  /** What it sells, in words, such as `reservations`. */
  readonly what: string;
  aliasPath(name: string): string;
  orderPath(orderId: string): string;
  /** The one body that a permit allows; it depends on nothing but the permit. */
  body(request: Request, name: string): object;
  /** The order that an alias stands for, and in what the alias differs from the line; throws for what is no alias. */
  readAlias(body: unknown, request: Request): { readonly orderId: string; readonly differences: readonly string[] };
  /** Moves no money: what the line costs over its term, and at once, if Azure would sell it now. */
  quote(connection: AzureConnection, request: Request, name: string): Promise<Quote>;
}

/** What a line costs. */
export interface Quote {
  /** Over its whole term. */
  readonly price: Money;
  /** At once, where Azure says so. */
  readonly charge?: Money;
}

interface FoundAlias {
  readonly name: string;
  readonly differences: readonly string[];
  /** `undefined` while Azure does not show it yet. */
  readonly order: OrderView | undefined;
}

/**
 * The provider of orders under an alias, whose name derives from the token: contract `caller-named`.
 *
 * What a second PUT of an alias does is not documented, so none is ever sent before absence is proved: the window is 0.
 */
export function orderAliases<Request extends CommitmentRequest>(
  options: AzureProviderOptions,
  service: AliasedService<Request>,
): CommitmentProvider<Request> {
  const connect = connector(options);

  async function order(connection: AzureConnection, orderId: string): Promise<OrderView | undefined> {
    const body = await askIfExists(connection, { method: "GET", path: service.orderPath(orderId) });
    return body === undefined ? undefined : readOrder(body);
  }

  async function alias(connection: AzureConnection, name: string, request: Request): Promise<FoundAlias | undefined> {
    const body = await askIfExists(connection, { method: "GET", path: service.aliasPath(name) });
    if (body === undefined) return undefined;
    const { orderId, differences } = service.readAlias(body, request);
    return { name, differences, order: (await order(connection, orderId)) ?? unseen(orderId) };
  }

  const aliases = (connection: AzureConnection, request: Request, names: readonly string[]) =>
    Promise.all(names.map(async (name) => ({ name, found: await alias(connection, name, request) })));

  async function lookup(request: Request, token: string, context: ProviderContext) {
    const names = commitmentNames(token, context.lineageAttempt);
    const found = (await aliases(await connect(request, context), request, names)).flatMap(({ found }) => found ?? []);
    return existing(
      found.filter(({ order }) => order && isLive(order)),
      context.prepared,
    );
  }

  async function prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared> {
    const connection = await connect(request, context);
    const found = await aliases(connection, request, commitmentNames(token, context.lineageAttempt));
    const name = freeName(found.map(({ name, found }) => ({ name, holder: found?.order && holderOf(found.order) })));
    const { price, charge } = await service.quote(connection, request, name);
    return { reference: name, price, detail: { name, ...(charge && { charge }) } };
  }

  /** What has the name that a purchase was sent under. */
  async function whose(
    { request, prepared }: PurchasePermit<Request>,
    connection: AzureConnection,
  ): Promise<PurchaseOutcome> {
    const found = await alias(connection, nameIn(prepared), request);
    if (found === undefined)
      return { kind: "unknown", reason: "the name is taken, and no alias of that name is shown" };
    if (found.differences.length > 0)
      return { kind: "unknown", reason: `the name is taken: ${found.differences.join("; ")}` };
    return outcomeOfOrder(found.order, chargeIn(prepared));
  }

  return {
    service: service.service,
    idempotency: { kind: "caller-named", windowMs: 0, ...AZURE_TIMING, ...options.timing },
    lookup: (request, token, context) =>
      asking({ code: "LOOKUP_FAILED", what: `The ${service.what} could not be looked up`, token }, () =>
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
          path: service.aliasPath(nameIn(permit.prepared)),
          body: service.body(permit.request, nameIn(permit.prepared)),
        },
        async follow(body, connection) {
          const { orderId } = service.readAlias(body, permit.request);
          return outcomeOfOrder(
            await followOrder(connection, () => order(connection, orderId)),
            chargeIn(permit.prepared),
          );
        },
        whose: (connection) => whose(permit, connection),
      }),
  };
}

// An alias names its order at once, and the order may not be shown yet.
const unseen = (id: string): OrderView => ({ id, state: "Creating", startedAt: undefined, properties: {} });

const holderOf = (order: OrderView) => ({ isLive: isLive(order), state: order.state });

function existing(live: readonly FoundAlias[], prepared: Prepared | undefined): ExistingCommitment | undefined {
  const [first, ...others] = live;
  if (first?.order === undefined) return undefined;
  const several = others.length > 0 ? [`orders: expected 1, found ${live.length}`] : [];
  return existingOrder(first.order, [...first.differences, ...several], prepared);
}
