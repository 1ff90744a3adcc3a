import type { AzureReservationAPI } from "@azure/arm-reservations";
import type { CommitmentRequest } from "../../../../src/domain/commitment-request/commitment-request.js";
import { reservationId } from "../../../../src/idempotency/token-formats.js";
import type { AzureClient } from "../../../../src/providers/azure/azure-client.js";
import type { AzureProviderOptions } from "../../../../src/providers/azure/azure-provider-options.js";
import type { CommitmentProvider } from "../../../../src/providers/commitment-provider.js";
import { type AzureHttpClient, azureHttpClient } from "../../../../src/simulator/azure/azure-http-client.js";
import {
  type AzureSimulator,
  type AzureSimulatorOptions,
  type SimulatorCredential,
  startAzureSimulator,
} from "../../../../src/simulator/index.js";
import { manualClock } from "../../../../src/testing/manual-clock.js";
import type {
  CloudStates,
  CloudUnderTest,
  ProviderContractOptions,
  ProviderFixture,
} from "../../../../src/testing/provider-contract.js";
import { assertRecorded } from "../../assert-recorded.js";
import { simulatorFaults } from "../../simulator-faults.js";
import { SUBSCRIPTION } from "../azure-lines.js";

/** How an SDK client is set. */
export type ClientOptions = NonNullable<ConstructorParameters<typeof AzureReservationAPI>[1]>;

/** One way to buy from Azure, as far as its fixture differs from those of the others. */
export interface AzureServiceUnderTest<Client extends AzureClient> {
  /** The SDK's client class. */
  readonly Client: new (
    credential: SimulatorCredential,
    options: ClientOptions,
  ) => Client;
  /** The adapter. */
  provider(options: AzureProviderOptions): CommitmentProvider;
  /** The operation that buys, and those that find what was bought. */
  readonly purchase: string;
  readonly lookups: readonly string[];
  /** The service's words for the states of an order, by what they mean. */
  readonly states: CloudStates;
  /** What its types let an answer leave out. */
  readonly optionalAttributes: readonly string[];
  readonly cannot: NonNullable<ProviderContractOptions["cannot"]>;
  /** How many cases are left out, by what the service has not. */
  readonly leavesOut: Readonly<Record<string, number>>;
  readonly request: CommitmentRequest;
  readonly different: CommitmentRequest;
  readonly unsold?: CommitmentRequest;
  readonly siblings: readonly CommitmentRequest[];
  /** Buys what `request` describes, under a name of its own. */
  buyByHand(client: Client): Promise<unknown>;
}

/** A service's fixture: the simulator, real SDK clients at their default settings, and one clock for all. */
export async function azureFixture<Client extends AzureClient>(
  service: AzureServiceUnderTest<Client>,
  options: Omit<AzureSimulatorOptions, "clock"> = {},
): Promise<ProviderFixture> {
  const clock = manualClock();
  const simulator = await startAzureSimulator({ clock, ...options });
  const way = wayTo(simulator);
  const credential = simulator.credentialFor(SUBSCRIPTION);
  const own = new service.Client(credential, { httpClient: way.httpClient });
  const byHand = new service.Client(credential, { httpClient: simulator.httpClient });
  const { request, different, unsold, siblings } = service;
  return {
    provider: service.provider({
      clientFor: () => own,
      httpClient: way.httpClient,
      // By the engine's ticks alone, so that nothing waits for orders in real time.
      pollForMs: 0,
      // The SDK waits for seconds between its tries; this ends them sooner.
      requestTimeoutMs: 5_000,
    }),
    request,
    different,
    ...(unsold && { unsold }),
    siblings,
    clock,
    cloud: cloudUnderTest(service, { simulator, way, byHand }),
    shownToken: (token) => reservationId("buyonce-", token),
    async close() {
      await simulator.close();
      // The SDK's own poller, with which purchases are made by hand, asks for the results of operations.
      await assertRecorded("azure", simulator.ledger, ["GetOperationResult"]);
    },
  };
}

/** The way to the simulator and back: purchases can be blocked on it, and answers lose what is left out. */
interface Way {
  readonly httpClient: AzureHttpClient;
  blocked: boolean;
  leftOut: readonly string[];
}

function wayTo(simulator: AzureSimulator): Way {
  const nowhere = azureHttpClient("http://127.0.0.1:1");
  const way: Way = {
    blocked: false,
    leftOut: [],
    httpClient: {
      async sendRequest(request) {
        const isBlocked = way.blocked && request.method === "PUT";
        const response = await (isBlocked ? nowhere : simulator.httpClient).sendRequest(request);
        if (way.leftOut.length === 0 || request.method !== "GET" || !response.bodyAsText) return response;
        return { ...response, bodyAsText: JSON.stringify(without(JSON.parse(response.bodyAsText), way.leftOut)) };
      },
    },
  };
  return way;
}

/** A value of JSON without the members of these names, wherever they stand. */
function without(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, names));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !names.includes(name));
  return Object.fromEntries(kept.map(([name, one]) => [name, without(one, names)]));
}

interface Surroundings<Client> {
  readonly simulator: AzureSimulator;
  readonly way: Way;
  readonly byHand: Client;
}

const REFUSAL = { code: "BillingPaymentInstrumentHardError", status: 400 } as const;
const DENIAL = { code: "AuthorizationFailed", status: 403 } as const;

function cloudUnderTest<Client extends AzureClient>(
  service: AzureServiceUnderTest<Client>,
  { simulator, way, byHand }: Surroundings<Client>,
): CloudUnderTest {
  const struck = { purchase: service.purchase, listings: service.lookups, refusal: REFUSAL, denial: DENIAL };
  const boughtByHand = new Set<number>();
  const requests = async () =>
    (await simulator.ledger.requests()).filter(({ operation }) => operation === service.purchase);
  return {
    async purchases() {
      const isVoid = (state: string) => service.states.void?.includes(state) ?? false;
      return (await simulator.ledger.purchases()).map((row) => ({ ...row, live: !isVoid(row.state) }));
    },
    async requests() {
      const ours = (await requests()).filter(({ seq }) => !boughtByHand.has(seq));
      return ours.map(({ params }) => ({ parameters: params }));
    },
    async fault(fault) {
      if (fault.kind === "unreachable") way.blocked = true;
      else for (const one of simulatorFaults(struck, fault)) await simulator.faults.add(one);
    },
    async heal() {
      way.blocked = false;
      way.leftOut = [];
      await simulator.faults.clear();
    },
    refusalCode: REFUSAL.code,
    async buyElsewhere() {
      const before = (await requests()).length;
      await service.buyByHand(byHand);
      for (const { seq } of (await requests()).slice(before)) boughtByHand.add(seq);
      const id = (await simulator.ledger.purchases()).at(-1)?.commitmentId;
      if (id === undefined) throw new Error("nothing was bought by hand");
      return id;
    },
    setState: (commitmentId, state) => simulator.states.set(commitmentId, state),
    states: service.states,
    optionalAttributes: service.optionalAttributes,
    async leaveOut(attributes) {
      way.leftOut = attributes;
    },
  };
}
