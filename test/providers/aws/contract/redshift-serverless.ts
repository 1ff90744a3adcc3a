import {
  CreateReservationCommand,
  ListReservationOfferingsCommand,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import type { AwsRedshiftServerlessRequest } from "../../../../src/domain/commitment-request/aws-redshift-serverless.js";
import { uuidV4Shaped } from "../../../../src/idempotency/token-formats.js";
import { redshiftServerlessReservations } from "../../../../src/providers/aws/services/redshift-serverless-reservations.js";
import { ACCOUNT } from "../simulated-line.js";
import { type AwsServiceUnderTest, only } from "./aws-fixture.js";

/** Two RPUs for a year, paid upfront. */
const capacity: AwsRedshiftServerlessRequest = {
  service: "aws.redshift-serverless",
  account: ACCOUNT,
  region: "us-east-1",
  quantity: 2,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: { amount: "4793.48", currency: "USD" },
};

/** Redshift Serverless reservations, which are bought under a token and show nothing of it. */
export const REDSHIFT_SERVERLESS: AwsServiceUnderTest<RedshiftServerlessClient> = {
  Client: RedshiftServerlessClient,
  provider: redshiftServerlessReservations,
  purchase: "CreateReservation",
  listings: ["ListReservations"],
  refusal: { code: "ServiceQuotaExceededException", status: 402 },
  denial: { code: "AccessDeniedException", status: 403 },
  states: { live: ["payment-pending", "active"], void: ["payment-failed"], unclear: ["retired"] },
  optional: ["duration", "offeringType", "capacity", "offeringId", "offering", "startDate", "status"],
  cannot: {
    ended: "a reservation ends by its term",
    queue: "the service does not queue",
    "found-by-token": "a reservation shows nothing of its token",
    unsold: "one product is sold, in every region",
  },
  request: capacity,
  different: { ...capacity, quantity: 3 },
  siblings: [{ ...capacity, payment: "no_upfront", expectedPrice: { amount: "5045.76", currency: "USD" } }],
  async buyByHand(client) {
    const { reservationOfferingsList = [] } = await client.send(new ListReservationOfferingsCommand({}));
    const { offeringId } = only(reservationOfferingsList.filter(({ offeringType }) => offeringType === "ALL_UPFRONT"));
    const command = new CreateReservationCommand({ offeringId, capacity: capacity.quantity });
    return (await client.send(command)).reservation?.reservationId;
  },
  tokenOn: ({ token }) => token,
  shownToken: uuidV4Shaped,
};
