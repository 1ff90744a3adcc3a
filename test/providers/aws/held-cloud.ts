import type { AwsSimulatorOptions, Fault } from "buyonce/simulator";
import { onTestFinished } from "vitest";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { silentLogger } from "../../../src/domain/logger.js";
import type { PurchaseEngineOptions } from "../../../src/engine/engine-options.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import type { HeldService } from "./held-services.js";
import type { Trouble } from "./lane-cloud.js";
import { ACCOUNT, context, permitFor, seen, simulated, TOKEN } from "./simulated-line.js";

const MINUTE = 60_000;

/** The whole path with a real client at its default settings; one clock for engine, store and cloud. */
export async function heldCloud(service: HeldService, options: AwsSimulatorOptions = {}) {
  const { operations, held } = service;
  const clock = manualClock(Date.now());
  const { simulator } = await simulated({ clock, maxClockSkewMs: 15 * MINUTE, ...options });
  const target = { endpoint: simulator.url, region: "us-east-1", credentials: simulator.credentialsFor(ACCOUNT) };
  const { client, provider, queue, withdraw } = service.open(target);
  onTestFinished(() => client.destroy());
  const now = () => context({ now: clock.now() });
  const store = memoryStore({ clock });
  const engineOver = (over: ExecutionStore, more: Partial<PurchaseEngineOptions> = {}) =>
    createPurchaseEngine({
      ...UNGUARDED,
      store: over,
      providers: [provider],
      clock,
      logger: silentLogger,
      worker: "w1",
      ...more,
    });
  const engine = engineOver(store);
  let baskets = 0;
  return {
    simulator,
    clock,
    client,
    provider,
    queue,
    withdraw,
    fault: (at: keyof HeldService["operations"], trouble: Trouble) =>
      simulator.faults.add({ ...trouble, operation: operations[at] } as Fault),
    asked: (at: keyof HeldService["operations"]) => seen({ simulator }, operations[at]),
    purchases: () => simulator.ledger.purchases(),
    /** Moves the clock on and brings to pass what was due. */
    async wait(ms: number): Promise<void> {
      clock.advance(ms);
      await simulator.ledger.purchases();
    },
    prepare: (request = held) => provider.prepare(request, TOKEN, now()),
    purchase: (prepared: Prepared, request = held) =>
      provider.purchase(permitFor(request, prepared, clock.now()), context()),
    lookup: (prepared?: Prepared) => provider.lookup(held, TOKEN, { ...now(), ...(prepared && { prepared }) }),
    label: async (id: string, prepared: Prepared, request = held) =>
      provider.label?.({ commitmentIds: [id], adopted: false }, TOKEN, { ...now(), request, prepared }),
    cancelQueued: async (...commitmentIds: readonly string[]) =>
      provider.cancelQueued?.({ commitmentIds, adopted: false }, TOKEN, { ...now(), request: held }),
    store,
    engine,
    engineOver,
    /** Submits, approves and runs a basket. */
    async run(...lines: readonly CommitmentRequest[]) {
      baskets += 1;
      const { id } = await engine.submit({ requestKey: `basket ${baskets}`, createdBy: "ann", lines });
      await engine.approve(id, { approvedBy: "bob" });
      return engine.run(id);
    },
  };
}
export type HeldCloud = Awaited<ReturnType<typeof heldCloud>>;

/** Prepares and buys; the id that the cloud answered. */
export async function bought(cloud: HeldCloud, request?: CommitmentRequest) {
  const prepared = await cloud.prepare(request);
  const outcome = await cloud.purchase(prepared, request);
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  return { prepared, id: outcome.commitment.commitmentIds[0] ?? "" };
}
