import type { MemoryDBClient as SdkClient } from "@aws-sdk/client-memorydb";
import { loadSdk } from "../../../load-sdk.js";
import type { AwsClientConfig } from "../../aws-client.js";
import type { AwsConnection } from "../../connect.js";

/** A `MemoryDBClient` of the AWS SDK, as far as it is needed here. */
export interface MemoryDbClient extends Pick<SdkClient, "send"> {
  readonly config: AwsClientConfig;
}

/** An open account and region of MemoryDB. */
export type MemoryDbConnection = AwsConnection<MemoryDbClient>;

/** The MemoryDB package of the AWS SDK, loaded on first use. */
export const loadMemoryDb = () => loadSdk("@aws-sdk/client-memorydb", () => import("@aws-sdk/client-memorydb"));
