import type { SavingsplansClient as SdkClient } from "@aws-sdk/client-savingsplans";
import { loadSdk } from "../../../load-sdk.js";
import type { AwsClientConfig } from "../../aws-client.js";
import type { AwsConnection } from "../../connect.js";

/** A `SavingsplansClient` of the AWS SDK, as far as it is needed here. */
export interface SavingsPlansClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/** An open account of Savings Plans. */
export type SavingsPlansConnection = AwsConnection<SavingsPlansClient>;

/** The Savings Plans package of the AWS SDK, loaded on first use. */
export const loadSavingsPlans = () =>
  loadSdk("@aws-sdk/client-savingsplans", () => import("@aws-sdk/client-savingsplans"));
