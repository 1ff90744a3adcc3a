import type { TermedRequest } from "../../../domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../../domain/evidence.js";
import type { IdempotencyContract } from "../../../domain/idempotency-contract.js";
import { attemptToken } from "../../attempt-token.js";
import { commitmentNames, freeName, nameIn } from "../../commitment-names.js";
import type { CommitmentProvider, ProviderContext } from "../../commitment-provider.js";
import { withFailureCodes } from "../../failure-codes.js";
import type { AwsClient } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { AWS_TIMING, type AwsTiming } from "../aws-timing.js";
import { type AwsConnection, connector } from "../connect.js";
import { inLane, inventoryItem, type Lane } from "./lane.js";
import { purchaseReservation } from "./purchase-reservation.js";
import { holderOf, type Reservation, type SightedReservation, sighted } from "./reservation.js";
import { existingUnder, orderOf, pricedOffering, type ReservationService } from "./reservation-service.js";

/** How one service sells reservations, if the adapter does not rely on a dedupe by the service. */
export interface LaneService<Client extends AwsClient, Request extends TermedRequest, Command, Output>
  extends ReservationService<Client, Request, Command, Output> {
  readonly contract: Pick<IdempotencyContract, "kind" | "windowMs">;
  /** Every reservation of the account and region, whatever its state. */
  listReservations(connection: AwsConnection<Client>): Promise<readonly Reservation[]>;
  /** What became of reservations that are over, by their ids. For services with a call that tells. */
  listBecame?(connection: AwsConnection<Client>): Promise<ReadonlyMap<string, string>>;
  /** Set where a purchase names its reservation, and listings show the name. */
  readonly isNamed?: true;
  /**
   * The client token of a purchase, for services that take one and do not show it afterwards.
   *
   * Each retry by a person has another token, because a cloud that remembers a token answers with what it bought under
   * that token, dead or alive.
   */
  clientTokenOf?(token: string): string;
}

/**
 * The provider of a service whose purchases are told apart by their lane.
 *
 * The lane is the account and region, because that is all that every listing of the service states. Each permit sends
 * one request. If the service keeps a name, doubt ends by that name. Otherwise it ends by waiting until the request can
 * no longer land, and then comparing the lane with its snapshot.
 */
export function laneReservations<
  Client extends AwsClient,
  Request extends TermedRequest,
  Command extends { readonly middlewareStack: object },
  Output,
>(
  options: AwsProviderOptions<Client, AwsTiming>,
  service: LaneService<Client, Request, Command, Output>,
): CommitmentProvider<Request> {
  const connect = connector(options, { endpoints: "regional", timing: AWS_TIMING });

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

  async function prepare(request: Request, token: string, context: ProviderContext): Promise<Prepared> {
    const connection = await connect(request, context);
    const { reference, price, unitPrice } = await pricedOffering(connection, service, request);
    // Listed last: each purchase by somebody else after this listing is one more candidate for a person to judge.
    const listed = await service.listReservations(connection);
    const names = namesOf(token, context).map((name) => ({
      name,
      holder: holderOf(bearerOf(havingOneOf([name], listed).map((one) => sight(one, context)))),
    }));
    return {
      reference,
      lane: `${service.service}/${request.account}/${request.region}`,
      snapshot: inLane(listed, { wanted: service.wanted(request), reference }).map(({ id }) => id),
      price,
      detail: {
        unitPrice,
        ...(names.length > 0 && { name: freeName(names) }),
        ...(service.clientTokenOf && { clientToken: service.clientTokenOf(attemptToken(token, context)) }),
      },
    };
  }

  /** Reservations with what their states mean. If the table does not decide a meaning, the service is asked. */
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

  return withFailureCodes<Request>(service.what, {
    service: service.service,
    idempotency: { ...service.contract, ...AWS_TIMING, ...options.timing },
    async lookup(request, token, context) {
      const taken = await named(request, namesOf(token, context), context);
      return existingUnder(taken, orderOf(service, { request, prepared: context.prepared }), context);
    },
    async inventory(request, token, context) {
      const { prepared } = context;
      const connection = await connect(request, context);
      const lane: Lane = { wanted: service.wanted(request), reference: prepared?.reference };
      const listed = inLane(await service.listReservations(connection), lane);
      const ours = { token, names: namesOf(token, context), prepared };
      return (await told(connection, listed, context)).map((reservation) => inventoryItem(reservation, lane, ours));
    },
    prepare,
    purchase: (permit, context) =>
      purchaseReservation(service, {
        connect,
        permit,
        context,
        ...(service.isNamed && {
          underSentName: () => named(permit.request, [nameIn(permit.prepared)], context),
        }),
      }),
  });
}

/** The reservations that have one of these names. */
const havingOneOf = (names: readonly string[], listed: readonly Reservation[]) =>
  listed.flatMap((one) => (one.name !== undefined && names.includes(one.name) ? { ...one, name: one.name } : []));

/**
 * The reservation that counts among those of one name. A service that does not keep names unique may also show void
 * ones.
 */
const bearerOf = (bearers: readonly SightedReservation[]): SightedReservation | undefined =>
  bearers.find(({ sighting }) => sighting.meaning !== "void") ?? bearers[0];
