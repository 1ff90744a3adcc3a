import {
  OpenSearchClient,
  PurchaseReservedInstanceOfferingCommand,
  type PurchaseReservedInstanceOfferingResponse,
} from "@aws-sdk/client-opensearch";
import { PurchaseReservedNodeOfferingCommand, RedshiftClient } from "@aws-sdk/client-redshift";
import { CreateReservationCommand, RedshiftServerlessClient } from "@aws-sdk/client-redshift-serverless";
import type { AwsOpenSearchRequest } from "../../../src/domain/commitment-request/aws-opensearch.js";
import type { AwsRedshiftRequest } from "../../../src/domain/commitment-request/aws-redshift.js";
import type { AwsRedshiftServerlessRequest } from "../../../src/domain/commitment-request/aws-redshift-serverless.js";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { IdempotencyContract } from "../../../src/domain/idempotency-contract.js";
import { reservationId, uuidV4Shaped } from "../../../src/idempotency/token-formats.js";
import type { AwsProviderOptions } from "../../../src/providers/aws/aws-provider-options.js";
import type { AwsTiming } from "../../../src/providers/aws/aws-timing.js";
import { openSearchReservedInstances } from "../../../src/providers/aws/services/opensearch-reserved-instances.js";
import { redshiftReservedNodes } from "../../../src/providers/aws/services/redshift-reserved-nodes.js";
import { redshiftServerlessReservations } from "../../../src/providers/aws/services/redshift-serverless-reservations.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import { ACCOUNT, TOKEN } from "./simulated-line.js";

export type LaneClient = OpenSearchClient | RedshiftClient | RedshiftServerlessClient;
export type LaneOptions = Omit<AwsProviderOptions<LaneClient, AwsTiming>, "clientFor">;

