import type { OpenSearchClient as SdkClient } from "@aws-sdk/client-opensearch";
import { loadSdk } from "../../../load-sdk.js";
import type { AwsClientConfig } from "../../aws-client.js";
import type { AwsConnection } from "../../connect.js";

/** An `OpenSearchClient` of the AWS SDK, as far as it is needed here. */
export interface OpenSearchClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/** An open account and region of OpenSearch Service. */
export type OpenSearchConnection = AwsConnection<OpenSearchClient>;

/** The OpenSearch Service package of the AWS SDK, loaded on first use. */
export const loadOpenSearch = () => loadSdk("@aws-sdk/client-opensearch", () => import("@aws-sdk/client-opensearch"));
