import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type LockAttempt, tryLockFolder } from "../../../../src/stores/postgres/local/folder-lock.js";
import { ownIdentity, processIdentity } from "../../../../src/stores/postgres/local/process-identity.js";
import { temporaryFolder } from "../../support/test-database.js";

async function folderForTest(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

/** Leaves a lock as a process would that has not released it. */
const leaveLock = (folder: string, holder: object, generation = 1) =>
  writeFile(join(folder, `data.lock.${generation}`), JSON.stringify({ holder, released: false }));

const acquired = (attempts: readonly LockAttempt[]) => attempts.filter(({ kind }) => kind === "acquired");

test("a lock has one holder at a time, also within one process", async () => {
  const folder = await folderForTest();
  const first = await tryLockFolder(folder, "data");
  expect(await tryLockFolder(folder, "data")).toMatchObject({ kind: "held", holder: ownIdentity() });
  if (first.kind === "acquired") await first.release();
  expect(await tryLockFolder(folder, "data")).toMatchObject({ kind: "acquired" });
  expect(await tryLockFolder(folder, "other")).toMatchObject({ kind: "acquired" });
});

test("one of many racing attempts takes a free lock, round after round", async () => {
  const folder = await folderForTest();
  for (let round = 0; round < 20; round += 1) {
    const winners = acquired(await Promise.all(Array.from({ length: 8 }, () => tryLockFolder(folder, "data"))));
    expect(winners.length).toBe(1);
    for (const winner of winners) if (winner.kind === "acquired") await winner.release();
  }
  expect(await readdir(folder)).toEqual(["data.lock.20"]);
});

test("one of many racing attempts takes over the lock of a process that is gone", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), pid: 2 ** 22 + 1 });
  const attempts = await Promise.all(Array.from({ length: 8 }, () => tryLockFolder(folder, "data")));
  expect(acquired(attempts)).toHaveLength(1);
});

test("the lock of a process whose pid another one has now is taken over", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), startedAt: "before that" });
  expect(await tryLockFolder(folder, "data")).toMatchObject({ kind: "acquired" });
});

test("the lock of a process that runs is not taken over", async () => {
  const folder = await folderForTest();
  const holder = processIdentity(process.ppid);
  await leaveLock(folder, holder ?? {});
  expect(await tryLockFolder(folder, "data")).toMatchObject({ kind: "held", holder });
});

test("the lock of another host is not taken over, for nobody here can tell whether its process runs", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), host: "another", pid: 2 ** 22 + 1 });
  expect(await tryLockFolder(folder, "data")).toMatchObject({ kind: "held" });
});

test("a lock file that cannot be understood keeps everybody out", async () => {
  const folder = await folderForTest();
  await writeFile(join(folder, "data.lock.7"), "{");
  const file = join(folder, "data.lock.7");
  expect(await tryLockFolder(folder, "data")).toEqual({ kind: "held", file, holder: undefined });
});

test("a process that is gone has no identity", () => {
  expect(processIdentity(2 ** 22 + 1)).toBeUndefined();
  expect(processIdentity(process.pid)).toEqual(ownIdentity());
});
