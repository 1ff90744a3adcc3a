import { createHttpHeaders, type HttpClient, type PipelineResponse } from "@azure/core-rest-pipeline";
import {
  type AzureSimulator,
  type AzureSimulatorOptions,
  type SeenRequest,
  startAzureSimulator,
} from "buyonce/simulator";
import { onTestFinished } from "vitest";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { reservationId } from "../../../src/idempotency/token-formats.js";
import type { AzureClient } from "../../../src/providers/azure/azure-client.js";
import type { AzureProviderOptions } from "../../../src/providers/azure/azure-provider-options.js";
import type { CommitmentProvider, PurchaseContext } from "../../../src/providers/commitment-provider.js";
import { mintPermit, type PurchasePermit } from "../../../src/providers/purchase-permit.js";
import { type ManualClock, manualClock } from "../../../src/testing/manual-clock.js";
import { SUBSCRIPTION, TOKEN } from "./azure-lines.js";
import type { AzureServiceUnderTest, ClientOptions } from "./contract/azure-fixture.js";
import { ALIASED, CALCULATED } from "./contract/reservations.js";
import { SAVINGS_PLANS } from "./contract/savings-plans.js";

/** The name of the line's commitment. */
export const NAME = reservationId("buyonce-", TOKEN);

export interface AzureCloud {
  readonly simulator: AzureSimulator;
  readonly clock: ManualClock;
}

/** A simulator on a clock that stands still until told, closed at the end of the test. */
export async function azureCloud(options: Omit<AzureSimulatorOptions, "clock"> = {}): Promise<AzureCloud> {
  const clock = manualClock();
  const simulator = await startAzureSimulator({ clock, ...options });
  onTestFinished(() => simulator.close());
  return { simulator, clock };
}

/** How an adapter and its client differ from those at their default settings. */
export interface AdapterOptions {
  readonly client?: ClientOptions;
  readonly provider?: Partial<AzureProviderOptions>;
  /** Stands between the SDK and the simulator. */
  readonly between?: (simulated: HttpClient) => HttpClient;
}

/** One adapter, with what a test has to know of it. */
export interface Adapter {
  readonly name: string;
  readonly request: CommitmentRequest;
  /** The operation that buys and where, and the first that is asked whether something was bought. */
  readonly purchase: string;
  readonly path: string;
  readonly lookup: string;
  /** The operation that finds an order, and the one that finds its price. */
  readonly order: string;
  readonly price: string;
  /** The adapter over a real SDK client; it looks at an order once, unless told otherwise. */
  over(
    cloud: AzureCloud,
    options?: AdapterOptions,
  ): { readonly client: AzureClient; readonly provider: CommitmentProvider };
}

const adapterOf = <Client extends AzureClient>(
  name: string,
  service: AzureServiceUnderTest<Client>,
  operations: Pick<Adapter, "path" | "lookup" | "order" | "price">,
): Adapter => ({
  name,
  request: service.request,
  purchase: service.purchase,
  ...operations,
  over({ simulator }, { client: settings, provider: options, between = (simulated: HttpClient) => simulated } = {}) {
    const httpClient = between(simulator.httpClient);
    const client = new service.Client(simulator.credentialFor(SUBSCRIPTION), { httpClient, ...settings });
    return { client, provider: service.provider({ clientFor: () => client, httpClient, pollForMs: 0, ...options }) };
  },
});

const ORDER = "GetReservationOrder";

export const ALIAS = adapterOf("reservations under an alias", ALIASED, {
  path: "/providers/Microsoft.BillingBenefits/reservationOrderAliases",
  lookup: "GetReservationOrderAlias",
  order: ORDER,
  price: "CalculatePrice",
});
export const CALCULATION = adapterOf("reservations of calculated orders", CALCULATED, {
  path: "/providers/Microsoft.Capacity/reservationOrders",
  lookup: "ListReservationOrders",
  order: ORDER,
  price: "CalculatePrice",
});
export const PLANS = adapterOf("savings plans", SAVINGS_PLANS, {
  path: "/providers/Microsoft.BillingBenefits/savingsPlanOrderAliases",
  lookup: "GetSavingsPlanOrderAlias",
  order: "GetSavingsPlanOrder",
  price: "ValidatePurchase",
});

/** Every way to buy from Azure. */
export const ADAPTERS: readonly Adapter[] = [ALIAS, CALCULATION, PLANS];
/** Those whose purchase has a name. */
export const ALIASES: readonly Adapter[] = [ALIAS, PLANS];
/** Those that buy reservations. */
export const RESERVATIONS: readonly Adapter[] = [ALIAS, CALCULATION];

/** The context of a call that nothing stops. */
export const context = (more: Partial<PurchaseContext> = {}): PurchaseContext => ({
  signal: new AbortController().signal,
  logger: silentLogger,
  now: 0,
  lineageAttempt: 1,
  beforeWire() {},
  ...more,
});

/** A permit as the engine's write-ahead mints it. */
export const permitFor = (request: CommitmentRequest, prepared: Prepared, attempt = 1): PurchasePermit =>
  mintPermit({ request, token: TOKEN, attempt, submittedAt: 0, prepared });

/** Prepares a line and buys it. */
export async function bought(
  provider: CommitmentProvider,
  request: CommitmentRequest,
  more: Partial<PurchaseContext> = {},
) {
  const prepared = await provider.prepare(request, TOKEN, context());
  return { prepared, outcome: await provider.purchase(permitFor(request, prepared), context(more)) };
}

/** The id of what was committed. */
export function idOf({ outcome }: Pick<Awaited<ReturnType<typeof bought>>, "outcome">): string {
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  return outcome.commitment.commitmentIds.join();
}

/** The requests of one operation that reached the simulator. */
export async function seen({ simulator }: Pick<AzureCloud, "simulator">, operation: string): Promise<SeenRequest[]> {
  return (await simulator.ledger.requests()).filter((request) => request.operation === operation);
}

/** What a server that is not the simulator says. */
export interface OtherAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Has another server answer what `answer` has an answer for; the rest goes to the simulator. */
export const answering =
  (
    answer: (request: {
      readonly method: string;
      readonly url: string;
      readonly body: unknown;
    }) => OtherAnswer | undefined,
  ) =>
  (simulated: HttpClient): HttpClient => ({
    async sendRequest(request) {
      const other = answer({ method: request.method, url: request.url, body: request.body });
      if (other === undefined) return simulated.sendRequest(request);
      const { status, headers = {}, body } = other;
      const bodyAsText = typeof body === "string" ? body : JSON.stringify(body ?? null);
      return { request, status, headers: createHttpHeaders(headers), bodyAsText };
    },
  });

/** An answer whose fields a test may set to what the simulator never says. */
export interface WireBody extends Record<string, unknown> {
  readonly properties: Record<string, unknown>;
}

/** Changes what the simulator answers, as JSON, to the requests that `concerns` picks. */
export const changing =
  (
    concerns: (request: { readonly method: string; readonly url: string }) => boolean,
    change: (body: WireBody) => unknown,
  ) =>
  (simulated: HttpClient): HttpClient => ({
    async sendRequest(request): Promise<PipelineResponse> {
      const response = await simulated.sendRequest(request);
      if (!concerns(request)) return response;
      const body: WireBody = JSON.parse(response.bodyAsText ?? "null");
      return { ...response, bodyAsText: JSON.stringify(change(body) ?? body) };
    },
  });
