import type { AwsSimulatorOptions, Fault } from "buyonce/simulator";
import { expect } from "vitest";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../../src/domain/execution.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import type { Adapter } from "./every-adapter.js";
import { seen, simulated } from "./simulated-line.js";

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
/** The last moment at which a request may still show, after its write-ahead: 15 minutes, 5 more and one for the clocks. */
export const SETTLE_WAIT = 21 * MINUTE;

/** The whole path with a real client at its default settings; one clock for engine, store and cloud. */
export async function doubtWorld(adapter: Adapter, options: AwsSimulatorOptions = {}) {
  const clock = manualClock(Date.now());
  const cloud = await simulated({ clock, maxClockSkewMs: 15 * MINUTE, ...options });
  const { simulator } = cloud;
  const provider = adapter.provider(simulator);
  const store = memoryStore({ clock });
  // One line after the other, so that a test knows which request meets which fault.
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [provider],
    clock,
    logger: silentLogger,
    concurrency: 1,
  });
  let baskets = 0;

  /** Submits and approves a basket; its id. */
  async function approved(...lines: readonly CommitmentRequest[]): Promise<string> {
    baskets += 1;
    const { id } = await engine.submit({ requestKey: `basket ${baskets}`, createdBy: "ann", lines });
    await engine.approve(id, { approvedBy: "bob" });
    return id;
  }

  async function found(id: string): Promise<Execution> {
    const execution = await store.get(id);
    if (execution === undefined) throw new Error(`no execution ${id}`);
    return execution;
  }

  async function line(id: string, index = 0): Promise<PurchaseLine> {
    const one = (await found(id)).lines[index];
    if (one === undefined) throw new Error(`no line ${index}`);
    return one;
  }

  return {
    ...cloud,
    clock,
    provider,
    store,
    engine,
    approved,
    found,
    line,
    fault: (fault: Fault) => simulator.faults.add(fault),
    purchases: () => simulator.ledger.purchases(),
    /** The purchase requests that reached the cloud. */
    sent: () => seen(cloud, adapter.purchase),
    /** Lets time pass, with a tick every two minutes. */
    async pass(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += 2 * MINUTE) {
        clock.advance(Math.min(2 * MINUTE, ms - passed));
        // What is due lands when the simulator is looked at, and not a tick later.
        await simulator.ledger.purchases();
        await engine.tick();
      }
    },
    /** Lets time pass in which nothing ticks, and then ticks as often as a doubt needs. */
    async standStill(ms: number): Promise<void> {
      clock.advance(ms);
      for (let tick = 0; tick < 4; tick += 1) {
        await engine.tick();
        clock.advance(2 * MINUTE);
      }
    },
    /** A line whose request has landed and whose reply is lost; the execution and what was bought. */
    async replyLost(request = adapter.request) {
      const id = await approved(request);
      await simulator.faults.add({ operation: adapter.purchase, kind: "reset-after" });
      expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
      const [purchase, ...others] = await simulator.ledger.purchases();
      if (purchase === undefined || others.length > 0) throw new Error("not one purchase");
      return { id, purchase, commitmentId: purchase.commitmentId };
    },
  };
}
export type DoubtWorld = Awaited<ReturnType<typeof doubtWorld>>;

/** How many purchase calls made what the ledger holds: parts and what became of them count with theirs. */
export const purchasesIn = async ({ purchases }: Pick<DoubtWorld, "purchases">): Promise<number> =>
  new Set((await purchases()).map(({ purchaseId }) => purchaseId)).size;
