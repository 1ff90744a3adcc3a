import type { TermedRequest } from "../../../domain/commitment-request/commitment-request.js";
import type { PurchaseContext, PurchaseOutcome } from "../../commitment-provider.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import type { Connect } from "../connect.js";
import { purchaseByCommand } from "../purchase-by-command.js";
import { bought, isAsOrdered, type SightedReservation, sighted } from "./reservation.js";
import { orderOf, type ReservationService } from "./reservation-service.js";
import { whoseName } from "./whose-name.js";

/** One purchase of a service that sells reservations. */
export interface ReservationPurchase<Client, Request extends TermedRequest> {
  readonly connect: Connect<Client>;
  readonly permit: PurchasePermit<Request>;
  readonly context: PurchaseContext;
  /** The reservations that have the name which was sent; for services where the buyer names them. */
  underSentName?(): Promise<readonly SightedReservation[]>;
}

/** Sends a permit's request at most once. Only a reservation that is as ordered counts as its answer. */
export function purchaseReservation<
  Client,
  Request extends TermedRequest,
  Command extends { readonly middlewareStack: object },
  Output,
>(
  service: ReservationService<Client, Request, Command, Output>,
  { connect, permit, context, underSentName }: ReservationPurchase<Client, Request>,
): Promise<PurchaseOutcome> {
  const order = orderOf(service, permit);
  return purchaseByCommand<Client, Command, Output>({
    connect,
    permit,
    context,
    command: () => service.command(permit),
    send: service.send,
    boughtIn(output) {
      const reservation = service.reservationIn(output, permit);
      if (reservation === undefined || !isAsOrdered(reservation, order)) return undefined;
      return bought(sighted(reservation, { states: service.states, now: context.now }), order);
    },
    ...(underSentName && { whoseName: async () => whoseName(await underSentName(), order) }),
  });
}
