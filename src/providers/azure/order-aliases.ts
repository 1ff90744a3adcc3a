import * as z from "zod/mini";
import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../domain/evidence.js";
import type { Money } from "../../domain/money.js";
import { commitmentNames, freeName, nameIn, sentNameIn } from "../commitment-names.js";
import type { CommitmentProvider, ProviderContext, PurchaseOutcome } from "../commitment-provider.js";
import { withFailureCodes } from "../failure-codes.js";
import { parseAnswer } from "../parse-answer.js";
import type { PurchasePermit } from "../purchase-permit.js";
import { askIfExists } from "./ask-arm.js";
import { AZURE_TIMING, type AzureProviderOptions } from "./azure-provider-options.js";
import { type AzureConnection, connector } from "./connect.js";
import { answeredOrder, existingOrder, type FoundOrder, holderOf, several } from "./existing-order.js";
import { findOrder } from "./find-order.js";
import { followOrder, outcomeOfOrder } from "./follow-order.js";
import { sightingOf } from "./order-states.js";
import { bareId, type OrderView } from "./order-view.js";
import { purchaseByCall } from "./purchase-by-call.js";

/** How Azure sells one kind of commitment under an alias that the buyer names. */
export interface AliasedService<Request extends CommitmentRequest> {
  readonly service: Request["service"];
  /** What it sells, in words, such as `reservations`. */
  readonly what: string;
  needKey(request: Request): string;
  aliasPath(name: string): string;
  orderPath(orderId: string): string;
  /** The one body that a permit allows; it depends on nothing but the permit. */
  body(request: Request, name: string): object;
  /**
   * The order that an alias stands for, and how the alias differs from the line. Throws for a body that is no alias.
   */
  readAlias(body: unknown, request: Request): { readonly orderId: string; readonly differences: readonly string[] };
  /** What the line costs over its whole term, if Azure would sell it now. Moves no money. */
  quote(connection: AzureConnection, request: Request, name: string): Promise<Money>;
}

const namedAnswer = z.object({ id: z.nullish(z.string()), name: z.nullish(z.string()) });

interface FoundAlias extends FoundOrder {
  readonly differences: readonly string[];
}

/**
 * The provider of orders under an alias, whose name derives from the token: contract `caller-named`.
 *
 * It is not documented what a second PUT of an alias does. So none is ever sent before absence is proved: the window is
 * 0. Azure does not say what such a purchase is charged, so its charge stays unknown.
 */
export function orderAliases<Request extends CommitmentRequest>(
  options: AzureProviderOptions,
  service: AliasedService<Request>,
): CommitmentProvider<Request> {
  const connect = connector(options);

  const order = (connection: AzureConnection, orderId: string) =>
    findOrder(connection, service.orderPath(orderId), orderId);

  function readNamed(body: unknown, name: string, request: Request) {
    const stated = parseAnswer(namedAnswer, body, "order alias");
    const found = bareId(stated.name || stated.id || name);
    if (found !== name) throw new Error(`asked for alias ${name}, answered with ${found}`);
    return service.readAlias(body, request);
  }

  async function alias(connection: AzureConnection, name: string, request: Request): Promise<FoundAlias | undefined> {
    const body = await askIfExists(connection, { method: "GET", path: service.aliasPath(name) });
    if (body === undefined) return undefined;
    const { orderId, differences } = readNamed(body, name, request);
    const shown = (await order(connection, orderId)) ?? unseen(orderId);
    return { name, differences, order: shown, sighting: sightingOf(shown, connection.now) };
  }

  const aliases = (connection: AzureConnection, request: Request, names: readonly string[]) =>
    Promise.all(names.map(async (name) => ({ name, found: await alias(connection, name, request) })));

  async function lookup(request: Request, token: string, context: ProviderContext) {
    const { lineageAttempt, prepared } = context;
    const names = commitmentNames(token, lineageAttempt);
    const found = (await aliases(await connect(request, context), request, names)).flatMap(({ found }) => found ?? []);
    const answer = answeredOrder(found, { lineageAttempt, sentAs: sentNameIn(prepared) });
    return answer && existingOrder(answer.order, [...answer.order.differences, ...several(answer.others)]);
  }

  async function prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared> {
    const connection = await connect(request, context);
    const found = await aliases(connection, request, commitmentNames(token, context.lineageAttempt));
    const name = freeName(found.map(({ name, found }) => ({ name, holder: found && holderOf(found) })));
    return { reference: name, price: await service.quote(connection, request, name), detail: { name } };
  }

  /** The outcome of a purchase whose name is taken, by the alias that has this name. */
  async function whose(
    { request, prepared }: PurchasePermit<Request>,
    connection: AzureConnection,
  ): Promise<PurchaseOutcome> {
    const found = await alias(connection, nameIn(prepared), request);
    if (found === undefined)
      return { kind: "unknown", reason: "the name is taken, and no alias of that name is shown" };
    return differs(found) ?? outcomeOfOrder(found.order, connection);
  }

  return withFailureCodes(service.what, {
    service: service.service,
    needKey: service.needKey,
    idempotency: { kind: "caller-named", windowMs: 0, ...AZURE_TIMING, ...options.timing },
    lookup,
    prepare,
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
          const bought = readNamed(body, nameIn(permit.prepared), permit.request);
          const look = () => order(connection, bought.orderId);
          return differs(bought) ?? outcomeOfOrder(await followOrder(connection, look), connection);
        },
        whose: (connection) => whose(permit, connection),
      }),
  });
}

// An alias names its order at once, and the order may not be shown yet. `Creating` is the first state of every order.
const unseen = (id: string): OrderView => ({
  id,
  state: "Creating",
  startedAt: undefined,
  endsAt: undefined,
  properties: {},
});

/** The outcome for an alias that is not what the line buys: whatever came of the purchase, a person has to look. */
const differs = ({ differences }: Pick<FoundAlias, "differences">): PurchaseOutcome | undefined =>
  differences.length === 0
    ? undefined
    : { kind: "unknown", reason: `the alias of this name differs: ${differences.join("; ")}` };
