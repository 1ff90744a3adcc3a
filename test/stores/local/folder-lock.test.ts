import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tryLockFolder } from "../../../src/stores/local/folder-lock.js";
import { ownIdentity, processIdentity } from "../../../src/stores/local/process-identity.js";
import { startChild } from "../support/child.js";
import { temporaryFolder } from "../support/test-database.js";
import { canMount, localModule, onSmallDisk } from "./on-small-disk.js";

async function folderForTest(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}

const tellsKernel = ownIdentity().kernel !== undefined;
const KERNEL = { boot: "one", pids: "pid:[4026531836]", ...ownIdentity().kernel };

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

test.skipIf(!canMount)("a lock is released on a full disk, too", async () => {
  const folder = await folderForTest();
  const program = `
    import { rmSync, writeFileSync } from "node:fs";
    import { tryLockFolder } from ${localModule("folder-lock.ts")};
    const folder = ${JSON.stringify(folder)};
    const { release } = tryLockFolder(folder, "data");
    try { writeFileSync(folder + "/filling", "x".repeat(100_000)); } catch (error) { console.log(error.code); }
    release();
    rmSync(folder + "/filling");
    console.log(tryLockFolder(folder, "data").kind);`;
  expect(onSmallDisk(folder, program)).toEqual(["ENOSPC", "acquired"]);
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
  await leaveLock(folder, {
    ...ownIdentity(),
    host: "another",
    kernel: { ...KERNEL, boot: "another" },
    pid: 2 ** 22 + 1,
  });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held" });
});

test("the lock of another container is not taken over, though it has the name and the boot of this one", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), kernel: { ...KERNEL, pids: "pid:[1]" }, startedAt: "once" });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held" });
});

test.skipIf(!tellsKernel)("a lock from before this machine was started anew is taken over", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), kernel: { ...KERNEL, boot: "earlier" } });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "acquired" });
});

test.skipIf(!tellsKernel)("the lock of a machine that got another name is judged as its own", async () => {
  const folder = await folderForTest();
  await leaveLock(folder, { ...ownIdentity(), host: "earlier name" });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held" });
  await leaveLock(folder, { ...ownIdentity(), host: "earlier name", pid: 2 ** 22 + 1 });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "acquired" });
});

test("a lock that an earlier version wrote is judged by the name of its host", async () => {
  const folder = await folderForTest();
  const { host, startedAt } = ownIdentity();
  await leaveLock(folder, { host, startedAt, pid: process.pid });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held" });
  await leaveLock(folder, { host: "another", startedAt, pid: 2 ** 22 + 1 });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "held" });
  await leaveLock(folder, { host, startedAt, pid: 2 ** 22 + 1 });
  expect(tryLockFolder(folder, "data")).toMatchObject({ kind: "acquired" });
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
