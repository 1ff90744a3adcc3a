import type { CommitmentRequest } from "../../../domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../../domain/evidence.js";
import type { IdempotencyContract } from "../../../domain/idempotency-contract.js";
import { asking } from "../../asking.js";
import { attemptToken } from "../../attempt-token.js";
import { checkPrice } from "../../check-price.js";
import { commitmentNames, freeName, nameIn, sentNameIn } from "../../commitment-names.js";
import type { CommitmentProvider, ProviderContext } from "../../commitment-provider.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import { answerOf, type StateTable } from "../../state-table.js";
import type { AwsClient } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { AWS_TIMING, type AwsTiming } from "../aws-timing.js";
import { type AwsConnection, connector } from "../connect.js";
import { linePrice } from "../line-price.js";
import { purchaseByCommand } from "../purchase-by-command.js";
import type { Attributes } from "./attributes.js";
import { inLane, inventoryItem, type Lane } from "./lane.js";
import { findOffering, type Offering } from "./offering.js";
import {
  bought,
  existing,
  holderOf,
  isAsOrdered,
  type Order,
  type Reservation,
  type SightedReservation,
  sighted,
} from "./reservation.js";
import { whoseName } from "./whose-name.js";

/** How one service sells reservations whose dedupe, if it has any, is not relied on. */
export interface LaneService<Client extends AwsClient, Request extends CommitmentRequest, Command, Output> {
  readonly service: Request["service"];
  /** What it sells, in words, such as `reserved instances of OpenSearch`. */
  readonly what: string;
  readonly states: StateTable;
  readonly contract: Pick<IdempotencyContract, "kind" | "windowMs">;
  wanted(request: Request): Attributes;
  listOfferings(connection: AwsConnection<Client>, request: Request): Promise<readonly Offering[]>;
  /** Every reservation of the account and region, whatever its state. */
  listReservations(connection: AwsConnection<Client>): Promise<readonly Reservation[]>;
  /** What became of reservations that are over, by their ids; for services with a call that tells. */
  listBecame?(connection: AwsConnection<Client>): Promise<ReadonlyMap<string, string>>;
  /** Set where a purchase names its reservation, and listings show the name. */
  readonly isNamed?: true;
  /**
   * The client token of a purchase, for services that take one and show no trace of it. Each retry by a person has another
   * one, because a cloud answers a token that it remembers with what it bought, dead or alive.
   */
  clientTokenOf?(token: string): string;
  /** The one request that a permit allows; it depends on nothing but the permit. */
  command(permit: PurchasePermit<Request>): Promise<Command>;
  send(client: Client, command: Command, options: { readonly abortSignal: AbortSignal }): Promise<Output>;
  /** What the answer says was bought; `undefined` where it names nothing, or something else than was asked for. */
  reservationIn(output: Output, permit: PurchasePermit<Request>): Reservation | undefined;
}

/**
 * The provider of a service whose purchases are told apart by their lane: the account and region, all that every listing of
 * it states.
 *
 * Each permit sends one request. Doubt ends by the name, where the service keeps one, or by waiting until the request can
 * no longer land and then comparing the lane with its snapshot.
 */
export function laneReservations<
  Client extends AwsClient,
  Request extends CommitmentRequest,
  Command extends { readonly middlewareStack: object },
  Output,
