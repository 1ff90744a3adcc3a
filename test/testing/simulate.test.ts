import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import type { Embedder } from "../../src/testing/simulate/embedder.js";
import { type Simulation, simulate } from "../../src/testing/simulate.js";
import { FAULTY, sound } from "../package/runners/embedders.mjs";
import { CONTRACT } from "../support/purchase-fixture.js";

const failureOf = (simulation: Simulation): Promise<string> =>
  simulate(simulation).then(
    () => "nothing was found",
    (found: Error) => found.message,
  );

const runOf = (message: string, seed: number): number => Number(/seed: (\d+)/.exec(message)?.[1]) - seed + 1;

describe("simulate", () => {
  test.each(Object.entries(CONTRACT))("finds nothing in a sound embedder, under contract %s", async (_, contract) => {
    const report = await simulate({ embedder: sound, hours: 6, runs: 6, contract });
    const { purchases, deaths, deliveries, storeErrors } = report;
    expect(purchases).toBeGreaterThan(6);
    expect(deaths).toBeGreaterThan(6);
    expect(storeErrors).toBeGreaterThan(6);
    expect(deliveries).toBeGreaterThan(18);
  });

  test.each(FAULTY)("catches $name within 1,000 runs", async ({ name, caughtBy, embedder }) => {
    const seed = Number(process.env["BUYONCE_SEED"] ?? 1);
    const message = await failureOf({ embedder, hours: 6, runs: 1_000, seed });
    console.log(`${name}: caught in run ${runOf(message, seed)}`);
    expect(message).toMatch(caughtBy);
  });

  test("catches a new request key that the overlap guard refuses, because the order is never acknowledged", async () => {
    const embedder: Embedder = (process) => {
      const engine = process.createEngine();
      const started = { count: 0 };
      return {
        ...sound(process),
        async onOrder({ key, lines }) {
          started.count += 1;
          const requestKey = `${key}/${process.name}/${started.count}`;
          const { id } = await engine.submit({ requestKey, createdBy: "shop", lines });
          await engine.approve(id, { approvedBy: "ann" });
          await engine.run(id);
        },
      };
    };
    const message = await failureOf({ embedder, hours: 6, runs: 1_000 });
    expect(message).toMatch(/order-\d was never acknowledged .*NEED_ALREADY_COVERED/);
  });

  test("catches a store that dies with its process", async () => {
    const embedder: Embedder = (process) =>
      sound({ ...process, createEngine: () => process.createEngine({ store: memoryStore({ clock: process.clock }) }) });
    expect(await failureOf({ embedder, hours: 6, runs: 1_000 })).toMatch(/bought 2 times|were bought/);
  });

  test("plays a seed again step by step, and another seed otherwise", async () => {
    const traceOf = async (seed: number) => (await simulate({ embedder: sound, hours: 6, seed })).trace;
    const trace = await traceOf(7);
    expect(trace.length).toBeGreaterThan(10);
    expect(await traceOf(7)).toEqual(trace);
    expect(await traceOf(8)).not.toEqual(trace);
  });

  test("repeats a failure by the seed that its message names", async () => {
    const [{ embedder } = { embedder: sound }] = FAULTY;
    const found = await failureOf({ embedder, hours: 6, runs: 1_000 });
    const seed = Number(/seed: (\d+)/.exec(found)?.[1]);
    const traceIn = (message: string) => message.split("\n").filter((line) => /^\d\d:\d\d:/.test(line));
    const again = await failureOf({ embedder, hours: 6, seed });
    expect(traceIn(again)).toEqual(traceIn(found));
    expect(traceIn(again).length).toBeGreaterThan(10);
  });

  test("delivers what the embedder sends itself, and keeps what it stores", async () => {
    const embedder: Embedder = (process) => {
      const { table, queue, createEngine, sleep } = process;
      const engine = createEngine();
      return {
        async onOrder(order) {
          await table.insert(order.key, order.lines);
          await queue.send({ key: order.key });
        },
        async onMessage(message) {
          const { key } = message as { key: string };
          const lines = (await table.get(key)) as Parameters<typeof engine.submit>[0]["lines"];
          const { id, status } = await engine.submit({ requestKey: key, createdBy: "shop", lines });
          if (status === "pending") await engine.approve(id, { approvedBy: "ann" });
          await sleep(1_000);
        },
        cron: [
          { everyMs: 300_000, run: () => engine.tick() },
          { everyMs: 3_600_000, run: async () => expect((await table.keys()).length).toBeLessThan(4) },
        ],
      };
    };
    const { purchases } = await simulate({ embedder, hours: 6, runs: 4 });
    expect(purchases).toBeGreaterThan(4);
  });

  test("shows the embedder errors of its store and table, single ones and outages, before and after the effect", async () => {
    const seen = new Set<string>();
    const embedder: Embedder = async (process) => {
      const { onOrder, ...others } = await sound(process);
      const noted = async (error: unknown) => {
        seen.add(isBuyonceError(error) ? error.code : String(error));
        throw error;
      };
      return {
        ...others,
        async onOrder(order) {
          const was = await process.table.get(order.key);
          await process.table.set(order.key, Number(was ?? 0) + 1).catch(noted);
          await onOrder(order).catch(noted);
        },
      };
    };
    const moments = new Set<string>();
    const isComplete = () => seen.size >= 3 && moments.size >= 3;
    for (let seed = 1; seed <= 300 && !isComplete(); seed += 1) {
      const { trace } = await simulate({ embedder, hours: 3, seed });
      for (const line of trace) {
        const [moment] = /loses its store (for|before|after)/.exec(line) ?? [];
        if (moment !== undefined) moments.add(moment);
      }
    }
    const lost = "Error: the connection to the simulated database was lost";
    expect([...seen].sort()).toEqual([lost, "STORE_BUSY", "STORE_WRITE_FAILED"].sort());
    expect([...moments].sort()).toEqual(["after", "before", "for"].map((word) => `loses its store ${word}`));
  });

  test("starts a process again whose code cannot start because its store fails", async () => {
    const embedder: Embedder = async (process) => {
      for (let read = 0; read < 5; read += 1) await process.table.keys();
      await process.store.history({ limit: 1 });
      await process.table.get("settings");
      return sound(process);
    };
    const traces: string[] = [];
    for (let seed = 1; seed <= 12; seed += 1)
      traces.push(...(await simulate({ embedder, hours: 6, seed })).trace.filter((line) => /cannot start/.test(line)));
    expect(traces.length).toBeGreaterThan(0);
  });

  test("keeps nothing of a run that is over, whose processes died in the middle of calls", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const stores: WeakRef<object>[] = [];
    const embedder: Embedder = (process) => {
      stores.push(new WeakRef(process.store));
      return sound(process);
    };
    const { deaths } = await simulate({ embedder, hours: 6, runs: 3, seed: 1 });
    expect(deaths).toBeGreaterThan(3);
    for (let round = 0; round < 5; round += 1) {
      await nextTurn();
      collectGarbage();
    }
    expect(stores.filter((store) => store.deref() !== undefined)).toEqual([]);
  });

  test("says that a process has no onMessage", async () => {
    const embedder: Embedder = (process) => ({ onOrder: () => process.queue.send("order") });
    expect(await failureOf({ embedder, hours: 2, orders: 1 })).toMatch(/were bought|no onMessage/);
  });

  test("ends with the error of an embedder that cannot start", async () => {
    const embedder: Embedder = async () => {
      throw new Error("no configuration");
    };
    expect(await failureOf({ embedder })).toMatch(/^Error: no configuration/);
  });

  test.each<readonly [object | null, string]>([
    [{ embeder: sound }, "simulation.embeder"],
    [{}, "simulation.embedder"],
    [{ embedder: sound, seed: -1 }, "simulation.seed"],
    [{ embedder: sound, hours: 0 }, "simulation.hours"],
    [{ embedder: sound, hours: Number.NaN }, "simulation.hours"],
    [{ embedder: sound, runs: 0 }, "simulation.runs"],
    [{ embedder: sound, orders: 10 }, "simulation.orders"],
    [{ embedder: sound, processes: 0 }, "simulation.processes"],
    [null, "simulation"],
  ])("refuses %o", async (simulation, path) => {
    await expect(simulate(simulation as Simulation)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      details: { problems: [{ path }] },
    });
  });

  test.each<readonly [object, string]>([
    [{}, "handlers"],
    [{ onOrder: async () => {}, onMesage: async () => {} }, "handlers.onMesage"],
    [{ onOrder: async () => {}, cron: { everyMs: 5, run: async () => {} } }, "handlers.cron.everyMs"],
    [{ onOrder: async () => {}, cron: [{ everyMs: 5_000 }] }, "handlers.cron.run"],
  ])("refuses an embedder whose code is %o, which would never be called", async (handlers, path) => {
    expect(await failureOf({ embedder: () => handlers as ReturnType<typeof sound> })).toContain(path);
  });
});
