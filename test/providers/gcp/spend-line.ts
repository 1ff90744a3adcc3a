import { OAuth2Client } from "google-auth-library";
import type { GcpSpendRequest } from "../../../src/domain/commitment-request/gcp-spend.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { commitmentName, uuidV4Shaped } from "../../../src/idempotency/token-formats.js";
import type { PurchaseContext, PurchaseOutcome } from "../../../src/providers/commitment-provider.js";
import type { GcpAuthorizedClient } from "../../../src/providers/gcp/spend-commitments/authorized-client.js";
import type { GcpSpendOptions } from "../../../src/providers/gcp/spend-commitments/connect-orders.js";
import { gcpSpendCommitments } from "../../../src/providers/gcp/spend-commitments.js";
import { mintPermit, type PurchasePermit } from "../../../src/providers/purchase-permit.js";
import { TOKEN } from "./compute-line.js";
import { context } from "./simulated-line.js";

export const ACCOUNT = "01ABCD-234567-89EF01";
/** AlloyDB for PostgreSQL, for billing accounts that opted in to the new model. */
export const OFFERS = {
  "1yr": "services/alloydb.googleapis.com/standardOffers/ff04ec3e-278c-4ec8-8278-12f875a8cea2",
  "3yr": "services/alloydb.googleapis.com/standardOffers/9522b4d8-bff7-4141-81d6-b71d9113c69a",
} as const;
/** The same, for a year, for billing accounts that have not opted in. */
export const OLD_OFFER = "services/alloydb.googleapis.com/standardOffers/adbca020-a973-48c9-b9b6-f5d70527790c";

/** The name under which the line's order is shown. */
export const ORDER_NAME = commitmentName("buyonce-", TOKEN);

/** A dollar and a half per hour of AlloyDB in us-central1, for a year. */
export const spendRequest = (more: Partial<GcpSpendRequest> = {}): GcpSpendRequest => ({
  service: "gcp.spend",
  account: ACCOUNT,
  region: "us-central1",
  quantity: 1,
  term: "1yr",
  payment: "no_upfront",
  offer: OFFERS[more.term ?? "1yr"],
  hourlyCommitment: "1.5",
  autoRenew: false,
  expectedPrice: { amount: more.term === "3yr" ? "39420" : "13140", currency: "USD" },
  ...more,
});

/** A client of Google's auth library, at its default settings, whose token names a person. */
export function authorizedClient(accessToken = "ann@example.com"): OAuth2Client {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: accessToken, expiry_date: 9_000_000_000_000 });
  return client;
}

/** The adapter over a client that sends to this URL; it waits little. */
export const spendProvider = (
  endpoint: string,
  client: GcpAuthorizedClient = authorizedClient(),
  options: Partial<GcpSpendOptions> = {},
) => gcpSpendCommitments({ clientFor: () => client, endpoint, pollEveryMs: 1, pollForMs: 20, ...options });

/** What `prepare` finds for the line. */
export const PREPARED: Prepared = {
  reference: OFFERS["1yr"],
  price: { amount: "13140", currency: "USD" },
  detail: { name: ORDER_NAME, requestId: uuidV4Shaped(TOKEN) },
};

/** A permit as the engine's write-ahead mints it. */
export const spendPermit = (request: GcpSpendRequest = spendRequest()): PurchasePermit<GcpSpendRequest> =>
  mintPermit({
    request,
    token: TOKEN,
    attempt: 1,
    submittedAt: Date.now(),
    prepared: { ...PREPARED, reference: request.offer },
  }) as PurchasePermit<GcpSpendRequest>;

/** Buys the usual line. */
export const buy = (
  endpoint: string,
  client?: GcpAuthorizedClient,
  more: Partial<PurchaseContext> = {},
): Promise<PurchaseOutcome> => spendProvider(endpoint, client).purchase(spendPermit(), context(more));

/** The order of a line as it goes over the wire, under another name and without a request id. */
export const orderBody = (displayName: string, { offer, region }: GcpSpendRequest = spendRequest()) => ({
  displayName,
  lineItemInfo: [
    {
      offer,
      parameters: [
        { name: "hourly_commit", value: { doubleValue: 1.5 } },
        { name: "region", value: { stringValue: region } },
      ],
    },
  ],
});
