import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/domain/clock.js";
import { silentLogger } from "../../src/domain/logger.js";
import type { PurchaseEngineOptions } from "../../src/engine/engine-options.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { bundledScript } from "../stores/support/bundled-script.js";
import { CONTRACT, simulatedLine } from "../support/purchase-fixture.js";
import { UNGUARDED } from "../support/unguarded.js";

/** An approved basket over the machine's own clock. */
async function world(options: Partial<PurchaseEngineOptions> = {}) {
  const cloud = simulatedCloud({ contract: CONTRACT.native, clock: systemClock });
  const store = options.store ?? memoryStore();
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    providers: [cloud.provider],
    logger: silentLogger,
    ...options,
    store,
  });
  const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [simulatedLine()] });
  await engine.approve(id, { approvedBy: "bob" });
  return { cloud, store, engine, id };
}

/** Keeps the whole process busy, as a slow disk under SQLite does, or a machine that stands still. */
function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe("by the machine's own clock", () => {
  test("nothing is sent after a deadline that passed while the process stood still, before any timer could fire", async () => {
    const store = memoryStore();
    const slow = {
      ...store,
      commit: (change: Parameters<typeof store.commit>[0]) => {
        if (change.event.kind === "write_ahead") standStill(400);
        return store.commit(change);
      },
    };
    const { cloud, engine, id } = await world({ store: slow });
    const { outcomes } = await engine.run(id, { within: 200 });
    expect(cloud.requests()).toEqual([]);
    expect(outcomes).toMatchObject({ committed: 0, waiting: { NOT_SENT: 1 } });
    expect((await engine.run(id)).outcomes.committed, "it is due at once").toBe(1);
  });

  test("waitUntilSettled sees the end of a run, and gives up with its own error", async () => {
    const { engine, id } = await world();
    await expect(engine.waitUntilSettled(id, { timeoutMs: 300 })).rejects.toMatchObject({
      code: "NOT_SETTLED_IN_TIME",
    });
    const waiting = engine.waitUntilSettled(id, { timeoutMs: 30_000 });
    await sleep(200);
    await engine.run(id);
    expect(await waiting).toMatchObject({ status: "completed" });
  });

  test.each([
    ["within", () => ({ within: 15_000.5 })],
    ["deadline", () => ({ deadline: performance.timeOrigin + performance.now() + 15_000.25 })],
  ])("%s may have a fraction", async (_name, bounds) => {
    const { engine, id } = await world({ leaseMs: 30_001 });
    expect(await engine.run(id, bounds())).toMatchObject({ status: "completed" });
  });

  test("who waits is told, though nothing else keeps the process alive, and collecting garbage takes no time limit away", async () => {
    const script = bundledScript(fileURLToPath(new URL("support/waiting-process.ts", import.meta.url)));
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", script], { timeout: 40_000 });
    expect(JSON.parse(stdout)).toEqual({ waited: "NOT_SETTLED_IN_TIME", sent: 0 });
  });
});
