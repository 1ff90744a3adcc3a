import { type Bounds, shortenedTiming } from "../check-timing.js";
import type { AwsClient } from "./aws-client.js";

/** Endings of the host names of AWS in all its partitions, from the SDK's own list (util-endpoints, partitions). */
const AWS_DOMAINS = [
  "amazonaws.com",
  "amazonaws.com.cn",
  "amazonaws.eu",
  "api.amazonwebservices.com.cn",
  "api.amazonwebservices.eu",
  "api.aws",
  "api.aws.hci.ic.gov",
  "api.aws.ic.gov",
  "api.aws.scloud",
  "api.cloud-aws.adc-e.uk",
  "c2s.ic.gov",
  "cloud.adc-e.uk",
  "csp.hci.ic.gov",
  "sc2s.sgov.gov",
];

/** Whether timings may be used with a client. */
export interface TimingQuestion {
  readonly client: AwsClient;
  readonly timing: Partial<Bounds>;
  readonly documented: Bounds;
}

/**
 * Throws a `TypeError` for timings below the documented ones if the client may talk to AWS.
 *
 * The address that a client talks to is known only once the client exists. So every call checks this before anything is
 * sent.
 */
export async function checkTiming({ client, timing, documented }: TimingQuestion): Promise<void> {
  const problem = shortenedTiming(timing, documented);
  if (problem === undefined || (await hasEndpointOfItsOwn(client))) return;
  throw new TypeError(problem);
}

/** Whether a client was given an address that is not an AWS address. */
async function hasEndpointOfItsOwn({ config: { isCustomEndpoint, endpoint } }: AwsClient): Promise<boolean> {
  if (!isCustomEndpoint || endpoint === undefined) return false;
  const { hostname } = await endpoint();
  const host = hostname.toLowerCase().replace(/\.$/, "");
  return !AWS_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
