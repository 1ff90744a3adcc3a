import * as z from "zod/mini";
import type { KeysOf } from "../../../domain/options.js";
import { collectPages } from "../../collect-pages.js";
import { parseAnswer } from "../../parse-answer.js";
import type { AccountDirectory, SourceContext } from "../../recommendation-source.js";
import { endpointBase } from "../endpoint-base.js";
import type { GcpAuthorizedClient } from "../spend-commitments/authorized-client.js";
import { read } from "../spend-commitments/send-request.js";
import { googleFaultOf } from "./google-fault.js";
import { type GcpSourceOptions, readSourceSettings, SOURCE_OPTION_KEYS } from "./source-settings.js";

/** The options of the directory of projects. */
export interface GcpProjectsOptions extends GcpSourceOptions {
  /**
   * Gives a client of `google-auth-library` with the scope `https://www.googleapis.com/auth/cloud-platform.read-only` or
   * a wider one. Its quota project must have the Cloud Resource Manager API enabled.
   */
  clientFor(): GcpAuthorizedClient | Promise<GcpAuthorizedClient>;
  /** Where the API is, such as the URL of a simulator. Default: Google's own endpoint. */
  readonly endpoint?: string;
}

const KEYS: KeysOf<GcpProjectsOptions> = { ...SOURCE_OPTION_KEYS, clientFor: true, endpoint: true };

const GOOGLE = "https://cloudresourcemanager.googleapis.com";
const PAGE_SIZE = 500;

// An empty listing has no field at all. So an answer with other fields, and without projects, is no listing.
const pageSchema = z.union([
  z.object({
    projects: z.array(z.object({ projectId: z.string().check(z.minLength(1)), state: z.string() })),
    nextPageToken: z.nullish(z.string()),
  }),
  z.strictObject({ nextPageToken: z.nullish(z.string()) }),
]);

/**
 * The projects that the client may see (`resourcemanager.projects.get`) and that are active: the directory
 * `gcp.projects`, for `gcp.usage`.
 *
 * By `projects.search` of the Cloud Resource Manager API, v3. Projects that wait for their deletion are left out.
 */
export function gcpProjects(options: GcpProjectsOptions): AccountDirectory {
  const settings = readSourceSettings(options, KEYS);
  const base = endpointBase(options.endpoint ?? GOOGLE, GOOGLE);

  async function fetchPage(context: SourceContext, client: GcpAuthorizedClient, pageToken: string | undefined) {
    const query = new URLSearchParams({ query: "state:ACTIVE", pageSize: String(PAGE_SIZE) });
    if (pageToken !== undefined) query.set("pageToken", pageToken);
    const question = { method: "GET", url: `${base}/v3/projects:search?${query}` } as const;
    const { requestTimeoutMs } = settings;
    const answer = await context.call("gcp.projects", (signal) => read({ client, requestTimeoutMs, signal }, question));
    const { nextPageToken, ...found } = parseAnswer(pageSchema, answer, "page of projects");
    return { items: "projects" in found ? found.projects : [], nextToken: nextPageToken ?? undefined };
  }

  return {
    name: "gcp.projects",
    async accounts(context) {
      const client = await options.clientFor();
      const projects = await collectPages({
        operation: "projects.search",
        maxPages: settings.maxPages,
        signal: context.signal,
        fetch: (pageToken) => fetchPage(context, client, pageToken),
      });
      const active = projects.filter(({ state }) => state === "ACTIVE").map(({ projectId }) => projectId);
      return [...new Set(active)].toSorted();
    },
    faultOf: googleFaultOf,
  };
}
