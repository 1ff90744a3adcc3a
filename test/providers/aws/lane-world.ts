import type { AwsSimulatorOptions } from "buyonce/simulator";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { Execution } from "../../../src/domain/execution.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { type LaneSettings, laneCloud } from "./lane-cloud.js";
import type { LaneService } from "./lane-services.js";

export const MINUTE = 60_000;
/** The last moment at which a request may still show, after its write-ahead: 15 minutes, 5 more and one for the clocks. */
export const SETTLE_WAIT = 21 * MINUTE;

/** The whole path with real clients at their default settings; one clock for engine, store and cloud. */
export async function laneWorld(service: LaneService, options: AwsSimulatorOptions = {}, settings: LaneSettings = {}) {
  const clock = manualClock(Date.now());
  const cloud = await laneCloud(service, { clock, maxClockSkewMs: 15 * MINUTE, ...options }, settings);
  const store = memoryStore({ clock });
  const engineOf = (worker: string) =>
    createPurchaseEngine({
      ...UNGUARDED,
      store,
      providers: [cloud.provider],
      clock,
      logger: silentLogger,
      worker,
    });
  const engine = engineOf("w1");
  let baskets = 0;
  /** Submits and approves a basket; returns its id. */
  async function approved(...lines: readonly CommitmentRequest[]): Promise<string> {
    baskets += 1;
    const { id } = await engine.submit({ requestKey: `basket ${baskets}`, createdBy: "ann", lines });
    await engine.approve(id, { approvedBy: "bob" });
    return id;
  }
  /** Lets time pass, with a tick every two minutes. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 2 * MINUTE) {
      clock.advance(Math.min(2 * MINUTE, ms - passed));
      // What is due lands when the simulator is looked at, and not a tick later.
      await cloud.simulator.ledger.purchases();
      await engine.tick();
    }
  }
  /** The execution as it is. */
  async function found(id: string): Promise<Execution> {
    const execution = await store.get(id);
    if (execution === undefined) throw new Error(`no execution ${id}`);
    return execution;
  }
  return { ...cloud, clock, store, engine, engineOf, approved, pass, found };
}
