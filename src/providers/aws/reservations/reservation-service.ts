import type { TermedRequest } from "../../../domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../../domain/evidence.js";
import { checkPrice } from "../../check-price.js";
import { sentNameIn } from "../../commitment-names.js";
import type { ExistingCommitment, ProviderContext } from "../../commitment-provider.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import { answerOf, type StateTable } from "../../state-table.js";
import type { AwsConnection } from "../connect.js";
import { linePrice } from "../line-price.js";
import type { OpenValue } from "../only-offering.js";
import type { Attributes } from "./attributes.js";
import { findOffering, type Offering } from "./offering.js";
import { existing, type Order, type Reservation, type SightedReservation } from "./reservation.js";

/** How one service sells reservations: what it lists, and the one request that buys. */
export interface ReservationService<Client, Request extends TermedRequest, Command, Output> {
  readonly service: Request["service"];
  /** What it sells, in words, such as `reserved DB instances`. */
  readonly what: string;
  readonly states: StateTable;
  wanted(request: Request): Attributes;
  /** Attributes that decide only between offerings that are alike otherwise. No reservation is judged by them. */
  preferred?(request: Request): Attributes;
  /** The value of a line that the service judges, with those that are known. */
  openValue?(request: Request): OpenValue;
  listOfferings(connection: AwsConnection<Client>, request: Request): Promise<readonly Offering[]>;
  /** The one request that a permit allows; it depends on nothing but the permit. */
  command(permit: PurchasePermit<Request>): Promise<Command>;
  send(client: Client, command: Command, options: { readonly abortSignal: AbortSignal }): Promise<Output>;
  /**
   * The reservation that the answer says was bought. It is `undefined` if the answer names none, or not what was asked
   * for.
   */
  reservationIn(output: Output, permit: PurchasePermit<Request>): Reservation | undefined;
}

/** What a line buys of a service, and what an earlier request of the line was sent with. */
export const orderOf = <Request extends TermedRequest>(
  { wanted }: Pick<ReservationService<never, Request, never, never>, "wanted">,
  { request, prepared }: { readonly request: Request; readonly prepared?: Prepared | undefined },
): Order => ({ request, wanted: wanted(request), prepared });

/** The offering that a line buys, with its price. Throws `PRICE_DRIFT` if the price is not as expected. */
export async function pricedOffering<Client, Request extends TermedRequest>(
  connection: AwsConnection<Client>,
  service: Pick<
    ReservationService<Client, Request, never, never>,
    "what" | "wanted" | "preferred" | "openValue" | "listOfferings"
  >,
  request: Request,
) {
  const listed = await service.listOfferings(connection, request);
  const { id, offering } = findOffering(listed, {
    what: `${service.what} in ${request.region}`,
    wanted: service.wanted(request),
    preferred: service.preferred?.(request),
    open: service.openValue?.(request),
  });
  const price = linePrice(offering.unitPrice, request).total;
  checkPrice(request, price);
  return { reference: id, price, unitPrice: String(offering.unitPrice.fixed) };
}

/** The answer of a lookup, from the reservations that have a name of the line. */
export function existingUnder(
  taken: readonly (SightedReservation & { readonly name: string })[],
  order: Order,
  { lineageAttempt }: Pick<ProviderContext, "lineageAttempt">,
): ExistingCommitment | undefined {
  const found = answerOf(taken, { lineageAttempt, sentAs: sentNameIn(order.prepared) });
  return found.length === 0 ? undefined : existing(found, order);
}
