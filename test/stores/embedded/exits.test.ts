import { existsSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { type Child, startChild } from "../support/child.js";
import { folderForTest, usedServerFolder } from "../support/folder-for-test.js";
import { processesIn } from "../support/processes-in.js";

/** A process that opens the server and ends in some way, with the test at the latest. */
function started(dataDir: string, way: string): Child {
  const child = startChild("embedded-exit-process.ts", dataDir, way);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  return child;
}

/** The same, up to when it has opened the server. */
async function opened(dataDir: string, way: string): Promise<Child> {
  const child = started(dataDir, way);
  await child.said();
  await child.said();
  return child;
}

const WAYS = [
  ["falling off the end", 0],
  ["process.exit", 3],
  ["an uncaught exception", 1],
  ["an unhandled rejection", 1],
] as const;

test("a process that ends by itself stops its server, however it ends", { timeout: 60_000 }, async () => {
  const dataDir = await usedServerFolder();
  for (const [way, code] of WAYS) {
    const child = await opened(dataDir, way);
    expect(await child.ended(), way).toBe(code);
    expect(processesIn(dataDir), way).toEqual([]);
  }
});

const SIGNALS = [
  ["signal", "SIGTERM", "SIGTERM"],
  ["signal", "SIGINT", "SIGINT"],
  ["signal", "SIGHUP", "SIGHUP"],
  ["signal", "SIGQUIT", "SIGQUIT"],
  ["two connections", "SIGTERM", "SIGTERM"],
  ["a signal that the application handles", "SIGTERM", 4],
] as const;

test("a process that a signal ends stops its server first", { timeout: 60_000 }, async () => {
  const dataDir = await usedServerFolder();
  for (const [way, signal, end] of SIGNALS) {
    const child = await opened(dataDir, way);
    expect(processesIn(dataDir), way).not.toEqual([]);
    child.process.kill(signal);
    expect(await child.ended(), way).toBe(end);
    expect(processesIn(dataDir), way).toEqual([]);
  }
});

const ORDERS = ["before", "after", "between two connections"] as const;

test("a process that has loaded signal-exit ends with a signal, its server too, unless an exit hook declines", {
  timeout: 60_000,
}, async () => {
  const dataDir = await usedServerFolder();
  for (const order of ORDERS) {
    const child = startChild("../embedded/signal-exit-process.ts", dataDir, order);
    onTestFinished(() => void child.process.kill("SIGKILL"));
    expect(await child.said(), order).toMatchObject({ listeners: expect.any(Number) });
    child.process.kill("SIGTERM");
    expect(await child.said(), order).toEqual({ hook: "SIGTERM" });
    expect(await child.ended(), order).toBe("SIGTERM");
    expect(processesIn(dataDir), order).toEqual([]);
  }
  const declining = startChild("../embedded/signal-exit-process.ts", dataDir, "declining");
  onTestFinished(() => void declining.process.kill("SIGKILL"));
  await declining.said();
  declining.process.kill("SIGTERM");
  expect(await declining.said()).toEqual({ hook: "SIGTERM" });
  expect(await declining.said()).toEqual({ still: "here" });
  expect(await declining.ended()).toBe(5);
});

test("a server that several processes share ends with the last of them, whoever started it", {
  timeout: 60_000,
}, async () => {
  const dataDir = await usedServerFolder();
  const [starter, second, third] = [
    await opened(dataDir, "signal"),
    await opened(dataDir, "signal"),
    await opened(dataDir, "signal"),
  ];
  const shared = processesIn(dataDir);
  const here = await embeddedPostgres({ dataDir });
  onTestFinished(() => here.close());
  for (const [child, signal] of [
    [starter, "SIGTERM"],
    [second, "SIGKILL"],
    [third, "SIGINT"],
  ] as const) {
    child.process.kill(signal);
    expect(await child.ended()).toBe(signal);
    expect(await here.sql.query({ text: "select 1 as one", values: [] })).toMatchObject({ rows: [{ one: 1 }] });
  }
  expect(processesIn(dataDir)).toEqual(expect.arrayContaining(shared.slice(0, 1)));
  await here.close();
  expect(processesIn(dataDir)).toEqual([]);
});

const PARTS = [
  ["makes the database", "password"],
  ["starts the server", "server.log"],
  ["waits for the server", "data/postmaster.pid"],
] as const;

test.each(PARTS)(
  "a process that a signal ends while it %s leaves nothing running",
  { timeout: 60_000 },
  async (_, file) => {
    const dataDir = await folderForTest("pg");
    const child = started(dataDir, "signal");
    await child.said();
    while (!existsSync(join(dataDir, file))) await nextTurn();
    child.process.kill("SIGTERM");
    expect(await child.ended()).toBe("SIGTERM");
    await expect.poll(() => processesIn(dataDir), { timeout: 10_000 }).toEqual([]);
    await (await embeddedPostgres({ dataDir })).close();
  },
);
