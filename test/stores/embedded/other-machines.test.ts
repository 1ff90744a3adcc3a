import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isBuyonceError } from "../../../src/domain/errors.js";
import { embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { ownIdentity, type ProcessIdentity, processIdentity } from "../../../src/stores/local/process-identity.js";
import { pgliteStore } from "../../../src/stores/pglite/index.js";
import { usedPgliteFolder, usedServerFolder } from "../support/folder-for-test.js";
import { serverPid } from "../support/server-pid.js";
import { canIsolate, startInNamespaces } from "./start-in-namespaces.js";

const STORES = {
  embedded: { usedFolder: usedServerFolder, open: (dataDir: string) => embeddedPostgres({ dataDir }) },
  pglite: {
    usedFolder: usedPgliteFolder,
    open: (dataDir: string) => pgliteStore({ dataDir, acceptLossOnPowerFailure: true }),
  },
} as const;

/** Opens a store that must be refused; returns the files that the refusal names. */
async function refused(open: () => Promise<unknown>): Promise<readonly string[]> {
  const error: unknown = await open().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isBuyonceError(error, "STORE_LOCKED")) throw error ?? new Error("the store was opened");
  const { file, files = [file] } = error.details;
  const named = (Array.isArray(files) ? files : []).map(String);
  for (const name of named) expect(error.message).toContain(name);
  expect(error.message).toContain("another machine or container");
  return named;
}

const inNamespaces = test.skipIf(!canIsolate);

inNamespaces.each([
  ["embedded", "another"],
  ["pglite", hostname()],
] as const)(
  "the folder of a store (%s) in a container called %s is refused elsewhere until a person frees it",
  {
    timeout: 60_000,
  },
  async (kind, host) => {
    const dataDir = await STORES[kind].usedFolder();
    const open = () => STORES[kind].open(dataDir);
    const container = startInNamespaces(host, { ownPids: true }, "holding-process.ts", dataDir, kind);
    expect(await container.said()).toEqual({ opened: kind });
    await refused(open);
    await container.kill();
    for (const file of await refused(open)) await rm(file);
    await (await open()).close();
  },
);

inNamespaces("a machine that gets another name keeps its server, and stops it", { timeout: 60_000 }, async () => {
  const dataDir = await usedServerFolder();
  const renaming = startInNamespaces("one-network", { ownPids: false }, "renaming-process.ts", dataDir);
  expect(await renaming.said()).toEqual({ isSame: true });
  expect(await renaming.said()).toEqual({ rows: [{ one: 1 }], runs: false });
});

const NO_PROCESS = 2 ** 22 + 1;
const { kernel } = ownIdentity();
const another = { boot: "another", pids: kernel?.pids ?? "" };
const opens = async (dataDir: string): Promise<void> => (await embeddedPostgres({ dataDir })).close();

/** Leaves the files of a server, as a machine does that is switched off; without a server.json if nothing is given for it. */
async function leaveServer(dataDir: string, pid: number, server?: Partial<ProcessIdentity>): Promise<void> {
  await writeFile(join(dataDir, "data", "postmaster.pid"), `${pid}\n/data\n1\n1\n\n\n\nready\n`);
  if (server === undefined) return;
  const { ino } = await stat(join(dataDir, "data"), { bigint: true });
  const state = { server: { ...ownIdentity(), pid, ...server }, port: 1, data: String(ino) };
  await writeFile(join(dataDir, "server.json"), JSON.stringify(state));
}

test("a server that another host recorded is not taken for gone, and its records stay until a person deletes them", {
  timeout: 60_000,
}, async () => {
  const dataDir = await usedServerFolder();
  const user = join(dataDir, "user.of-another-host");
  const files = [join(dataDir, "data", "postmaster.pid"), user, join(dataDir, "server.json")];
  await writeFile(user, JSON.stringify({ ...ownIdentity(), host: "another", kernel: another }));
  for (const pid of [NO_PROCESS, process.ppid]) {
    await leaveServer(dataDir, pid, { host: "another", kernel: another });
    for (let times = 0; times < 2; times += 1) expect(await refused(() => opens(dataDir))).toEqual(files);
    expect(await serverPid(dataDir)).toBe(pid);
  }
  for (const file of files) await rm(file);
  await opens(dataDir);
});

test("a user on another host is enough where nothing tells whose the server is", { timeout: 60_000 }, async () => {
  const dataDir = await usedServerFolder();
  const user = join(dataDir, "user.of-another-host");
  await writeFile(user, JSON.stringify({ host: "another", pid: 1, startedAt: "once" }));
  await leaveServer(dataDir, NO_PROCESS, {});
  await opens(dataDir);
  await leaveServer(dataDir, NO_PROCESS);
  expect(await refused(() => opens(dataDir))).toEqual([join(dataDir, "data", "postmaster.pid"), user]);
});

test("a user on another host neither keeps a server of this one running nor loses its record", async () => {
  const dataDir = await usedServerFolder();
  const user = "user.of-another-host";
  const server = await embeddedPostgres({ dataDir });
  onTestFinished(() => server.close());
  await writeFile(join(dataDir, user), JSON.stringify({ ...ownIdentity(), host: "another", kernel: another }));
  await opens(dataDir);
  const pid = await serverPid(dataDir);
  await server.close();
  expect(processIdentity(pid)).toBeUndefined();
  expect(await readdir(dataDir)).toContain(user);
});

const whereKernelIsTold = test.skipIf(kernel === undefined);

whereKernelIsTold("a server of this host before it was started anew is gone, whoever has its pid", async () => {
  const dataDir = await usedServerFolder();
  await leaveServer(dataDir, process.ppid, { kernel: another, startedAt: "once" });
  await opens(dataDir);
});
