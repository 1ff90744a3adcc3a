import * as z from "zod";
import { listedAsOf } from "../../call-effects.js";
import { type AwsOperation, type AwsService, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { createReservation } from "../redshift-serverless/create-reservation.js";
import { listReservationOfferings } from "../redshift-serverless/list-reservation-offerings.js";
import { listReservations } from "../redshift-serverless/list-reservations.js";
import { redshiftServerlessProtocol } from "../redshift-serverless/redshift-serverless-protocol.js";
import { findServerlessOffering, serverlessOfferingJson } from "../redshift-serverless/serverless-offering.js";
import { serverlessReservationJson } from "../redshift-serverless/serverless-reservation.js";
import { ServerlessReservationsShelf } from "../redshift-serverless/serverless-reservations-shelf.js";
import { byTarget } from "../routing.js";

/** Redshift Serverless, as far as reservations go. */
export function redshiftServerlessService(world: AwsWorld): AwsService {
  const shelf = new ServerlessReservationsShelf(world.settings.listingLagMs);
  return {
    signingName: "redshift-serverless",
    name: "aws.redshift-serverless",
    protocol: redshiftServerlessProtocol,
    operationOf: byTarget("RedshiftServerless"),
    operations: {
      ListReservationOfferings: listReservationOfferings(world),
      GetReservationOffering: getReservationOffering(world),
      CreateReservation: createReservation(world, shelf),
      ListReservations: listReservations(shelf),
      GetReservation: getReservation(shelf),
    },
    commitments: (now) => shelf.commitments(now),
    setState: (commitmentId, state, at) => shelf.setState(commitmentId, state, at),
  };
}

function getReservationOffering(world: AwsWorld): AwsOperation {
  const input = z.object({ offeringId: z.string().min(1) });
  return operation(redshiftServerlessProtocol, input, ({ offeringId }, { region }) => ({
    reservationOffering: serverlessOfferingJson(findServerlessOffering(world, region, offeringId)),
  }));
}

function getReservation(shelf: ServerlessReservationsShelf): AwsOperation {
  const input = z.object({ reservationId: z.string().min(1) });
  return operation(redshiftServerlessProtocol, input, ({ reservationId }, call) => {
    const asOf = listedAsOf(call);
    return { reservation: serverlessReservationJson(shelf.find(call, reservationId, asOf), asOf) };
  });
}
