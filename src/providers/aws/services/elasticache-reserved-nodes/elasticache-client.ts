import type { ElastiCacheClient as SdkClient } from "@aws-sdk/client-elasticache";
import { loadSdk } from "../../../load-sdk.js";
import type { AwsClientConfig } from "../../aws-client.js";
import type { AwsConnection } from "../../connect.js";

/** An `ElastiCacheClient` of the AWS SDK, as far as it is needed here. */
export interface ElastiCacheClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/** An open account and region of ElastiCache. */
export type ElastiCacheConnection = AwsConnection<ElastiCacheClient>;

/** The ElastiCache package of the AWS SDK, loaded on first use. */
export const loadElastiCache = () =>
  loadSdk("@aws-sdk/client-elasticache", () => import("@aws-sdk/client-elasticache"));
