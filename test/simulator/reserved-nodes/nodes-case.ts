import type { ConnectedAwsSimulator, ReservedNodesService } from "buyonce/simulator";
import type { ClientConfig } from "../simulated-aws.js";

/** A listing's request: one row by id, or a page. */
interface Asked {
  readonly id?: string;
  readonly size?: number;
  readonly token?: string | undefined;
}

interface Shown<Row> {
  readonly rows: readonly Row[];
  readonly next: string | undefined;
}

interface OfferingRow {
  readonly offeringId: string | undefined;
  readonly price: number | undefined;
}

interface ReservationRow {
  readonly id: string | undefined;
  readonly offeringId: string | undefined;
  readonly count: number | undefined;
  readonly state: string | undefined;
  readonly startedAt: Date | undefined;
}

interface Order {
  readonly offeringId: string;
  readonly name?: string;
  readonly count?: number;
  readonly tags?: { readonly Key: string; readonly Value: string }[];
}

/** One service's own SDK client, behind names that all services share. */
export interface NodesClient {
  offerings(asked?: Asked): Promise<Shown<OfferingRow>>;
  /** Buys, and answers the id of the reservation. */
  buy(order: Order): Promise<string>;
  listed(asked?: Asked): Promise<Shown<ReservationRow>>;
}

/** Makes a client of the service. */
export type Connect = (simulator: ConnectedAwsSimulator, config?: ClientConfig) => NodesClient;

/** An error of the SDK: its name and the HTTP status it came with. */
interface SdkError {
  readonly name: string;
  readonly status: number;
}

/** One of the services with reserved nodes, and what a test has to know to judge it. */
export interface NodesCase {
  readonly service: ReservedNodesService;
  readonly connect: Connect;
  readonly operations: { readonly offerings: string; readonly purchase: string; readonly listed: string };
  /** `id`: the caller's name is the id. `label`: it stands beside an id. `none`: there are no names. */
  readonly naming: "id" | "label" | "none";
  readonly pending: string;
  readonly errors: {
    readonly offeringNotFound: SdkError;
    readonly notFound: SdkError;
    readonly alreadyExists?: SdkError;
    readonly throttled: SdkError;
    readonly internal: SdkError;
    readonly badSigningTime: SdkError;
    readonly unknownAccessKey: SdkError;
    readonly badToken: SdkError;
  };
}

/** How the query services say it. */
export const queryErrors = {
  throttled: { name: "Throttling", status: 400 },
  internal: { name: "InternalFailure", status: 500 },
  badSigningTime: { name: "SignatureDoesNotMatch", status: 403 },
  unknownAccessKey: { name: "InvalidClientTokenId", status: 403 },
  badToken: { name: "InvalidParameterValue", status: 400 },
};
