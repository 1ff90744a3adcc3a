import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tryLockFolder } from "../../../../src/stores/postgres/local/folder-lock.js";
import { ownIdentity, processIdentity } from "../../../../src/stores/postgres/local/process-identity.js";
import { startChild } from "../../support/child.js";
import { temporaryFolder } from "../../support/test-database.js";

async function folderForTest(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

/** Leaves a lock as a process would that has not released it. */
const leaveLock = (folder: string, holder: object, generation = 1) =>
  writeFile(join(folder, `data.lock.${generation}`), JSON.stringify({ holder, released: false }));

test("a lock has one holder at a time, also within one process", async () => {
  const folder = await folderForTest();
  const first = tryLockFolder(folder, "data");
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held", holder: ownIdentity() });
  if (first.kind === "acquired") first.release();
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "acquired" });
  expect(tryLockFolder(folder, "other")).toMatchObject({ kind: "acquired" });
});

test("one of many racing processes has the lock at a time, round after round", { timeout: 60_000 }, async () => {
  const folder = await folderForTest();
  const children = Array.from({ length: 4 }, () => startChild("lock-contender-process.ts", folder, "50"));
  expect(await Promise.all(children.map((child) => child.ended()))).toEqual([0, 0, 0, 0]);
  expect(await readdir(folder)).toEqual(["data.lock.200"]);
});

test("the lock of a process that is gone is taken over", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), pid: 2 ** 22 + 1 });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "acquired" });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held", holder: ownIdentity() });
});

test("the lock of a process whose pid another one has now is taken over", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), startedAt: "before that" });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "acquired" });
});

test("the lock of a process that runs is not taken over", async () => {
  const folder = await folderForTest();
  const holder = processIdentity(process.ppid);
  await leaveLock(folder, holder ?? {});
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held", holder });
});

test("the lock of another host is not taken over, for nobody here can tell whether its process runs", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), host: "another", pid: 2 ** 22 + 1 });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held" });
});

test("a lock file that cannot be understood keeps everybody out", async () => {
  const folder = await folderForTest();
  await writeFile(join(folder, "data.lock.7"), "{");
  const file = join(folder, "data.lock.7");
  expect(tryLockFolder(folder, "data")).toEqual({ kind: "held", file, holder: undefined });
});

test("a process that is gone has no identity", () => {
  expect(processIdentity(2 ** 22 + 1)).toBeUndefined();
  expect(processIdentity(process.pid)).toEqual(ownIdentity());
});
