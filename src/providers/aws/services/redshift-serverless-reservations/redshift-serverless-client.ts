import type { RedshiftServerlessClient as SdkClient } from "@aws-sdk/client-redshift-serverless";
import { loadSdk } from "../../../load-sdk.js";
import type { AwsClientConfig } from "../../aws-client.js";
import type { AwsConnection } from "../../connect.js";

/** A `RedshiftServerlessClient` of the AWS SDK, as far as it is needed here. */
export interface RedshiftServerlessClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/** An open account and region of Redshift Serverless. */
export type RedshiftServerlessConnection = AwsConnection<RedshiftServerlessClient>;

/** The Redshift Serverless package of the AWS SDK, loaded on first use. */
export const loadRedshiftServerless = () =>
  loadSdk("@aws-sdk/client-redshift-serverless", () => import("@aws-sdk/client-redshift-serverless"));
