export type { AwsClient, AwsClientConfig, AwsEndpoint, AwsIdentity, AwsTarget } from "./aws-client.js";
export type { AwsProviderOptions } from "./aws-provider-options.js";
export type { StsClient } from "./caller-account.js";
export type { Ec2Client } from "./ec2-reserved-instances/ec2-client.js";
export { type Ec2Timing, ec2ReservedInstances } from "./ec2-reserved-instances.js";
export type { SavingsPlansClient } from "./savings-plans/savings-plans-client.js";
export { type SavingsPlansTiming, savingsPlans } from "./savings-plans.js";
export { TOKEN_TAG } from "./token-tag.js";
