import * as z from "zod";
import { effectOf } from "../../call-effects.js";
import { deterministicId } from "../../deterministic-id.js";
import { purchaseIdOf } from "../../purchase-id.js";
import { StateHistory } from "../../state-history.js";
import { AwsError } from "../aws-error.js";
import { type AwsCall, type AwsOperation, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { redshiftServerlessProtocol } from "./redshift-serverless-protocol.js";
import { findServerlessOffering } from "./serverless-offering.js";
import { type ServerlessReservation, serverlessReservationJson } from "./serverless-reservation.js";
import type { ServerlessReservationsShelf } from "./serverless-reservations-shelf.js";

const input = z.object({
  capacity: z.int().min(1),
  offeringId: z.string().min(1).max(64),
  clientToken: z.uuidv4("Member must be a valid UUIDv4").optional(),
});
type Input = z.infer<typeof input>;

interface Shop {
  readonly world: AwsWorld;
  readonly shelf: ServerlessReservationsShelf;
}

/** Reserves RPUs, once for each client token for as long as the token is remembered. */
export function createReservation(world: AwsWorld, shelf: ServerlessReservationsShelf): AwsOperation {
  const shop: Shop = { world, shelf };
  return operation(redshiftServerlessProtocol, input, (request, call) => {
    const reservation = replayed(request, call, shop) ?? buy(request, call, shop);
    return { reservation: serverlessReservationJson(reservation, call.now) };
  });
}

/** The reservation that this token bought, if it is still remembered. */
function replayed(request: Input, call: AwsCall, { world, shelf }: Shop): ServerlessReservation | undefined {
  const original = request.clientToken === undefined ? undefined : shelf.boughtUnder(call, request.clientToken);
  const { clientTokenWindowMs, changedRequestUnderToken } = world.settings;
  if (original === undefined || call.now >= original.purchasedAt + clientTokenWindowMs) return undefined;
  if (changedRequestUnderToken === "return-original" || asksFor(request, original)) return original;
  throw new AwsError("ConflictException", 400, "The client token was used before with other parameters");
}

function asksFor({ capacity, offeringId }: Input, original: ServerlessReservation): boolean {
  return capacity === original.capacity && offeringId === original.offering.offeringId;
}

function buy({ capacity, offeringId, clientToken }: Input, call: AwsCall, { world, shelf }: Shop) {
  const offering = findServerlessOffering(world, call.region, offeringId);
  const number = world.nextNumber();
  const reservation: ServerlessReservation = {
    id: deterministicId(`serverless-reservation:${call.account}:${call.region}:${number}`),
    purchaseId: purchaseIdOf(number),
    account: call.account,
    region: call.region,
    offering,
    capacity,
    clientToken,
    purchasedAt: call.now,
    paymentPendingMs: world.settings.paymentPendingMs,
    paymentFails: effectOf(call, "payment-fails") !== undefined,
    states: new StateHistory(),
  };
  shelf.add(reservation);
  return reservation;
}