>(
  options: AwsProviderOptions<Client, AwsTiming>,
  service: LaneService<Client, Request, Command, Output>,
): CommitmentProvider<Request> {
  const connect = connector(options, { endpoints: "regional", timing: AWS_TIMING });

  const orderOf = (request: Request, prepared: Prepared | undefined): Order => ({
    request,
    wanted: service.wanted(request),
    prepared,
  });

  const sight = (reservation: Reservation, { now }: ProviderContext, became?: string) =>
    sighted(reservation, { states: service.states, now, became });

  const namesOf = (token: string, { lineageAttempt }: ProviderContext): readonly string[] =>
    service.isNamed ? commitmentNames(token, lineageAttempt) : [];

  /** The reservations that have one of the line's names, whatever their state. */
  async function named(request: Request, names: readonly string[], context: ProviderContext) {
    const connection = await connect(request, context);
    if (names.length === 0) return [];
    return havingOneOf(names, await service.listReservations(connection)).map((one) => ({
      ...sight(one, context),
      name: one.name,
    }));
  }

  async function lookup(request: Request, token: string, context: ProviderContext) {
    const { lineageAttempt, prepared } = context;
    const taken = await named(request, namesOf(token, context), context);
    const found = answerOf(taken, { lineageAttempt, sentAs: sentNameIn(prepared) });
    return found.length === 0 ? undefined : existing(found, orderOf(request, prepared));
  }

  async function prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared> {
    const connection = await connect(request, context);
    const wanted = service.wanted(request);
    const what = `${service.what} in ${request.region}`;
    const { id, offering } = findOffering(await service.listOfferings(connection, request), { what, wanted });
    const price = linePrice(offering.unitPrice, request).total;
    checkPrice(request, price);
    // Listed last: what is bought after this by somebody else is one more candidate for a person to judge.
    const listed = await service.listReservations(connection);
    const names = namesOf(token, context).map((name) => ({
      name,
      holder: holderOf(bearerOf(havingOneOf([name], listed).map((one) => sight(one, context)))),
    }));
    return {
      reference: id,
      lane: `${service.service}/${request.account}/${request.region}`,
      snapshot: inLane(listed, { wanted, reference: id }).map((reservation) => reservation.id),
      price,
      detail: {
        unitPrice: String(offering.unitPrice.fixed),
        ...(names.length > 0 && { name: freeName(names) }),
        ...(service.clientTokenOf && { clientToken: service.clientTokenOf(attemptToken(token, context)) }),
      },
    };
  }

  async function inventory(request: Request, token: string, context: ProviderContext) {
    const { prepared } = context;
    const connection = await connect(request, context);
    const lane: Lane = { wanted: service.wanted(request), reference: prepared?.reference };
    const listed = inLane(await service.listReservations(connection), lane);
    const ours = { token, names: namesOf(token, context), prepared };
    return (await told(connection, listed, context)).map((reservation) => inventoryItem(reservation, lane, ours));
  }

  /** Reservations with what their states mean; where the table cannot say it, the service is asked. */
  async function told(
    connection: AwsConnection<Client>,
    listed: readonly Reservation[],
    context: ProviderContext,
  ): Promise<readonly SightedReservation[]> {
    const { snapshot = [] } = context.prepared ?? {};
    const seen = listed.map((reservation) => sight(reservation, context));
    const isNew = ({ id, sighting }: SightedReservation) => sighting.meaning === "unclear" && !snapshot.includes(id);
    if (service.listBecame === undefined || !seen.some(isNew)) return seen;
    const became = await service.listBecame(connection);
    return seen.map((reservation) => sight(reservation, context, became.get(reservation.id)));
  }

  return {
    service: service.service,
    idempotency: { ...service.contract, ...AWS_TIMING, ...options.timing },
    lookup: (request, token, context) =>
      asking({ code: "LOOKUP_FAILED", what: `The ${service.what} could not be listed`, token }, () =>
        lookup(request, token, context),
      ),
    inventory: (request, token, context) =>
      asking({ code: "LOOKUP_FAILED", what: `The ${service.what} could not be listed`, token }, () =>
        inventory(request, token, context),
      ),
    prepare: (request, token, context) =>
      asking({ code: "PREPARE_FAILED", what: "The offering could not be determined", token }, () =>
        prepare(request, token, context),
      ),
    purchase: (permit, context) => {
      const order = orderOf(permit.request, permit.prepared);
      return purchaseByCommand<Client, Command, Output>({
        connect,
        permit,
        context,
        command: () => service.command(permit),
        send: service.send,
        boughtIn(output) {
          const reservation = service.reservationIn(output, permit);
          if (reservation === undefined || !isAsOrdered(reservation, order)) return undefined;
          return bought(sight(reservation, context), order);
        },
        ...(service.isNamed && {
          whoseName: async () => whoseName(await named(permit.request, [nameIn(permit.prepared)], context), order),
        }),
      });
    },
  };
}

/** The reservations that have one of some names. */
const havingOneOf = (names: readonly string[], listed: readonly Reservation[]) =>
  listed.flatMap((one) => (one.name !== undefined && names.includes(one.name) ? { ...one, name: one.name } : []));

/** Of the reservations of one name the one that counts: a service that does not keep names unique may show void ones besides. */
const bearerOf = (bearers: readonly SightedReservation[]): SightedReservation | undefined =>
  bearers.find(({ sighting }) => sighting.meaning !== "void") ?? bearers[0];
