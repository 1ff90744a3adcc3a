import type { RedshiftClient as SdkClient } from "@aws-sdk/client-redshift";
import { loadSdk } from "../../../load-sdk.js";
import type { AwsClientConfig } from "../../aws-client.js";
import type { AwsConnection } from "../../connect.js";

/** A `RedshiftClient` of the AWS SDK, as far as it is needed here. */
export interface RedshiftClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/** An open account and region of Redshift. */
export type RedshiftConnection = AwsConnection<RedshiftClient>;

/** The Redshift package of the AWS SDK, loaded on first use. */
export const loadRedshift = () => loadSdk("@aws-sdk/client-redshift", () => import("@aws-sdk/client-redshift"));
