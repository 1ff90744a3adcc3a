export { credentialsFor, type SimulatorCredentials } from "./aws/account-keys.js";
export type { OfferingsOption } from "./aws/aws-catalogue.js";
export type {
  AwsSimulator,
  ConnectedAwsSimulator,
  OfferingsControl,
  SimulatorTime,
  StatesControl,
} from "./aws/aws-simulator.js";
export type { AwsSimulatorOptions, AwsSimulatorProcessOptions } from "./aws/aws-simulator-options.js";
export { connectAwsSimulator } from "./aws/connect-aws-simulator.js";
export type { ReservedInstancesOffering } from "./aws/ec2/reserved-instances-offering.js";
export type { PriceChange } from "./aws/regional-offerings.js";
export type { ReservedNodesOffering, ReservedNodesService } from "./aws/reserved-nodes/reserved-nodes-offering.js";
export type { SavingsPlansOffering } from "./aws/savings-plans/savings-plans-offering.js";
export { startAwsSimulator } from "./aws/start-aws-simulator.js";
export { type AwsSimulatorProcess, startAwsSimulatorProcess } from "./aws/start-aws-simulator-process.js";
export type { SimulatorClock } from "./clock.js";
export type { DeliveryFault, EffectFault, Fault } from "./fault.js";
export type { FaultInjection } from "./fault-plan.js";
export type { Ledger, LedgerPurchase, RequestOutcome, SeenRequest } from "./ledger.js";
