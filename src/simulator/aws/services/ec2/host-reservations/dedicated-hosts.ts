import * as z from "zod/mini";
import { listedAsOf } from "../../../../call-effects.js";
import { SimulatedError } from "../../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../../aws-service.js";
import { ec2Query } from "../../../protocol/ec2-query.js";
import { filtered, filterSchema } from "../ec2-filter.js";
import { covers, type HostReservationsShelf } from "./host-reservation.js";

const input = z.object({
  HostId: z.array(z.string()).check(z.minLength(1)),
  MaxResults: z.optional(z.string()),
  NextToken: z.optional(z.string()),
  Filter: z._default(z.array(filterSchema), []),
});

/** A host as far as filters look at it. */
interface Host {
  readonly hostId: string;
  readonly availabilityZone: string;
  readonly state: string;
  readonly hostReservationId?: string | undefined;
}

/**
 * Describes the hosts that are named, each with its reservation.
 *
 * The hosts have to be named: every id of the right form is a host, so there is no list of all.
 */
export function describeHosts(shelf: HostReservationsShelf): AwsOperation {
  return operation(ec2Query, input, ({ HostId, MaxResults, Filter }, call) => {
    if (MaxResults !== undefined) throw notTogether();
    const hosts = HostId.map((hostId) => describe(hostId, shelf, call));
    return { hostSet: { item: filtered(hosts, Filter, filterFields) } };
  });
}

function notTogether(): SimulatedError {
  return new SimulatedError("InvalidParameterCombination", 400, "MaxResults and HostId cannot be specified together");
}

function describe(hostId: string, shelf: HostReservationsShelf, call: AwsCall) {
  const asOf = listedAsOf(call);
  return {
    hostId,
    availabilityZone: `${call.region}a`,
    ownerId: call.account,
    state: "available",
    allowsMultipleInstanceTypes: "on",
    hostProperties: { instanceFamily: instanceFamilyOf(hostId) },
    hostReservationId: shelf.listed(call, asOf).find((reservation) => covers(reservation, hostId, asOf))?.id,
  };
}

const filterFields = {
  names: new Set(["availability-zone", "host-reservation-id", "state"]),
  of({ availabilityZone, hostReservationId, state }: Host, name: string): string[] | undefined {
    return {
      "availability-zone": [availabilityZone],
      "host-reservation-id": hostReservationId === undefined ? [] : [hostReservationId],
      state: [state],
    }[name];
  },
};

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
