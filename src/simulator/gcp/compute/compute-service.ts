import type { GcpService } from "../gcp-service.js";
import type { GcpWorld } from "../gcp-world.js";
import { route } from "../route.js";
import { computeErrorBody, computeRefusals } from "./compute-errors.js";
import { insertCommitment } from "./insert-commitment.js";
import { listRegions } from "./list-regions.js";
import { aggregatedList, getCommitment, listCommitments } from "./read-commitments.js";
import { listRegionOperations, showRegionOperation } from "./region-operations.js";
import { updateCommitment } from "./update-commitment.js";

const PROJECT = "/compute/v1/projects/{project}";
const REGION = `${PROJECT}/regions/{region}`;

/** Compute Engine, as far as commitments go. */
export function computeService(world: GcpWorld): GcpService {
  const { settings, inserts } = world;
  return {
    name: "gcp.compute",
    prefix: "/compute/v1/",
    routes: [
      route("GET", `${PROJECT}/regions`, "ListRegions", listRegions(settings)),
      route("POST", `${REGION}/commitments`, "InsertCommitment", insertCommitment(world, inserts)),
      route("GET", `${REGION}/commitments/{commitment}`, "GetCommitment", getCommitment(inserts)),
      route("PATCH", `${REGION}/commitments/{commitment}`, "UpdateCommitment", updateCommitment(world, inserts)),
      route("GET", `${REGION}/commitments`, "ListCommitments", listCommitments(settings, inserts)),
      route("GET", `${PROJECT}/aggregated/commitments`, "AggregatedListCommitments", aggregatedList(settings, inserts)),
      route("GET", `${REGION}/operations`, "ListRegionOperations", listRegionOperations(settings, inserts)),
      route("GET", `${REGION}/operations/{operation}`, "GetRegionOperation", showRegionOperation(inserts)),
      route("POST", `${REGION}/operations/{operation}/wait`, "WaitRegionOperation", showRegionOperation(inserts)),
    ],
    pathParams: (fields) => fields,
    refusals: computeRefusals,
    errorBody: (error) => computeErrorBody(error, settings),
    commitments: (now) => inserts.commitments(now),
    setState: (commitmentId, state, at) => inserts.setState(commitmentId, state, at),
  };
}
