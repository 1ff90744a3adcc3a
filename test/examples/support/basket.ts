import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AwsEc2Request } from "../../../src/domain/commitment-request/aws-ec2.js";

/** Where the basket of the examples stands, for examples that are given a file. */
export const BASKET_FILE = fileURLToPath(new URL("../../../examples/hosts/basket.json", import.meta.url));

/** The basket that every example buys. EC2 dedupes nothing, so a request that is sent twice buys twice. */
export const BASKET: {
  readonly requestKey: string;
  readonly createdBy: string;
  readonly lines: readonly AwsEc2Request[];
} = JSON.parse(readFileSync(BASKET_FILE, "utf8"));
