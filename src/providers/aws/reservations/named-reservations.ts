import type { EpochMs } from "../../../domain/clock.js";
import type { CommitmentRequest, TermedRequest } from "../../../domain/commitment-request/commitment-request.js";
import { commitmentNames, freeName, nameIn } from "../../commitment-names.js";
import type { CommitmentProvider, ProviderContext } from "../../commitment-provider.js";
import { withFailureCodes } from "../../failure-codes.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import type { AwsClient } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { AWS_TIMING, type AwsTiming } from "../aws-timing.js";
import { type AwsConnection, connector } from "../connect.js";
import { purchaseReservation } from "./purchase-reservation.js";
import { holderOf, type Reservation, sighted } from "./reservation.js";
import { existingUnder, orderOf, pricedOffering, type ReservationService } from "./reservation-service.js";

/** How one service sells reservations whose id the buyer chooses. */
export interface NamedService<Client extends AwsClient, Request extends TermedRequest, Command, Output>
  extends ReservationService<Client, Request, Command, Output> {
  /** The reservation of this name; `undefined` only where the service itself says that there is none. */
  describe(
    connection: AwsConnection<Client>,
    target: { readonly name: string; readonly request: Request },
  ): Promise<Reservation | undefined>;
}

/**
 * The provider of a service where the buyer names the reservation: contract `caller-named`.
 *
 * The name derives from the token, so the service itself refuses a second purchase of a line. Whatever was bought is
 * found under that name for ever.
 */
export function namedReservations<
  Client extends AwsClient,
  Request extends TermedRequest,
  Command extends { readonly middlewareStack: object },
  Output,
>(
  options: AwsProviderOptions<Client, AwsTiming>,
  service: NamedService<Client, Request, Command, Output>,
): CommitmentProvider<Request> {
  const connect = connector(options, { endpoints: "regional", timing: AWS_TIMING });

  /** The reservation that has a name, whatever its state. */
  async function holding(connection: AwsConnection<Client>, { request, name, now }: Named<Request>) {
    const reservation = await service.describe(connection, { name, request });
    return reservation && sighted(reservation, { states: service.states, now });
  }

  /** Every name that the line may use, with the reservation that has it. */
  function named(connection: AwsConnection<Client>, { request, token, context }: Line<Request>) {
    const { lineageAttempt, now } = context;
    const names = commitmentNames(token, lineageAttempt).map(async (name) => ({
      name,
      reservation: await holding(connection, { request, name, now }),
    }));
    return Promise.all(names);
  }

  return withFailureCodes<Request>(service.what, {
    service: service.service,
    idempotency: { kind: "caller-named", windowMs: null, ...AWS_TIMING, ...options.timing },
    async lookup(request, token, context) {
      const names = await named(await connect(request, context), { request, token, context });
      const taken = names.flatMap(({ name, reservation }) => (reservation ? { ...reservation, name } : []));
      return existingUnder(taken, orderOf(service, { request, prepared: context.prepared }), context);
    },
    async prepare(request, token, context) {
      const connection = await connect(request, context);
      const names = await named(connection, { request, token, context });
      const name = freeName(names.map(({ name, reservation }) => ({ name, holder: holderOf(reservation) })));
      const { reference, price, unitPrice } = await pricedOffering(connection, service, request);
      return { reference, price, detail: { name, unitPrice } };
    },
    purchase: (permit, context) =>
      purchaseReservation(
        { ...service, reservationIn: (output) => underItsName(service.reservationIn(output, permit), permit) },
        {
          connect,
          permit,
          context,
          async underSentName() {
            const { request, prepared } = permit;
            const target = { request, name: nameIn(prepared), now: context.now };
            const found = await holding(await connect(request, context), target);
            return found === undefined ? [] : [found];
          },
        },
      ),
  });
}

/** The reservation of an answer, if it has the name that was sent. */
const underItsName = (
  reservation: Reservation | undefined,
  { prepared }: PurchasePermit<CommitmentRequest>,
): Reservation | undefined => (reservation?.id.toLowerCase() === nameIn(prepared) ? reservation : undefined);

interface Line<Request> {
  readonly request: Request;
  readonly token: string;
  readonly context: ProviderContext;
}

interface Named<Request> {
  readonly request: Request;
  readonly name: string;
  readonly now: EpochMs;
}
