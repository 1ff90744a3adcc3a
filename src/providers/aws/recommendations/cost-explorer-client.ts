import type { CostExplorerClient as SdkClient } from "@aws-sdk/client-cost-explorer";
import { loadSdk } from "../../load-sdk.js";

/** A `CostExplorerClient` of the AWS SDK, as far as it is needed here. */
export interface CostExplorerClient extends Pick<SdkClient, "send"> {}

/** The Cost Explorer package of the AWS SDK, loaded on first use. */
export const loadCostExplorer = () =>
  loadSdk("@aws-sdk/client-cost-explorer", () => import("@aws-sdk/client-cost-explorer"));
