import type { RDSClient } from "@aws-sdk/client-rds";
import { loadSdk } from "../../../load-sdk.js";
import type { AwsClientConfig } from "../../aws-client.js";
import type { AwsConnection } from "../../connect.js";

/** An `RDSClient` of the AWS SDK, as far as it is needed here. */
export interface RdsClient extends Pick<RDSClient, "send"> {
  readonly config: AwsClientConfig;
}

/** An open account and region of RDS. */
export type RdsConnection = AwsConnection<RdsClient>;

/** The RDS package of the AWS SDK, loaded on first use. */
export const loadRds = () => loadSdk("@aws-sdk/client-rds", () => import("@aws-sdk/client-rds"));
