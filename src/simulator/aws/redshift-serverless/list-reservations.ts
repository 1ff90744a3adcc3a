import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { type AwsOperation, operation } from "../aws-service.js";
import { redshiftServerlessProtocol } from "./redshift-serverless-protocol.js";
import { serverlessPageOf, serverlessPageSchema } from "./serverless-page.js";
import { serverlessReservationJson } from "./serverless-reservation.js";
import type { ServerlessReservationsShelf } from "./serverless-reservations-shelf.js";

/** Lists the caller's reservations in the region of the call. */
export function listReservations(shelf: ServerlessReservationsShelf): AwsOperation {
  return operation(redshiftServerlessProtocol, serverlessPageSchema, (request, call) => {
    const asOf = listedAsOf(call);
    const { rows, nextToken } = serverlessPageOf(shelf.listed(call, asOf), request, {
      emptyPages: false,
      repeatToken: repeatsPageToken(call),
    });
    return { reservationsList: rows.map((row) => serverlessReservationJson(row, asOf)), nextToken };
  });
}
