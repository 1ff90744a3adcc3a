import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { HistoryQuery } from "../../src/store-port/execution-store.js";
import { embeddedPostgres } from "../../src/stores/embedded/index.js";
import { memoryRecommendationStore } from "../../src/stores/memory/memory-recommendation-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { pgliteStore } from "../../src/stores/pglite/index.js";
import { migrate, postgresRecommendationStore, postgresStore, verifySchema } from "../../src/stores/postgres/index.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { unique } from "../../src/testing/store-contract/samples.js";

/** A client that fails the test where it is asked anything. */
const untouched = { query: () => expect.unreachable("a statement was sent") };

/** What takes options, as JavaScript calls it: with whatever the caller wrote. */
const CALLS: Readonly<Record<string, (options: never) => unknown>> = {
  memoryStore: (options) => memoryStore(options),
  memoryRecommendationStore: (options) => memoryRecommendationStore(options),
  postgresStore: (options) => postgresStore(untouched, options),
  postgresRecommendationStore: (options) => postgresRecommendationStore(untouched, options),
  migrate: (options) => migrate(untouched, options),
  verifySchema: (options) => verifySchema(untouched, options),
  pgliteStore: (options) => pgliteStore(options),
  embeddedPostgres: (options) => embeddedPostgres(options),
};

const dataDir = join(tmpdir(), unique("never-made"));

const REFUSED: readonly (readonly [call: string, options: unknown, problem: string])[] = [
  ["memoryStore", { clok: manualClock() }, 'options.clok: is not known; did you mean "clock"?'],
  ["memoryStore", manualClock(), "options.now: is not known"],
  ["memoryStore", { clock: { now: 5 } }, "options.clock: must be a clock"],
  ["memoryStore", { clock: null }, "options.clock: must be a clock"],
  ["memoryStore", null, "must be an object"],
  ["memoryRecommendationStore", { clok: manualClock() }, 'options.clok: is not known; did you mean "clock"?'],
  ["memoryRecommendationStore", { clock: { now: 5 } }, "options.clock: must be a clock"],
  ["postgresRecommendationStore", { shema: "mine" }, 'options.shema: is not known; did you mean "schema"?'],
  ["postgresStore", { shema: "mine" }, 'options.shema: is not known; did you mean "schema"?'],
  ["postgresStore", { schema: "mine", prepareStatements: false }, 'did you mean "preparedStatements"?'],
  ["postgresStore", { preparedStatements: "false" }, "options.preparedStatements: must be true or false"],
  ["postgresStore", "mine", "must be an object"],
  ["migrate", { shema: "mine" }, 'options.shema: is not known; did you mean "schema"?'],
  ["migrate", "mine", "must be an object"],
  ["verifySchema", { Schema: "mine" }, 'options.Schema: is not known; did you mean "schema"?'],
  ["verifySchema", null, "must be an object"],
  ["pgliteStore", { datadir: dataDir }, 'options.datadir: is not known; did you mean "dataDir"?'],
  ["pgliteStore", { dataDir, acceptLoss: true }, "options.acceptLoss: is not known"],
  ["pgliteStore", dataDir, "must be an object"],
  ["embeddedPostgres", { dataDir, prot: 5432 }, 'options.prot: is not known; did you mean "port"?'],
  ["embeddedPostgres", { dataDir, port: 0 }, "options.port: must be a whole number from 1 to 65535"],
  ["embeddedPostgres", { dataDir, port: 70_000 }, "options.port: must be a whole number"],
  ["embeddedPostgres", { dataDir, port: "5432" }, "options.port: must be a whole number"],
  ["embeddedPostgres", dataDir, "must be an object"],
];

/** Runs a call; what is thrown at once is a rejection too. */
const called = async (call: string, options: unknown): Promise<unknown> => CALLS[call]?.(options as never);

describe("options", () => {
  test.each(REFUSED)("of %s refuse %j", async (call, options, problem) => {
    await expect(called(call, options)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      message: expect.stringContaining(problem),
    });
  });

  test.each([
    ["postgresStore", { schema: null }],
    ["postgresStore", { schema: 7 }],
    ["migrate", { schema: null }],
    ["verifySchema", { schema: "" }],
    ["pgliteStore", { dataDir: null, acceptLossOnPowerFailure: true }],
    ["pgliteStore", { dataDir: "", acceptLossOnPowerFailure: true }],
    ["embeddedPostgres", {}],
    ["embeddedPostgres", { dataDir: 7 }],
  ])("of %s refuse the value in %j, and use no other in its place", async (call, options) => {
    await expect(called(call, options)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  test("that are undefined are those that are not stated", async () => {
    const options = { clock: undefined } as never;
    expect(await memoryStore(options).get("none")).toBeUndefined();
  });
});

describe("a client", () => {
  const noClients = [undefined, null, {}, { schema: "mine" }, { query: {} }, () => {}] as never[];
  test.each(noClients)("without query is refused (%#)", async (sql) => {
    const refusal = { code: "INVALID_REQUEST", message: expect.stringContaining("sql: must be a pg.Pool") };
    const calls = [async () => postgresStore(sql), async () => await migrate(sql), async () => await verifySchema(sql)];
    for (const call of calls) await expect(call()).rejects.toMatchObject(refusal);
  });
});

const QUERIES: readonly (readonly [query: unknown, problem: string])[] = [
  [{ acount: "1" }, 'query.acount: is not known; did you mean "account"?'],
  [{ createdby: "ann", limt: 1 }, 'query.limt: is not known; did you mean "limit"?'],
  [{ status: "completed" }, "query.status: must be a list of statuses"],
  [{ status: ["complete"] }, 'query.status: "complete" is no status; did you mean "completed"?'],
  [{ status: [null] }, 'query.status: "null" is no status'],
  [{ source: null }, "query.source: must be text"],
  [{ account: 123_456_789_012 }, "query.account: must be text"],
  [{ createdBy: "a\0" }, "query.createdBy: must be text"],
  [{ cursor: 7 }, "query.cursor: must be text"],
  [{ createdFrom: "2026-01-01" }, "query.createdFrom: must be a time in milliseconds since 1970"],
  [{ createdBefore: new Date() }, "query.createdBefore: must be a time"],
  [{ createdFrom: Number.NaN }, "query.createdFrom: must be a time"],
  [{ createdBefore: Number.MAX_SAFE_INTEGER }, "query.createdBefore: must be a time"],
  [{ limit: 0 }, "query.limit: must be a positive whole number"],
  [{ limit: 1.5 }, "query.limit: must be a positive whole number"],
  [{ limit: "50" }, "query.limit: must be a positive whole number"],
  [null, "query: must be an object"],
  ["ann", "query: must be an object"],
];

describe("a query of history", () => {
  const stores = [
    ["in memory", memoryStore()],
    ["in PostgreSQL", postgresStore(untouched)],
  ] as const;
  for (const [where, store] of stores)
    test.each(QUERIES)(`is refused ${where} where it is %j`, async (query, problem) => {
      await expect(store.history(query as HistoryQuery)).rejects.toMatchObject({
        code: "INVALID_REQUEST",
        message: expect.stringContaining(problem),
      });
    });

  test("names every problem at once", async () => {
    const query = { acount: "1", limit: -1 } as HistoryQuery;
    await expect(memoryStore().history(query)).rejects.toMatchObject({
      details: { problems: [{ path: "query.acount" }, { path: "query.limit" }] },
    });
  });
});
