import type { EC2Client } from "@aws-sdk/client-ec2";
import { loadSdk } from "../load-sdk.js";
import type { AwsClientConfig } from "./aws-client.js";
import type { AwsConnection } from "./connect.js";

/** An `EC2Client` of the AWS SDK, as far as it is needed here. */
export interface Ec2Client extends Pick<EC2Client, "send"> {
  readonly config: AwsClientConfig;
}

/** An open account and region of EC2. */
export type Ec2Connection = AwsConnection<Ec2Client>;

/** The EC2 package of the AWS SDK, loaded on first use. */
export const loadEc2 = () => loadSdk("@aws-sdk/client-ec2", () => import("@aws-sdk/client-ec2"));
