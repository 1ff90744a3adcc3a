import { SimulatedError } from "../../../../simulated-error.js";

const HOST_ID = /^h-([a-z0-9]+)-[a-z0-9-]+$/;

/**
 * The instance family of a Dedicated Host: in every account and region, `h-m5-` followed by anything is a host of the
 * family `m5`.
 *
 * So a test needs no step that allocates hosts. Any other id is refused.
 */
export function instanceFamilyOf(hostId: string): string {
  const family = HOST_ID.exec(hostId)?.[1];
  if (family !== undefined) return family;
  const problem = hostId.startsWith("h-") ? "NotFound" : "Malformed";
  throw new SimulatedError(`InvalidHostID.${problem}`, 400, `There is no Dedicated Host '${hostId}'`);
}
