import * as z from "zod/mini";
import { parseAnswer } from "../../parse-answer.js";
import type { SourceContext } from "../../recommendation-source.js";
import { googlePages } from "./google-pages.js";
import type { Regions } from "./listing-clients.js";
import type { GcpSourceSettings } from "./source-settings.js";

// As many as Compute Engine answers at once.
const PAGE_SIZE = 500;

const regionSchema = z.object({ name: z.string().check(z.minLength(1)) });

/** The names of the regions of a project. Throws if there is none, because every project has some. */
export async function listRegions(
  client: Regions,
  project: string,
  { context, settings }: { readonly context: SourceContext; readonly settings: GcpSourceSettings },
): Promise<readonly string[]> {
  const rows = await googlePages(context, {
    api: "gcp.compute",
    operation: "Regions.list",
    settings,
    send: (page, options) => client.list({ project, maxResults: PAGE_SIZE, ...page }, options),
  });
  if (rows.length === 0) throw new Error(`Regions.list answered that ${project} has no region`);
  return rows.map((row) => parseAnswer(regionSchema, row, "region").name);
}
