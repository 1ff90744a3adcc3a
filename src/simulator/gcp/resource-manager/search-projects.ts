import * as z from "zod/mini";
import { repeatsPageToken } from "../../call-effects.js";
import { pageOf } from "../../paging.js";
import { parseFilter } from "../filter.js";
import { type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpWorld } from "../gcp-world.js";
import { optionalText } from "../optional-text.js";
import { mayDo } from "../principal.js";
import { statusRefusals } from "../status-errors.js";
import type { SimulatedProject } from "./simulated-project.js";

const PERMISSION = "resourcemanager.projects.get";
const QUERY_FIELDS: ReadonlySet<string> = new Set(["displayName", "projectId", "state"]);
const DEFAULT_SIZE = 100;
const CREATED = "2024-01-01T00:00:00Z";

const input = z.object({
  query: optionalText,
  pageToken: optionalText,
  pageSize: z._default(z.pipe(z.coerce.number(), z.int().check(z.gte(0))), DEFAULT_SIZE),
});

/** Finds the projects that the caller may see. A list without projects has no field `projects`. */
export function searchProjects({ settings, projects: numbers }: GcpWorld): GcpOperation {
  const projectJson = ({ projectId, state = "ACTIVE" }: SimulatedProject) => ({
    name: `projects/${numbers.numberOf(projectId)}`,
    parent: "organizations/100000000001",
    projectId,
    state,
    displayName: projectId,
    createTime: CREATED,
    etag: `W/"${numbers.numberOf(projectId)}"`,
  });
  return {
    permission: PERMISSION,
    run(params, call) {
      const { query, pageToken, pageSize } = readParams(input, params, statusRefusals);
      const passes = query === undefined ? () => true : parseFilter(query, QUERY_FIELDS);
      if (passes === undefined) throw invalid("query", query);
      const { principal } = call;
      const maySee = ({ projectId: project }: SimulatedProject) =>
        mayDo({ principal, project, permission: PERMISSION }, settings.principals);
      const page = pageOf(settings.projects.filter(maySee).map(projectJson).filter(passes), {
        token: pageToken,
        size: pageSize || DEFAULT_SIZE,
        emptyPages: settings.emptyPages,
        repeatToken: repeatsPageToken(call),
      });
      if (page === undefined) throw invalid("page_token", pageToken);
      return { ...(page.rows.length > 0 && { projects: page.rows }), nextPageToken: page.nextToken };
    },
  };
}

const invalid = (field: string, value: unknown) =>
  statusRefusals.invalidInput({ field, value, message: `Invalid ${field}` });
