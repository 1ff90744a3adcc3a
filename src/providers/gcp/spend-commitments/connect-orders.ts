import * as z from "zod/mini";
import type { KeysOf } from "../../../domain/options.js";
import { checkClient } from "../../check-client.js";
import { collectPages } from "../../collect-pages.js";
import type { ProviderContext } from "../../commitment-provider.js";
import { parseAnswer } from "../../parse-answer.js";
import { endpointBase } from "../endpoint-base.js";
import { COMMON_OPTION_KEYS, type GcpCommonOptions, type GcpSettings, readSettings } from "../gcp-provider-options.js";
import type { GcpAuthorizedClient } from "./authorized-client.js";
import { read, type SentOnce, sendOnce } from "./send-request.js";
import { SPEND_TIMING } from "./spend-timing.js";

const GOOGLE = "https://cloudcommerceconsumerprocurement.googleapis.com";
const PAGE_SIZE = 200;

/** The options of the adapter of spend-based commitments. */
export interface GcpSpendOptions extends GcpCommonOptions {
  /**
   * Gives a client that is authorized for a billing account. Each purchase names the billing account, so it cannot be
   * billed to another one.
   */
  clientFor(target: { readonly account: string }): GcpAuthorizedClient | Promise<GcpAuthorizedClient>;
  /** Where the API is, such as the URL of a simulator. Default: Google's own endpoint. */
  readonly endpoint?: string;
}

const OPTION_KEYS: KeysOf<GcpSpendOptions> = { ...COMMON_OPTION_KEYS, clientFor: true, endpoint: true };

/** The orders of one billing account, for one provider call. */
export interface OrdersConnection {
  readonly account: string;
  readonly settings: GcpSettings;
  readonly signal: AbortSignal;
  /** Reads what a name stands for, such as `billingAccounts/A/orders/O`. */
  get(name: string): Promise<unknown>;
  /** Every order of the billing account. */
  list(): Promise<readonly unknown[]>;
  /** Sends a request once; `path` is such as `billingAccounts/A/orders:place`. */
  post(path: string, body: object, beforeSend: () => void): Promise<SentOnce>;
}

/** Opens the orders of a line's billing account. */
export type ConnectOrders = (
  target: { readonly account: string },
  context: Pick<ProviderContext, "signal">,
) => Promise<OrdersConnection>;

// An empty listing has no field at all. So an answer with other fields, and without orders, is no listing.
const page = z.union([
  z.object({ orders: z.array(z.unknown()), nextPageToken: z.nullish(z.string()) }),
  z.strictObject({ nextPageToken: z.nullish(z.string()) }),
]);

/** A {@link ConnectOrders} for an adapter's options. */
export function orderConnector(options: GcpSpendOptions): ConnectOrders {
  const settings = readSettings(options, { keys: OPTION_KEYS, documented: SPEND_TIMING });
  const base = endpointBase(options.endpoint ?? GOOGLE, GOOGLE);
  return async ({ account }, { signal }) => {
    signal.throwIfAborted();
    const client = await options.clientFor({ account });
    checkClient(client, { client: "a client of google-auth-library", members: ["request"], target: { account } });
    if (settings.refusedAtGoogle !== undefined && isGoogle(base, client)) throw new TypeError(settings.refusedAtGoogle);
    const sending = { client, requestTimeoutMs: settings.requestTimeoutMs, signal };
    const get = (path: string) => read(sending, { method: "GET", url: `${base}/v1/${path}` });
    return {
      account,
      settings,
      signal,
      get,
      list: () =>
        collectPages({
          operation: "orders.list",
          maxPages: settings.maxPages,
          signal,
          async fetch(pageToken) {
            const token = pageToken === undefined ? "" : `&pageToken=${encodeURIComponent(pageToken)}`;
            const answer = await get(`billingAccounts/${account}/orders?pageSize=${PAGE_SIZE}${token}`);
            const { nextPageToken, ...found } = parseAnswer(page, answer, "page of orders");
            return { items: "orders" in found ? found.orders : [], nextToken: nextPageToken ?? undefined };
          },
        }),
      post: (path, data, beforeSend) =>
        sendOnce(sending, { method: "POST", url: `${base}/v1/${path}`, data }, beforeSend),
    };
  };
}

/** Whether an endpoint is Google's. Its clouds for one country or customer have a universe of their own. */
function isGoogle(base: string, client: GcpAuthorizedClient): boolean {
  const universe = z.object({ universeDomain: z.string().check(z.minLength(1)) }).safeParse(client)
    .data?.universeDomain;
  const host = `.${new URL(base).hostname.replace(/\.$/, "")}`;
  return ["googleapis.com", universe ?? "googleapis.com"].some((own) => host.endsWith(`.${own.toLowerCase()}`));
}
