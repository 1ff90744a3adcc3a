import type { GcpService } from "../gcp-service.js";
import type { GcpWorld } from "../gcp-world.js";
import { route } from "../route.js";
import { statusErrorBody, statusRefusals } from "../status-errors.js";
import { searchProjects } from "./search-projects.js";

/** The Cloud Resource Manager, as far as projects are found with it. */
export function resourceManagerService(world: GcpWorld): GcpService {
  return {
    name: "gcp.resource-manager",
    prefix: "/v3/",
    routes: [route("GET", "/v3/projects:search", "SearchProjects", searchProjects(world))],
    pathParams: (fields) => fields,
    refusals: statusRefusals,
    errorBody: statusErrorBody,
  };
}
