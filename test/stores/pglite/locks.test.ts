import { mkdir, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ownIdentity } from "../../../src/stores/local/process-identity.js";
import { type PgliteStore, pgliteStore } from "../../../src/stores/pglite/index.js";
import { type Child, startChild } from "../support/child.js";
import { folderForTest, usedPgliteFolder } from "../support/folder-for-test.js";

async function opened(dataDir: string): Promise<PgliteStore> {
  const store = await pgliteStore({ dataDir, acceptLossOnPowerFailure: true });
  onTestFinished(() => store.close());
  return store;
}

test("a second instance is refused under every name of the folder, and told who has it", async () => {
  const dataDir = await usedPgliteFolder();
  const link = join(dirname(dataDir), "link");
  await opened(dataDir);
  await symlink(dataDir, link);
  for (const name of [dataDir, `${dataDir}/`, link, `${link}/`, relative(".", dataDir), join(link, "..", "store")])
    await expect(opened(name), name).rejects.toMatchObject({
      code: "STORE_LOCKED",
      message: expect.stringContaining(`process ${process.pid}`),
      details: { holder: ownIdentity() },
    });
});

test("an address or an empty text is no folder", async () => {
  const folder = await folderForTest("store");
  for (const dataDir of ["", "file:///store", `file://${folder}`, "memory://", "idb://store"])
    await expect(opened(dataDir), dataDir).rejects.toThrow("dataDir: must be the path of a folder");
  expect(await readdir(dirname(folder))).toEqual([]);
  await expect(stat("file:")).rejects.toMatchObject({ code: "ENOENT" });
});

test("one of three processes that start at the same moment takes over from one that was killed", {
  timeout: 240_000,
}, async () => {
  const dataDir = await usedPgliteFolder();
  const signal = join(dirname(dataDir), "go");
  await writeFile(signal, "");
  const killed = await contender(dataDir, signal);
  expect(await killed.said()).toEqual({ opened: killed.pid });
  killed.process.kill("SIGKILL");
  await killed.ended();
  await rm(signal);

  const children = await Promise.all(Array.from({ length: 3 }, () => contender(dataDir, signal)));
  await writeFile(signal, "");
  const said = await Promise.all(children.map((child) => child.said()));
  const [winner, ...others] = children.filter((child, at) => isOpened(said[at], child));
  expect(others).toEqual([]);
  const refusals = said.filter((_, at) => children[at] !== winner);
  const holder = expect.objectContaining({ pid: winner?.pid });
  expect(refusals).toEqual(Array.from({ length: 2 }, () => ({ code: "STORE_LOCKED", holder })));
});

async function contender(dataDir: string, signal: string): Promise<Child> {
  const child = startChild("pglite-contender-process.ts", dataDir, signal);
  onTestFinished(() => void child.process.kill("SIGKILL"));
  await child.said();
  return child;
}

const isOpened = (said: unknown, { pid }: Child): boolean => JSON.stringify(said) === JSON.stringify({ opened: pid });

test("a lock whose pid belongs to another process by now is taken over", async () => {
  const dataDir = await usedPgliteFolder();
  await (await opened(dataDir)).close();
  const [lock = ""] = (await readdir(dataDir)).filter((name) => name.startsWith("store.lock."));
  const holder = { ...ownIdentity(), startedAt: "another boot" };
  await writeFile(join(dataDir, lock), JSON.stringify({ holder, released: false }));
  expect(await (await opened(dataDir)).unlabeled({ limit: 1 })).toEqual([]);
});

test("a folder is free again where opening it fails", async () => {
  const dataDir = await usedPgliteFolder();
  await (await opened(dataDir)).close();
  await rm(join(dataDir, "data", "global", "pg_control"));
  await expect(opened(dataDir)).rejects.toMatchObject({
    code: "LOCAL_SERVER_FAILED",
    details: { folder: join(dataDir, "data") },
  });
  await rm(join(dataDir, "data"), { recursive: true });
  expect(await (await opened(dataDir)).unlabeled({ limit: 1 })).toEqual([]);
});

test("a close that failed can be tried again", async () => {
  const dataDir = await usedPgliteFolder();
  const store = await opened(dataDir);
  const [lock = ""] = (await readdir(dataDir)).filter((name) => name.startsWith("store.lock."));
  await rm(join(dataDir, lock));
  await mkdir(join(dataDir, lock));
  await expect(store.close()).rejects.toThrow();
  expect(await readdir(dataDir)).toEqual(["data", lock]);
  await rm(join(dataDir, lock), { recursive: true });
  await store.close();
  expect(await (await opened(dataDir)).unlabeled({ limit: 1 })).toEqual([]);
});
