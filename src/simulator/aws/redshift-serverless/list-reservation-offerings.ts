import { repeatsPageToken } from "../../call-effects.js";
import { type AwsOperation, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { redshiftServerlessProtocol } from "./redshift-serverless-protocol.js";
import { serverlessOfferingJson, serverlessOfferings } from "./serverless-offering.js";
import { serverlessPageOf, serverlessPageSchema } from "./serverless-page.js";

/** Lists what is on sale in the region of the call. */
export function listReservationOfferings(world: AwsWorld): AwsOperation {
  return operation(redshiftServerlessProtocol, serverlessPageSchema, (request, call) => {
    const { rows, nextToken } = serverlessPageOf(serverlessOfferings(world, call.region), request, {
      emptyPages: world.settings.emptyPages,
      repeatToken: repeatsPageToken(call),
    });
    return { reservationOfferingsList: rows.map(serverlessOfferingJson), nextToken };
  });
}
