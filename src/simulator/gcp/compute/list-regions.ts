import type { GcpOperation } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { listPage, type Rows } from "./list-page.js";

const LINK = "https://www.googleapis.com/compute/v1/projects";
const CREATED = "1969-12-31T16:00:00.000-08:00";
const FILTER_FIELDS: ReadonlySet<string> = new Set(["description", "id", "name", "status"]);

/** Lists the regions of the simulated cloud, which every project has. */
export function listRegions(settings: GcpSettings): GcpOperation {
  return {
    permission: "compute.regions.list",
    run(params, call) {
      const selfLink = `${LINK}/${call.project}/regions`;
      const shown = (region: string) => regionJson(region, 1_000 + settings.regions.indexOf(region), selfLink);
      const { rows, nextToken } = listPage(settings.regions, rowsOf(shown), { params, call, settings });
      const list = { kind: "compute#regionList", id: selfLink, selfLink, nextPageToken: nextToken };
      return { ...list, ...(rows.length > 0 && { items: rows.map(shown) }) };
    },
  };
}

// All regions count as made at the same time.
const rowsOf = (shown: (region: string) => object): Rows<string> => ({
  filterFields: FILTER_FIELDS,
  shown,
  orders: { name: (a, b) => a.localeCompare(b), "creationTimestamp desc": (a, b) => a.localeCompare(b) },
});

function regionJson(name: string, id: number, regions: string): object {
  return {
    kind: "compute#region",
    id: String(id),
    creationTimestamp: CREATED,
    name,
    description: name,
    status: "UP",
    selfLink: `${regions}/${name}`,
  };
}
