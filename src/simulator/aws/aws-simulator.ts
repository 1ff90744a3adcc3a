import type { SimulatorControls } from "../simulator-controls.js";
import type { SimulatorCredentials } from "./account-keys.js";
import type { OfferingsOption } from "./aws-catalogue.js";
import type { PriceChange } from "./regional-offerings.js";
import type { ReservedNodesOffering, ReservedNodesService } from "./reserved-nodes/reserved-nodes-offering.js";
import type { ReservedInstancesOffering } from "./services/ec2/reserved-instances-offering.js";
import type { SavingsPlansOffering } from "./services/savings-plans/savings-plans-offering.js";
import type { OrganizationSettings } from "./usage/organization.js";
import type { AwsUsage } from "./usage/usage-book.js";

/** What is on sale. Answers are copies. */
export interface OfferingsControl {
  reservedInstances(region: string): Promise<ReservedInstancesOffering[]>;
  savingsPlans(): Promise<SavingsPlansOffering[]>;
  /** What one of the services with reserved nodes sells in a region. */
  list(service: ReservedNodesService, region: string): Promise<ReservedNodesOffering[]>;
  /** Adds offerings; a known id replaces the offering it names. */
  add(offerings: Omit<OfferingsOption, "replace">): Promise<void>;
  /** Changes a price from now on. What was bought before keeps its price. */
  setPrice(change: PriceChange): Promise<void>;
}

/** What the accounts use. Cost Explorer recommends to commit to what the books lack of it. */
export interface AwsUsageControl {
  /** States usage from now on. What was stated of the same before is replaced; 0 ends it. */
  set(usage: AwsUsage): Promise<void>;
}

/** The organization that the accounts belong to. */
export interface OrganizationControl {
  /** Replaces the organization. Without one, each account stands alone. */
  set(settings: OrganizationSettings): Promise<void>;
}

/** A running simulator, in this process or in another. */
export interface ConnectedAwsSimulator extends SimulatorControls {
  /** The `endpoint` to give to AWS SDK clients. */
  readonly url: string;
  readonly offerings: OfferingsControl;
  readonly usage: AwsUsageControl;
  readonly organization: OrganizationControl;
  /** Static credentials that belong to this account. */
  credentialsFor(account: string): SimulatorCredentials;
}

/** A simulator that was started here and has to be closed here. */
export interface AwsSimulator extends ConnectedAwsSimulator {
  /** Ends every connection and timer. Requests that are still held never land. */
  close(): Promise<void>;
}