/** How a client reaches a simulator. */
export interface LaneTarget {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What somebody buys without the library. */
export interface HandOrder {
  readonly offeringId: string;
  readonly quantity: number;
  readonly name?: string;
}

/** A client of the line's service with a provider that uses it. */
export interface OpenedLane {
  readonly client: LaneClient;
  readonly provider: CommitmentProvider;
  /** Buys by hand; the id that the service answered. */
  buy(order: HandOrder): Promise<string>;
}

/** One service whose purchases are told apart by their lane, and what a test has to know of it. */
export interface LaneService {
  readonly name: string;
  open(target: LaneTarget, options: LaneOptions): OpenedLane;
  readonly contract: Pick<IdempotencyContract, "kind" | "windowMs">;
  readonly operations: { readonly offerings: string; readonly reservations: string; readonly purchase: string };
  /** For a year, paid upfront, at the simulator's price. */
  readonly request: CommitmentRequest;
  readonly unitPrice: string;
  /** The same, paid by the hour. */
  readonly byTheHour: CommitmentRequest;
  /** What `prepare` keeps, besides the unit price. */
  readonly kept: { readonly name?: string; readonly clientToken?: string };
  /** The parameters of the line's purchase. */
  purchase(offeringId: string): object;
  /** Whether the answer to a purchase says what it charges. */
  readonly answersCharge: boolean;
  /** The lists in its answers. */
  readonly lists: { readonly offerings: string; readonly reservations: string };
  /** The fields of a reservation, by what they are; those that its offering has stand at `terms`. */
  readonly fields: { readonly id: string; readonly quantity: string; readonly state: string; readonly terms?: string };
  readonly offeringId: string;
  /** What offerings and reservations state of the line, each with something else that they could state. */
  readonly stated: Readonly<Record<string, readonly [expected: string | number, other: string | number]>>;
  /** Refusals of a purchase by code and status, and codes that prove nothing. */
  readonly refusals: readonly (readonly [code: string, status: number])[];
  readonly doubts: readonly (readonly [code: string, status: number])[];
}

const line = { account: ACCOUNT, region: "us-east-1", term: "1yr", payment: "all_upfront" } as const;
const YEAR = [31_536_000, 94_608_000] as const;
const usd = (amount: string) => ({ amount, currency: "USD" });
export const NAME = reservationId("buyonce-", TOKEN);

const bought = (id: string | undefined): string => {
  if (id === undefined) throw new Error("nothing was bought by hand");
  return id;
};

const opensearch: AwsOpenSearchRequest = {
  ...line,
  service: "aws.opensearch",
  instanceType: "m6g.large.search",
  quantity: 2,
  expectedPrice: usd("1328.04"),
};

let madeUpNames = 0;

export const OPENSEARCH: LaneService = {
  name: "OpenSearch",
  open(target, options) {
    const client = new OpenSearchClient(target);
    const provider = openSearchReservedInstances({ clientFor: () => client, ...options });
    const buy = async ({ offeringId, quantity, name = `by-hand-${++madeUpNames}` }: HandOrder) => {
      const order = { ReservedInstanceOfferingId: offeringId, InstanceCount: quantity, ReservationName: name };
      const answer: PurchaseReservedInstanceOfferingResponse = await client.send(
        new PurchaseReservedInstanceOfferingCommand(order),
      );
      return bought(answer.ReservedInstanceId);
    };
    return { client, provider, buy };
  },
  contract: { kind: "caller-named", windowMs: 0 },
  operations: {
    offerings: "DescribeReservedInstanceOfferings",
    reservations: "DescribeReservedInstances",
    purchase: "PurchaseReservedInstanceOffering",
  },
  request: opensearch,
  unitPrice: "664.02",
  byTheHour: { ...opensearch, payment: "no_upfront", expectedPrice: usd("1412.8128") },
  kept: { name: NAME },
  purchase: (ReservedInstanceOfferingId) => ({ ReservedInstanceOfferingId, ReservationName: NAME, InstanceCount: 2 }),
  answersCharge: false,
  lists: { offerings: "ReservedInstanceOfferings", reservations: "ReservedInstances" },
  fields: { id: "ReservedInstanceId", quantity: "InstanceCount", state: "State" },
  offeringId: "ReservedInstanceOfferingId",
  stated: {
    InstanceType: ["m6g.large.search", "r6g.large.search"],
    Duration: YEAR,
    PaymentOption: ["ALL_UPFRONT", "NO_UPFRONT"],
  },
  refusals: [
    ["LimitExceededException", 409],
    ["ResourceNotFoundException", 409],
    ["DisabledOperationException", 409],
    ["ValidationException", 400],
    ["AccessDeniedException", 403],
  ],
  doubts: [
    ["InternalException", 500],
    ["ConflictException", 409],
    ["NeverHeardOfException", 409],
  ],
};

const redshift: AwsRedshiftRequest = {
  ...line,
  service: "aws.redshift",
  nodeType: "ra3.xlplus",
  nodeOfferingType: "Regular",
  quantity: 2,
  expectedPrice: usd("11267.62"),
};

export const REDSHIFT: LaneService = {
  name: "Redshift",
  open(target, options) {
    const client = new RedshiftClient(target);
    const provider = redshiftReservedNodes({ clientFor: () => client, ...options });
    const buy = async ({ offeringId, quantity }: HandOrder) => {
      const order = { ReservedNodeOfferingId: offeringId, NodeCount: quantity };
      return bought((await client.send(new PurchaseReservedNodeOfferingCommand(order))).ReservedNode?.ReservedNodeId);
    };
    return { client, provider, buy };
  },
  contract: { kind: "none", windowMs: 0 },
  operations: {
    offerings: "DescribeReservedNodeOfferings",
    reservations: "DescribeReservedNodes",
    purchase: "PurchaseReservedNodeOffering",
  },
  request: redshift,
  unitPrice: "5633.81",
  byTheHour: { ...redshift, payment: "no_upfront", expectedPrice: usd("11986.8336") },
  kept: {},
  purchase: (ReservedNodeOfferingId) => ({
    Action: "PurchaseReservedNodeOffering",
    Version: "2012-12-01",
    ReservedNodeOfferingId,
    NodeCount: "2",
  }),
  answersCharge: true,
  lists: { offerings: "ReservedNodeOfferings", reservations: "ReservedNodes" },
  fields: { id: "ReservedNodeId", quantity: "NodeCount", state: "State" },
  offeringId: "ReservedNodeOfferingId",
  stated: {
    NodeType: ["ra3.xlplus", "ra3.4xlarge"],
    Duration: YEAR,
    ReservedNodeOfferingType: ["Regular", "Upgradable"],
  },
  refusals: [
    ["ReservedNodeQuotaExceeded", 400],
    ["ReservedNodeOfferingNotFound", 404],
    ["UnsupportedOperation", 400],
    ["AccessDenied", 403],
  ],
  doubts: [
    // It takes no name that could be taken.
    ["ReservedNodeAlreadyExists", 404],
    ["InternalFailure", 500],
    ["ServiceUnavailable", 503],
  ],
};

const serverless: AwsRedshiftServerlessRequest = {
  ...line,
  service: "aws.redshift-serverless",
  quantity: 8,
  expectedPrice: usd("19173.92"),
};

export const SERVERLESS: LaneService = {
  name: "Redshift Serverless",
  open(target, options) {
    const client = new RedshiftServerlessClient(target);
    const provider = redshiftServerlessReservations({ clientFor: () => client, ...options });
    const buy = async ({ offeringId, quantity }: HandOrder) => {
      const { reservation } = await client.send(new CreateReservationCommand({ offeringId, capacity: quantity }));
      return bought(reservation?.reservationId);
    };
    return { client, provider, buy };
  },
  contract: { kind: "native-token", windowMs: 300_000 },
  operations: {
    offerings: "ListReservationOfferings",
    reservations: "ListReservations",
    purchase: "CreateReservation",
  },
  request: serverless,
  unitPrice: "2396.74",
  byTheHour: { ...serverless, payment: "no_upfront", expectedPrice: usd("20183.04") },
  kept: { clientToken: uuidV4Shaped(TOKEN) },
  purchase: (offeringId) => ({ offeringId, capacity: 8, clientToken: uuidV4Shaped(TOKEN) }),
  answersCharge: true,
  lists: { offerings: "reservationOfferingsList", reservations: "reservationsList" },
  fields: { id: "reservationId", quantity: "capacity", state: "status", terms: "offering" },
  offeringId: "offeringId",
  stated: { duration: YEAR, offeringType: ["ALL_UPFRONT", "NO_UPFRONT"] },
  refusals: [
    ["ServiceQuotaExceededException", 400],
    ["ResourceNotFoundException", 400],
    ["TooManyTagsException", 400],
    ["ValidationException", 400],
    ["AccessDeniedException", 400],
  ],
  doubts: [
    // May speak of an earlier request under the same token.
    ["ConflictException", 400],
    ["InternalServerException", 500],
  ],
};

/** The services whose purchases are told apart by their lane. */
export const LANE_SERVICES: readonly LaneService[] = [OPENSEARCH, REDSHIFT, SERVERLESS];
