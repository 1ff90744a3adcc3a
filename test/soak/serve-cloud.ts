import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../src/domain/clock.js";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import { messageOf } from "../../src/domain/errors.js";
import type { Commitment } from "../../src/domain/evidence.js";
import { silentLogger } from "../../src/domain/logger.js";
import type { CommitmentProvider, ProviderContext } from "../../src/providers/commitment-provider.js";
import { mintPermit, type PurchasePermit, type WonWriteAhead } from "../../src/providers/purchase-permit.js";
import type { Exchange } from "../../src/simulator/exchange.js";
import { type HttpServer, startHttpServer } from "../../src/simulator/http-server.js";
import type { WireRequest } from "../../src/simulator/wire.js";
import { type LedgerEntry, type SimulatedCloud, simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { type SeededRandom, seededRandom } from "../stores/support/seeded-random.js";
import { SERVICE_NAMES, SERVICES } from "./contracts.js";

/** What a worker sends for one call of a provider. */
export interface CloudCall {
  readonly request: CustomRequest;
  readonly token: string;
  readonly prepared?: ProviderContext["prepared"];
  readonly won?: WonWriteAhead<CustomRequest>;
  readonly commitment?: Commitment;
}

/** What really happened at the cloud: the oracle. */
export interface CloudBooks {
  readonly ledger: readonly LedgerEntry[];
  /** Purchase requests that reached the cloud's books. */
  readonly purchaseRequests: number;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
}

/** What can happen to a call, and how often. Late ones still lie well within a request's lifetime. */
const FAULTS = [
  ["lost request", 0.02],
  ["lost reply", 0.03],
  ["error 500 before", 0.02],
  ["error 500 after", 0.02],
  ["slow", 0.03],
] as const;

const LONGEST_DELAY_MS = 900;

/**
 * Serves one simulated cloud of each contract over HTTP, with faults drawn by a seed until `/heal` is called.
 *
 * `/books` gives the ledger, kept by the token that each request carried.
 */
export async function serveCloud(seed: number): Promise<HttpServer> {
  const random = seededRandom(seed);
  const struck: Record<string, number> = {};
  let healed = false;
  const clouds = new Map<string, SimulatedCloud>();
  for (const service of SERVICE_NAMES) {
    const cloud = simulatedCloud({ service, contract: SERVICES[service], clock: systemClock });
    cloud.hideYounger(SERVICES[service].visibilityLagMs);
    clouds.set(service, cloud);
  }
  const books = (): CloudBooks => ({
    ledger: [...clouds.values()].flatMap((cloud) => cloud.ledger()),
    purchaseRequests: [...clouds.values()].reduce((sum, cloud) => sum + cloud.requests().length, 0),
    faults: struck,
  });
  return await startHttpServer(() => ({
    now: () => systemClock.now(),
    async handle(wire, exchange) {
      if (wire.path === "/heal") healed = true;
      if (wire.path === "/heal" || wire.path === "/books") return answer(exchange, books());
      const fault = healed ? undefined : draw(random);
      if (fault !== undefined) struck[fault] = (struck[fault] ?? 0) + 1;
      if (fault === "lost request") return exchange.reset();
      if (fault === "error 500 before") return fail(exchange, "before anything was done");
      if (fault === "slow") await sleep(random.below(LONGEST_DELAY_MS));
      const done = await carryOut(clouds, wire);
      if (fault === "lost reply") return exchange.reset();
      if (fault === "error 500 after") return fail(exchange, "after it was done");
      if ("error" in done) return fail(exchange, done.error);
      answer(exchange, done);
    },
  }));
}

function draw(random: SeededRandom): (typeof FAULTS)[number][0] | undefined {
  let left = random.next();
  for (const [fault, probability] of FAULTS) {
    left -= probability;
    if (left < 0) return fault;
  }
  return undefined;
}

async function carryOut(
  clouds: ReadonlyMap<string, SimulatedCloud>,
  wire: WireRequest,
): Promise<{ readonly result: unknown } | { readonly error: string }> {
  const [, service = "", operation = ""] = wire.path.split("/");
  const cloud = clouds.get(service);
  if (cloud === undefined) return { error: `no service ${service}` };
  try {
    return { result: await callProvider(cloud.provider, operation, JSON.parse(wire.body) as CloudCall) };
  } catch (thrown) {
    return { error: messageOf(thrown) };
  }
}

async function callProvider(
  provider: CommitmentProvider<CustomRequest>,
  operation: string,
  { request, token, prepared, won, commitment }: CloudCall,
): Promise<unknown> {
  const signal = new AbortController().signal;
  const base = { signal, logger: silentLogger, now: systemClock.now(), lineageAttempt: 1 };
  const context = { ...base, ...(prepared && { prepared }) };
  if (operation === "lookup") return provider.lookup(request, token, context);
  if (operation === "prepare") return provider.prepare(request, token, context);
  if (operation === "inventory") return provider.inventory?.(request, token, context);
  if (operation === "label" && commitment) return provider.label?.(commitment, token, { ...context, request });
  if (operation !== "purchase" || won === undefined) throw new TypeError(`no operation ${operation}`);
  const permit = mintPermit(won) as PurchasePermit<CustomRequest>;
  return provider.purchase(permit, { ...context, beforeWire() {} });
}

const answer = (exchange: Exchange, body: unknown): void =>
  exchange.answer({ status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

const fail = (exchange: Exchange, error: string): void =>
  exchange.answer({ status: 500, headers: { "content-type": "text/plain" }, body: error });
