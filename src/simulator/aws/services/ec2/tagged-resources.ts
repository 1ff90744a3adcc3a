import { SimulatedError } from "../../../simulated-error.js";
import type { AwsCall } from "../../aws-service.js";
import type { TagHistory } from "../../tag-history.js";

/** A resource of EC2 that can be tagged. */
export interface TaggedResource {
  readonly id: string;
  /** EC2's name of its type, such as `reserved-instances`. */
  readonly type: string;
  readonly tags: TagHistory;
}

/** All resources of the caller that can be tagged, as a listing shows them at a moment. */
export type TaggedResources = (call: AwsCall, moment: number) => readonly TaggedResource[];

/** The resources with these ids; an id that is unknown, not listed yet or of another account is refused. */
export function resourcesByIds(resources: TaggedResources, ids: readonly string[], call: AwsCall): TaggedResource[] {
  const listed = new Map(resources(call, call.now).map((resource) => [resource.id, resource]));
  return ids.map((id) => {
    const resource = listed.get(id);
    if (resource === undefined) throw notFound(id);
    return resource;
  });
}

// "Reserved Instances ID not found" is published as InvalidReservedInstancesId; InvalidReservationID.NotFound is about
// instance launches (r-...) and never about a reserved instance. EC2's list of errors has a code for a malformed id of a
// host reservation only; the code for an unknown one follows its pattern.
function notFound(id: string): SimulatedError {
  const message = `The ID '${id}' does not exist`;
  if (id.startsWith("cr-")) return new SimulatedError("InvalidCapacityReservationId.NotFound", 400, message);
  if (id.startsWith("hr-")) return new SimulatedError("InvalidHostReservationId.NotFound", 400, message);
  return new SimulatedError("InvalidReservedInstancesId", 400, `The Reserved Instances ID '${id}' does not exist`);
}
