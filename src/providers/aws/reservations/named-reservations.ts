import type { EpochMs } from "../../../domain/clock.js";
import type { CommitmentRequest } from "../../../domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../../domain/evidence.js";
import { asking } from "../../asking.js";
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
import { findOffering, type Offering } from "./offering.js";
import { bought, existing, holderOf, isAsOrdered, type Order, type Reservation, sighted } from "./reservation.js";
import { whoseName } from "./whose-name.js";

/** How one service sells reservations whose id the buyer chooses. */
export interface NamedService<Client extends AwsClient, Request extends CommitmentRequest, Command, Output> {
  readonly service: Request["service"];
  /** What it sells, in words, such as `reserved DB instances`. */
  readonly what: string;
  readonly states: StateTable;
  wanted(request: Request): Attributes;
  listOfferings(connection: AwsConnection<Client>, request: Request): Promise<readonly Offering[]>;
  /** The reservation of this name; `undefined` only where the service itself says that there is none. */
  describe(
    connection: AwsConnection<Client>,
    target: { readonly name: string; readonly request: Request },
  ): Promise<Reservation | undefined>;
  /** The one request that a permit allows; it depends on nothing but the permit. */
  command(purchase: NamedPurchase<Request>): Promise<Command>;
  send(client: Client, command: Command, options: { readonly abortSignal: AbortSignal }): Promise<Output>;
  reservationIn(output: Output, request: Request): Reservation | undefined;
}

/** What a purchase of one permit says. */
export interface NamedPurchase<Request extends CommitmentRequest> {
  readonly request: Request;
  readonly token: string;
  readonly offeringId: string;
  readonly name: string;
}

/**
 * The provider of a service where the buyer names the reservation: contract `caller-named`.
 *
 * The name derives from the token, so a second purchase of a line is refused by the service itself, and whatever was
 * bought is found under it for ever.
 */
export function namedReservations<
  Client extends AwsClient,
  Request extends CommitmentRequest,
  Command extends { readonly middlewareStack: object },
  Output,
>(
  options: AwsProviderOptions<Client, AwsTiming>,
  service: NamedService<Client, Request, Command, Output>,
): CommitmentProvider<Request> {
  const connect = connector(options, { endpoints: "regional", timing: AWS_TIMING });

  /** What has a name, whatever its state. */
  async function holding(connection: AwsConnection<Client>, { request, name, now }: Named<Request>) {
    const reservation = await service.describe(connection, { name, request });
    return reservation && sighted(reservation, { states: service.states, now });
  }

  /** Every name that the line may use, with what has it. */
  async function named(request: Request, token: string, context: ProviderContext) {
    const connection = await connect(request, context);
    const { lineageAttempt, now } = context;
    const names = commitmentNames(token, lineageAttempt).map(async (name) => ({
      name,
      reservation: await holding(connection, { request, name, now }),
    }));
    return { connection, names: await Promise.all(names) };
  }

  const orderOf = (request: Request, prepared: Prepared | undefined): Order => ({
    request,
    wanted: service.wanted(request),
    prepared,
  });

  async function prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared> {
    const { connection, names } = await named(request, token, context);
    const name = freeName(names.map(({ name, reservation }) => ({ name, holder: holderOf(reservation) })));
    const listed = await service.listOfferings(connection, request);
    const what = `${service.what} in ${request.region}`;
    const { id, offering } = findOffering(listed, { what, wanted: service.wanted(request) });
    const price = linePrice(offering.unitPrice, request).total;
    checkPrice(request, price);
    return { reference: id, price, detail: { name, unitPrice: String(offering.unitPrice.fixed) } };
  }

  /** The reservation of an answer, if it has the name that was sent. */
  function ownIn(output: Output, { request, prepared }: PurchasePermit<Request>): Reservation | undefined {
    const reservation = service.reservationIn(output, request);
    return reservation?.id.toLowerCase() === nameIn(prepared) ? reservation : undefined;
  }

  return {
    service: service.service,
    idempotency: { kind: "caller-named", windowMs: null, ...AWS_TIMING, ...options.timing },
    lookup: (request, token, context) =>
      asking({ code: "LOOKUP_FAILED", what: `The ${service.what} could not be looked up`, token }, async () => {
        const { lineageAttempt, prepared } = context;
        const { names } = await named(request, token, context);
        const taken = names.flatMap(({ name, reservation }) => (reservation ? { ...reservation, name } : []));
        const found = answerOf(taken, { lineageAttempt, sentAs: sentNameIn(prepared) });
        return found.length === 0 ? undefined : existing(found, orderOf(request, prepared));
      }),
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
        command: () => service.command(purchaseOf(permit)),
        send: service.send,
        boughtIn(output) {
          const reservation = ownIn(output, permit);
          if (reservation === undefined || !isAsOrdered(reservation, order)) return undefined;
          return bought(sighted(reservation, { states: service.states, now: context.now }), order);
        },
        async whoseName() {
          const { request, prepared } = permit;
          const name = nameIn(prepared);
          const found = await holding(await connect(request, context), { request, name, now: context.now });
          return whoseName(found === undefined ? [] : [found], order);
        },
      });
    },
  };
}

interface Named<Request> {
  readonly request: Request;
  readonly name: string;
  readonly now: EpochMs;
}

const purchaseOf = <Request extends CommitmentRequest>({
  request,
  token,
  prepared,
}: PurchasePermit<Request>): NamedPurchase<Request> => ({
  request,
  token,
  offeringId: prepared.reference,
  name: nameIn(prepared),
});
