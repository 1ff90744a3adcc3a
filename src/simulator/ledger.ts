import type { Fault } from "./fault.js";

/** One commitment that exists at the simulated cloud. */
export interface LedgerPurchase {
  /** Such as `aws.ec2`. */
  readonly service: string;
  /** Who pays: an AWS account, an Azure subscription, a Google Cloud project. */
  readonly account: string;
  /** The region bought in, or `global` for a service that has none. */
  readonly region: string;
  /** The id under which the cloud lists the commitment; at Azure the GUID of the order, at Google Cloud its name. */
  readonly commitmentId: string;
  /**
   * The purchase call that made it. A call whose purchase was split has several rows. At Google Cloud, this is the
   * commitment's numeric id.
   */
  readonly purchaseId: string;
  /**
   * At Azure, which has no offerings, the SKU as sent; at Google Cloud, which has none either, the commitment's type and
   * plan: `GENERAL_PURPOSE_E2/TWELVE_MONTH`.
   */
  readonly offeringId: string;
  readonly quantity: number;
  /** A savings plan's hourly commitment, as sent. */
  readonly commitment?: string;
  /**
   * The idempotency token of the call or the name it gave the commitment, as sent, where the service takes one. At Azure
   * the name of the alias, or the display name of an order bought without one.
   */
  readonly token?: string;
  /** Every tag that was stored, whether or not listings show it yet. */
  readonly tags: Readonly<Record<string, string>>;
  /** The provider's own word for the state, at the time of reading. */
  readonly state: string;
  /** When the purchase took effect, by the simulator's clock. */
  readonly purchasedAt: number;
  /** What is paid at once for the whole quantity; of an Azure monthly plan, the first month. */
  readonly charge?: { readonly amount: string; readonly currency: string };
}

/** What became of a request. */
export interface RequestOutcome {
  /**
   * `held`: waits for its time. `dropped`: never processed. `processed`: the service decided, and `status` is what it
   * answered, whether or not that answer reached the client.
   */
  readonly state: "held" | "dropped" | "processed";
  readonly status?: number;
  readonly errorCode?: string;
  /** The fault that changed how the request was answered. */
  readonly fault?: Fault["kind"];
}

/** One request that reached the server, in the order of arrival. */
export interface SeenRequest {
  readonly seq: number;
  readonly operation: string;
  readonly service: string;
  readonly account?: string;
  readonly region?: string;
  /** When it arrived, by the simulator's clock. */
  readonly at: number;
  /** The signing time it carries. */
  readonly signedAt?: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly outcome: RequestOutcome;
}

/**
 * What really happened at the cloud: the oracle of a test, independent of everything the client believes.
 *
 * All answers are copies; changing one changes nothing here.
 */
export interface Ledger {
  /** Every commitment ever created, in the order of creation, dead ones included. */
  purchases(): Promise<LedgerPurchase[]>;
  /** Every request that reached the server, refused ones included. */
  requests(): Promise<SeenRequest[]>;
}
