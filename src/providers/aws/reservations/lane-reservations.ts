import type { CommitmentRequest } from "../../../domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../../domain/evidence.js";
import { asking } from "../../asking.js";
import { attemptToken } from "../../attempt-token.js";
import { checkPrice } from "../../check-price.js";
import { commitmentNames, freeName, nameIn } from "../../commitment-names.js";
import type { CommitmentProvider, InventoryItem, ProviderContext } from "../../commitment-provider.js";
import type { IdempotencyContract } from "../../../domain/idempotency-contract.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import type { AwsClient } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { AWS_TIMING, type AwsTiming } from "../aws-timing.js";
import { type AwsConnection, connector } from "../connect.js";
import { linePrice } from "../line-price.js";
import { purchaseByCommand } from "../purchase-by-command.js";
import { type Attributes, mayBe } from "./attributes.js";
import { findOffering, type Offering } from "./offering.js";
import {
  bought,
  deadStateOf,
  existing,
  factsOf,
  holderOf,
  isAsOrdered,
  isLive,
  type Order,
  type Reservation,
} from "./reservation.js";
import { whoseName } from "./whose-name.js";

/** How one service sells reservations whose dedupe, if it has any, is not relied on. */
export interface LaneService<Client extends AwsClient, Request extends CommitmentRequest, Command, Output> {
  readonly service: Request["service"];
  /** What it sells, in words, such as `reserved instances of OpenSearch`. */
  readonly what: string;
  readonly contract: Pick<IdempotencyContract, "kind" | "windowMs">;
  wanted(request: Request): Attributes;
  listOfferings(connection: AwsConnection<Client>, request: Request): Promise<readonly Offering[]>;
  /** Every reservation of the account and region, whatever its state. */
  listReservations(connection: AwsConnection<Client>): Promise<readonly Reservation[]>;
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
 * The provider of a service whose purchases are told apart by their lane: account, region and offering.
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
  const connect = connector(options, "regional");

  const orderOf = (request: Request, prepared: Prepared | undefined): Order => ({
    request,
    wanted: service.wanted(request),
    prepared,
  });

  const namesOf = (token: string, { lineageAttempt }: ProviderContext): readonly string[] =>
    service.isNamed ? commitmentNames(token, lineageAttempt) : [];

  /** The reservations that have one of the line's names. */
  async function named(request: Request, names: readonly string[], context: ProviderContext) {
    if (names.length === 0) return [];
    const listed = await service.listReservations(await connect(request, context));
    return listed.filter(({ name }) => name !== undefined && names.includes(name));
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
      holder: holderOf(bearerOf(name, listed)),
    }));
    return {
      reference: id,
      lane: `${request.account}/${request.region}/${id}`,
      snapshot: inLane(listed, { wanted, offeringId: id }).map((reservation) => reservation.id),
      price,
      detail: {
        unitPrice: String(offering.unitPrice.fixed),
        ...(names.length > 0 && { name: freeName(names) }),
        ...(service.clientTokenOf && { clientToken: service.clientTokenOf(attemptToken(token, context)) }),
      },
    };
  }

  async function inventory(request: Request, token: string, context: ProviderContext) {
    const listed = await service.listReservations(await connect(request, context));
    const lane = inLane(listed, { wanted: service.wanted(request), offeringId: context.prepared?.reference });
    const ours = { token, names: namesOf(token, context), prepared: context.prepared };
    return lane.map((reservation) => inventoryItem(reservation, ours));
  }

  return {
    service: service.service,
    idempotency: { ...service.contract, ...AWS_TIMING, ...options.timing },
    lookup: (request, token, context) =>
      asking({ code: "LOOKUP_FAILED", what: `The ${service.what} could not be listed`, token }, async () => {
        const live = (await named(request, namesOf(token, context), context)).filter(isLive);
        return live.length === 0 ? undefined : existing(live, orderOf(request, context.prepared));
      }),
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
        deadStateIn: (output) => deadStateOf(service.reservationIn(output, permit)),
        commitmentIn(output) {
          const reservation = service.reservationIn(output, permit);
          return reservation && isAsOrdered(reservation, order) ? bought(reservation, order) : undefined;
        },
        ...(service.isNamed && {
          whoseName: async () => whoseName(await named(permit.request, [nameIn(permit.prepared)], context), order),
        }),
      });
    },
  };
}

/** What is live of a line's lane: everything that a purchase of this kind could turn out to be. */
const inLane = (
  listed: readonly Reservation[],
  { wanted, offeringId }: { readonly wanted: Attributes; readonly offeringId: string | undefined },
): readonly Reservation[] =>
  listed.filter(
    (reservation) =>
      isLive(reservation) &&
      (mayBe(wanted, reservation.stated) || (offeringId !== undefined && reservation.offeringId === offeringId)),
  );

/** The reservation that has a name: a live one, as a service that does not keep names unique may show dead ones besides. */
function bearerOf(name: string, listed: readonly Reservation[]): Reservation | undefined {
  const bearers = listed.filter((reservation) => reservation.name === name);
  return bearers.find(isLive) ?? bearers[0];
}

interface Ours {
  readonly token: string;
  readonly names: readonly string[];
  readonly prepared: Prepared | undefined;
}

function inventoryItem(reservation: Reservation, ours: Ours): InventoryItem {
  const { id, name, quantity } = reservation;
  // One that does not say when it starts may have been bought just now.
  const { startedAt = Number.MAX_SAFE_INTEGER, charge } = factsOf(reservation, ours.prepared);
  // Where the service keeps names, another name shows that it is another's; no name shows nothing.
  const token = name !== undefined && ours.names.includes(name) ? ours.token : name;
  return {
    commitmentId: id,
    quantity: quantity ?? 0,
    startedAt,
    ...(charge && { charge }),
    ...(ours.names.length > 0 && token !== undefined && { token }),
  };
}
