import { copyFile, link, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { importPeer } from "../../../src/stores/local/import-peer.js";
import { isMounted } from "../../../src/stores/sqlite/database/file-place.js";
import { isSound } from "../../../src/stores/sqlite/database/open-file.js";
import {
  migrate,
  openSqlite,
  type SqliteDatabase,
  sqliteStore,
  verifySchema,
} from "../../../src/stores/sqlite/index.js";
import { created } from "../../../src/testing/store-contract/steps.js";
import { folderForTest } from "../support/folder-for-test.js";
import { emptyFileForTest, sqliteFileForTest } from "../support/sqlite-file.js";

async function newDatabase(): Promise<Database.Database> {
  const folder = await folderForTest("store.db");
  const database = new Database(folder);
  onTestFinished(() => void database.close());
  return database;
}

/** The database, whose driver answers one statement otherwise. */
const answering = (database: Database.Database, sql: string, row: object): SqliteDatabase => ({
  exec: (text) => database.exec(text),
  prepare: (text) => (text === sql ? { run: () => {}, get: () => row, all: () => [row] } : database.prepare(text)),
});

test("the settings that a store relies on hold after the first call, whatever they were before", async () => {
  const database = await newDatabase();
  for (const pragma of ["synchronous = off", "mmap_size = 268435456", "foreign_keys = off", "busy_timeout = 0"])
    database.pragma(pragma);
  await migrate(database);
  const settings = ["journal_mode", "synchronous", "mmap_size", "foreign_keys", "busy_timeout", "fullfsync"];
  expect(settings.map((name) => database.pragma(name, { simple: true }))).toEqual(["wal", 2, 0, 1, 5_000, 1]);
  const other = new Database(database.name);
  onTestFinished(() => void other.close());
  other.pragma("synchronous = normal");
  await sqliteStore(other, { busyTimeoutMs: 700 }).get("none");
  expect(["synchronous", "busy_timeout"].map((name) => other.pragma(name, { simple: true }))).toEqual([2, 700]);
});

test("a setting that does not hold is refused, and nothing is made", async () => {
  const database = await newDatabase();
  const stubborn = answering(database, "pragma synchronous", { synchronous: 1 });
  await expect(migrate(stubborn)).rejects.toMatchObject({ code: "UNSAFE_DATABASE" });
  await expect(migrate(stubborn)).rejects.toThrow("SQLite did not take the setting synchronous = 2: it has 1");
  expect(database.prepare("select count(*) from sqlite_schema").pluck().get()).toBe(0);
});

test("a database without a file is refused", async () => {
  const database = new Database(":memory:");
  await expect(migrate(database)).rejects.toMatchObject({ code: "UNSAFE_DATABASE" });
  await expect(sqliteStore(database).get("none")).rejects.toThrow("memoryStore()");
});

test("a release of SQLite whose WAL reset can corrupt a file is refused", async () => {
  const { database } = await sqliteFileForTest();
  const old = answering(database, "select sqlite_version()", { version: "3.51.2" });
  await expect(sqliteStore(old).get("none")).rejects.toMatchObject({ code: "UNSAFE_DATABASE" });
  await expect(migrate(old)).rejects.toThrow("SQLite 3.51.2 can corrupt a file");
  const sound = ["3.44.6", "3.50.7", "3.50.8", "3.51.3", "3.52.0", "3.53.2", "3.54.0", "4.0.0"];
  const unsound = ["3.7.0", "3.44.5", "3.45.9", "3.47.2", "3.49.9", "3.50.4", "3.50.6", "3.51.0", "3.51.2"];
  expect(sound.filter((version) => !isSound(version))).toEqual([]);
  expect(unsound.filter(isSound)).toEqual([]);
});

test("a file with a second name is refused by both names, and a link to its name is not", async () => {
  const { path, database } = await sqliteFileForTest();
  await symlink(path, `${path}.link`);
  const linked = new Database(`${path}.link`);
  onTestFinished(() => void linked.close());
  const { id } = await created(sqliteStore(linked));
  expect((await sqliteStore(database).get(id))?.id).toBe(id);
  database.pragma("wal_checkpoint(truncate)");
  await link(path, `${path}.second`);
  const second = new Database(`${path}.second`);
  onTestFinished(() => void second.close());
  for (const name of [database, second]) {
    await expect(sqliteStore(name).get("none")).rejects.toMatchObject({ code: "UNSAFE_DATABASE", moneyMoved: "maybe" });
    await expect(migrate(name)).rejects.toThrow("has 2 names (hard links)");
  }
});

test.skipIf(process.platform !== "linux")("a mount point is told from what lies in a mount", () => {
  expect(isMounted("/proc")).toBe(true);
  expect(isMounted("/proc/self/mountinfo")).toBe(false);
});

test.each<readonly [string, (path: string) => Promise<void>]>([
  ["deleted", (path) => rm(path)],
  ["moved", (path) => rename(path, `${path}.old`)],
  [
    "replaced",
    async (path) => {
      await copyFile(path, `${path}.copy`);
      await rename(`${path}.copy`, path);
    },
  ],
])("what is written to a file that was %s while it was open is not acknowledged", async (_, change) => {
  const { path, database } = await sqliteFileForTest();
  const store = sqliteStore(database);
  await created(store);
  await change(path);
  await expect(created(store)).rejects.toMatchObject({ code: "UNSAFE_DATABASE", moneyMoved: "maybe" });
  await expect(created(store)).rejects.toThrow(`${path} was moved, deleted or replaced while it was open`);
});

test("a file that is put back in its place is written again", async () => {
  const { path, database } = await sqliteFileForTest();
  const store = sqliteStore(database);
  await created(store);
  await rename(path, `${path}.old`);
  await writeFile(path, "");
  await expect(created(store)).rejects.toMatchObject({ code: "UNSAFE_DATABASE" });
  await unlink(path);
  await rename(`${path}.old`, path);
  const { id } = await created(store);
  expect((await sqliteStore(database).get(id))?.id).toBe(id);
});

test("a database that takes no writes gives what is stored, and says of a write that nothing was stored", async () => {
  const { path, database } = await sqliteFileForTest();
  const { id } = await created(sqliteStore(database));
  const readOnly = new Database(path, { readonly: true });
  onTestFinished(() => void readOnly.close());
  const store = sqliteStore(readOnly);
  expect((await store.get(id))?.id).toBe(id);
  await expect(created(store)).rejects.toMatchObject({ code: "STORE_READ_ONLY" });
});

test.each([
  ["synchronous = off", "synchronous", 2],
  ["synchronous = normal", "synchronous", 2],
  ["journal_mode = delete", "journal_mode", "wal"],
  ["journal_mode = memory", "journal_mode", "wal"],
])("what the application sets between two calls (%s) does not hold for the next write", async (set, pragma, wanted) => {
  const { database } = await sqliteFileForTest();
  const store = sqliteStore(database);
  await created(store);
  database.pragma(set);
  await created(store);
  expect(database.pragma(pragma, { simple: true })).toBe(wanted);
});

test("any object with exec and prepare will do, and a class of the application's own is never called", async () => {
  const { path, database } = await emptyFileForTest();
  class AppDatabase extends Database {
    constructor() {
      super(path);
      opened += 1;
    }
  }
  let opened = 0;
  const own = new AppDatabase();
  onTestFinished(() => void own.close());
  await migrate(own);
  await migrate({ exec: (sql) => database.exec(sql), prepare: (sql) => database.prepare(sql) });
  expect(await verifySchema(own)).toMatchObject({ sound: true, differences: [] });
  expect(opened).toBe(1);
});

test("what is no database, and unknown or impossible options, are refused at once", () => {
  expect(() => sqliteStore(join("no", "database") as never)).toThrow("node:sqlite");
  const database = { exec: () => {}, prepare: () => expect.unreachable() } as never;
  expect(() => sqliteStore(database, { busyTimeout: 1 } as never)).toThrow('did you mean "busyTimeoutMs"?');
  for (const busyTimeoutMs of [0, -1, 0.5, Number.POSITIVE_INFINITY])
    expect(() => sqliteStore(database, { busyTimeoutMs })).toThrow("busyTimeoutMs");
  expect(() => sqliteStore(database, { clock: {} as never })).toThrow("options.clock");
});

test("openSqlite makes a file with both stores, which another opening finds", async () => {
  const folder = await folderForTest("purchases.db");
  const opened = await openSqlite(folder);
  const { id } = await created(opened.store);
  expect(await opened.recommendations.list({ scope: "none", limit: 1 })).toEqual([]);
  opened.close();
  const again = await openSqlite(folder);
  onTestFinished(() => again.close());
  expect((await again.store.get(id))?.id).toBe(id);
});

test("openSqlite names a path that it cannot open, and why", async () => {
  const path = await folderForTest("notes.txt");
  const folder = dirname(path);
  await writeFile(path, "These are notes, and no database. ".repeat(100));
  const faults = [
    [join(folder, "none", "store.db"), "directory does not exist"],
    [path, "file is not a database"],
    [folder, "unable to open database file"],
  ] as const;
  for (const [file, why] of faults)
    await expect(openSqlite(file)).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      message: expect.stringContaining(`${file} cannot be opened: `),
      details: { problems: [{ path: "file", problem: expect.stringContaining(why) }] },
      cause: expect.objectContaining({ message: expect.stringContaining(why) }),
    });
});

test("a package that is missing is named, and what needs none", async () => {
  const none = new Error("Cannot find package 'better-sqlite3' imported from /x");
  const load = () => Promise.reject(Object.assign(none, { code: "ERR_MODULE_NOT_FOUND" }));
  await expect(importPeer("better-sqlite3", load, " (or Node.js 24)")).rejects.toMatchObject({
    code: "DEPENDENCY_MISSING",
    message: 'The package "better-sqlite3" is not installed: npm install better-sqlite3 (or Node.js 24)',
  });
});

test.each(["", 5, undefined])("openSqlite refuses %j as a path", async (file) => {
  await expect(openSqlite(file as string)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
});
