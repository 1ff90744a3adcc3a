import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { deterministicId } from "../../deterministic-id.js";
import type { LedgerPurchase } from "../../ledger.js";
import { type Page, type PageRequest, pageOf } from "../../paging.js";
import { purchaseIdOf } from "../../purchase-id.js";
import { SimulatedError } from "../../simulated-error.js";
import type { StateHistory } from "../../state-history.js";
import { type AwsCall, type AwsOperation, type AwsService, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { CommitmentShelf } from "../commitment-shelf.js";
import { awsJson } from "../protocol/aws-json.js";
import { purchaseFacts } from "../purchase-facts.js";
import type { PricedOffering } from "../regional-offerings.js";
import { byTarget } from "../routing.js";
import { TERM_SECONDS, totalPrice } from "../terms-and-prices.js";

/** Near the real prices of us-east-1: 0.36 an hour on demand, 24 percent less if all is paid upfront, 20 if not. */
const PRICES = [
  { offeringType: "ALL_UPFRONT", fixedPrice: 2396.74, hourlyPrice: 0 },
  { offeringType: "NO_UPFRONT", fixedPrice: 0, hourlyPrice: 0.288 },
] as const;

/**
 * A Redshift Serverless reservation offering of one region, in USD.
 *
 * The API does not say what the prices are for; an offering knows no capacity, so they are taken for one RPU.
 */
interface Offering extends PricedOffering {
  readonly offeringType: "ALL_UPFRONT" | "NO_UPFRONT";
  readonly durationSeconds: number;
}

/** A Redshift Serverless reservation as AWS keeps it; it has no tags. */
interface Reservation {
  readonly id: string;
  readonly purchaseId: string;
  readonly account: string;
  readonly region: string;
  readonly offering: Offering;
  /** In RPUs. */
  readonly capacity: number;
  readonly clientToken?: string | undefined;
  /** When it was bought, which is when the term starts. */
  readonly purchasedAt: number;
  readonly paymentPendingMs: number;
  readonly paymentFails: boolean;
  readonly states: StateHistory;
}

interface Shop {
  readonly world: AwsWorld;
  readonly shelf: CommitmentShelf<Reservation>;
}

const protocol = awsJson({ invalidInput: "ValidationException", internal: "InternalServerException" });

/** Redshift Serverless, as far as reservations go. */
export function redshiftServerlessService(world: AwsWorld): AwsService {
  const shelf = new CommitmentShelf(world.settings.listingLagMs, ledgerRow);
  return {
    signingName: "redshift-serverless",
    name: "aws.redshift-serverless",
    protocol,
    operationOf: byTarget("RedshiftServerless"),
    operations: {
      ListReservationOfferings: listOfferings(world),
      GetReservationOffering: getOffering(world),
      CreateReservation: createReservation({ world, shelf }),
      ListReservations: listReservations(shelf),
      GetReservation: getReservation(shelf),
    },
    commitments: (now) => shelf.commitments(now),
    setState: (commitmentId, state, at) => shelf.setState(commitmentId, state, at),
  };
}

const pageInput = z.object({
  maxResults: z._default(z.int().check(z.gte(1), z.lte(100)), 100),
  nextToken: z.optional(z.string()),
});

/** Cuts the page out of all rows; refuses a token that was never given out. */
function pageFor<Row>(
  rows: readonly Row[],
  { maxResults, nextToken }: z.infer<typeof pageInput>,
  how: Pick<PageRequest, "emptyPages" | "repeatToken">,
): Page<Row> {
  const page = pageOf(rows, { token: nextToken, size: maxResults, ...how });
  if (page !== undefined) return page;
  throw new SimulatedError("ValidationException", 400, "The token is not valid");
}

/** Lists what is on sale in the region of the call. */
function listOfferings(world: AwsWorld): AwsOperation {
  return operation(protocol, pageInput, (request, call) => {
    const { emptyPages } = world.settings;
    const how = { emptyPages, repeatToken: repeatsPageToken(call) };
    const { rows, nextToken } = pageFor(offeringsIn(call.region, world), request, how);
    return { reservationOfferingsList: rows.map(offeringJson), nextToken };
  });
}

function getOffering(world: AwsWorld): AwsOperation {
  const input = z.object({ offeringId: z.string().check(z.minLength(1)) });
  return operation(protocol, input, ({ offeringId }, { region }) => ({
    reservationOffering: offeringJson(offeringOnSale(offeringId, region, world)),
  }));
}

/** What is on sale in `region`: one year, paid at once or by the hour, always under the same ids. */
function offeringsIn(region: string, { settings }: AwsWorld): Offering[] {
  if (settings.offerings.replace === true) return [];
  return PRICES.map((prices) => ({
    ...prices,
    region,
    offeringId: deterministicId(`serverless-offering:${region}:${prices.offeringType}`),
    durationSeconds: TERM_SECONDS.oneYear,
  }));
}

/** The offering with this id; refused if the region does not sell it. */
function offeringOnSale(offeringId: string, region: string, world: AwsWorld): Offering {
  const found = offeringsIn(region, world).find((candidate) => candidate.offeringId === offeringId);
  if (found !== undefined) return found;
  throw new SimulatedError("ResourceNotFoundException", 400, `Reservation offering ${offeringId} not found`);
}

const orderInput = z.object({
  capacity: z.int().check(z.gte(1)),
  offeringId: z.string().check(z.minLength(1), z.maxLength(64)),
  clientToken: z.optional(z.uuidv4("Member must be a valid UUIDv4")),
});
type Order = z.infer<typeof orderInput>;

/** Reserves RPUs, once for each client token for as long as the token is remembered. */
function createReservation(shop: Shop): AwsOperation {
  return operation(protocol, orderInput, (order, call) => {
    const reservation = replayed(order, call, shop) ?? buy(order, call, shop);
    return { reservation: reservationJson(reservation, call.now) };
  });
}

/** The reservation that this token last bought, listed or not, if the token is still remembered. */
function replayed({ clientToken, ...order }: Order, call: AwsCall, { world, shelf }: Shop): Reservation | undefined {
  if (clientToken === undefined) return undefined;
  const original = shelf.boughtBy(call).findLast((reservation) => reservation.clientToken === clientToken);
  const { clientTokenWindowMs, changedRequestUnderToken } = world.settings;
  if (original === undefined || call.now >= original.purchasedAt + clientTokenWindowMs) return undefined;
  if (changedRequestUnderToken === "return-original" || isFor(order, original)) return original;
  throw new SimulatedError("ConflictException", 400, "The client token was used before with other parameters");
}

function isFor({ capacity, offeringId }: Order, original: Reservation): boolean {
  return capacity === original.capacity && offeringId === original.offering.offeringId;
}

function buy({ capacity, offeringId, clientToken }: Order, call: AwsCall, { world, shelf }: Shop): Reservation {
  const offering = offeringOnSale(offeringId, call.region, world);
  const number = world.nextNumber();
  const reservation: Reservation = {
    id: deterministicId(`serverless-reservation:${call.account}:${call.region}:${number}`),
    purchaseId: purchaseIdOf(number),
    ...purchaseFacts(call, world),
    region: call.region,
    offering,
    capacity,
    clientToken,
  };
  shelf.add(reservation);
  return reservation;
}

/** Lists the caller's reservations in the region of the call. */
function listReservations(shelf: CommitmentShelf<Reservation>): AwsOperation {
  return operation(protocol, pageInput, (request, call) => {
    const asOf = listedAsOf(call);
    const how = { emptyPages: false, repeatToken: repeatsPageToken(call) };
    const { rows, nextToken } = pageFor(shelf.listed(call, asOf), request, how);
    return { reservationsList: rows.map((row) => reservationJson(row, asOf)), nextToken };
  });
}

function getReservation(shelf: CommitmentShelf<Reservation>): AwsOperation {
  const input = z.object({ reservationId: z.string().check(z.minLength(1)) });
  return operation(protocol, input, ({ reservationId: id }, call) => {
    const asOf = listedAsOf(call);
    const found = shelf.listed(call, asOf).find((reservation) => reservation.id === id);
    if (found === undefined) throw new SimulatedError("ResourceNotFoundException", 400, `Reservation ${id} not found`);
    return { reservation: reservationJson(found, asOf) };
  });
}

function offeringJson(offering: Offering): object {
  return {
    offeringId: offering.offeringId,
    duration: offering.durationSeconds,
    upfrontCharge: offering.fixedPrice,
    hourlyCharge: offering.hourlyPrice,
    currencyCode: "USD",
    offeringType: offering.offeringType,
  };
}

function reservationJson(reservation: Reservation, moment: number): object {
  const { id, account, region, capacity, offering, purchasedAt } = reservation;
  return {
    reservationId: id,
    reservationArn: `arn:aws:redshift-serverless:${region}:${account}:reservation/${id}`,
    startDate: new Date(purchasedAt).toISOString(),
    endDate: new Date(endOf(reservation)).toISOString(),
    capacity,
    offering: offeringJson(offering),
    status: statusOf(reservation, moment),
  };
}

/** The status at `moment`, computed from what is kept: nothing has to run for the status to change. */
function statusOf(reservation: Reservation, moment: number): string {
  return reservation.states.asOf(moment) ?? statusByClock(reservation, moment);
}

function statusByClock(reservation: Reservation, moment: number): string {
  if (moment < reservation.purchasedAt + reservation.paymentPendingMs) return "payment-pending";
  if (reservation.paymentFails) return "payment-failed";
  return moment < endOf(reservation) ? "active" : "retired";
}

function endOf({ purchasedAt, offering }: Reservation): number {
  return purchasedAt + offering.durationSeconds * 1000;
}

function ledgerRow(reservation: Reservation, now: number): LedgerPurchase {
  const { id, offering, capacity, clientToken, account, region, purchaseId, purchasedAt } = reservation;
  return {
    service: "aws.redshift-serverless",
    account,
    region,
    commitmentId: id,
    purchaseId,
    offeringId: offering.offeringId,
    quantity: capacity,
    ...(clientToken !== undefined && { token: clientToken }),
    tags: {},
    state: statusOf(reservation, now),
    purchasedAt,
    charge: { amount: totalPrice(offering.fixedPrice, capacity), currency: "USD" },
  };
}
