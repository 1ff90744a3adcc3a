import type { FaultInjection } from "../fault-plan.js";
import type { Ledger } from "../ledger.js";
import type { SimulatorCredentials } from "./account-keys.js";
import type { OfferingsOption } from "./aws-catalogue.js";
import type { ReservedInstancesOffering } from "./ec2/reserved-instances-offering.js";
import type { PriceChange } from "./regional-offerings.js";
import type { ReservedNodesOffering, ReservedNodesService } from "./reserved-nodes/reserved-nodes-offering.js";
import type { SavingsPlansOffering } from "./savings-plans/savings-plans-offering.js";

/** The simulator's time, which a test may move ahead. */
export interface SimulatorTime {
  /** Milliseconds since the epoch. */
  now(): Promise<number>;
  /** Moves the clock ahead by `ms`; whatever was held until then has landed when this resolves. */
  advance(ms: number): Promise<void>;
}

/** What is on sale. Answers are copies. */
export interface OfferingsControl {
  reservedInstances(region: string): Promise<ReservedInstancesOffering[]>;
  savingsPlans(): Promise<SavingsPlansOffering[]>;
  /** What one of the services with reserved nodes sells in a region. */
  list(service: ReservedNodesService, region: string): Promise<ReservedNodesOffering[]>;
  /** Adds offerings; a known id replaces the offering it names. */
  add(offerings: Omit<OfferingsOption, "replace">): Promise<void>;
  /** Changes a price from now on: what was bought before keeps its own. */
  setPrice(change: PriceChange): Promise<void>;
}

/** The states of commitments, which a test may set. */
export interface StatesControl {
  /**
   * Sets the state of the commitments with this id to any text, from now on: also to one that no service knows.
   *
   * An id that nothing was bought under is a `TypeError`.
   */
  set(commitmentId: string, state: string): Promise<void>;
}

/** A running simulator, in this process or in another. */
export interface ConnectedAwsSimulator {
  /** The `endpoint` to give to AWS SDK clients. */
  readonly url: string;
  readonly ledger: Ledger;
  readonly faults: FaultInjection;
  readonly clock: SimulatorTime;
  readonly offerings: OfferingsControl;
  readonly states: StatesControl;
  /** Static credentials that belong to this account. */
  credentialsFor(account: string): SimulatorCredentials;
}

/** A simulator that was started here and has to be closed here. */
export interface AwsSimulator extends ConnectedAwsSimulator {
  /** Ends every connection and timer; what is still held never lands. */
  close(): Promise<void>;
}
