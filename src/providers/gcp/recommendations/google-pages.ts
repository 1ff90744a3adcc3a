import { collectPages } from "../../collect-pages.js";
import type { SourceContext } from "../../recommendation-source.js";
import type { GcpListOptions } from "../gcp-clients.js";
import { readListedPage } from "../listed-page.js";
import type { GcpSourceSettings } from "./source-settings.js";

/** A listing of one of Google's clients. */
export interface GoogleListing {
  /** The API whose limit it shares, such as `gcp.recommender`. */
  readonly api: string;
  /** Such as `Regions.list`, for messages. */
  readonly operation: string;
  readonly settings: GcpSourceSettings;
  send(page: { pageToken?: string }, options: GcpListOptions): Promise<readonly [unknown, ...unknown[]]>;
}

/** Every row of a listing. Each page is a request of its own, and the clients repeat none by themselves. */
export function googlePages(context: SourceContext, listing: GoogleListing): Promise<readonly unknown[]> {
  const { api, operation, settings, send } = listing;
  const options = { timeout: settings.requestTimeoutMs, retry: null, autoPaginate: false } as const;
  return collectPages({
    operation,
    maxPages: settings.maxPages,
    signal: context.signal,
    async fetch(pageToken) {
      const page = pageToken === undefined ? {} : { pageToken };
      return readListedPage(await context.call(api, () => send(page, options)), `page of ${operation}`);
    },
  });
}
