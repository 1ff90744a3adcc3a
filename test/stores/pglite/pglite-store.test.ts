import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { CreateResult } from "../../../src/store-port/execution-store.js";
import { type PgliteStore, pgliteStore } from "../../../src/stores/pglite/index.js";
import { created } from "../../../src/testing/store-contract/steps.js";
import { startChild } from "../support/child.js";
import { folderForTest, usedPgliteFolder } from "../support/folder-for-test.js";
import { temporaryFolder } from "../support/test-database.js";

async function opened(dataDir: string): Promise<PgliteStore> {
  const store = await pgliteStore({ dataDir, acceptLossOnPowerFailure: true });
  onTestFinished(() => store.close());
  return store;
}

test("a folder is refused until the loss on power failure is accepted", async () => {
  const dataDir = await folderForTest("store");
  await expect(pgliteStore({ dataDir })).rejects.toMatchObject({ code: "DURABILITY_NOT_ACKNOWLEDGED" });
  await expect(stat(dataDir)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a folder is private, has one instance at a time, and keeps its executions", { timeout: 60_000 }, async () => {
  const dataDir = await folderForTest("store");
  const first = await opened(dataDir);
  const execution = await created(first);
  expect(((await stat(dataDir)).mode & 0o777).toString(8)).toBe("700");
  await expect(opened(dataDir)).rejects.toMatchObject({ code: "STORE_LOCKED" });
  await Promise.all([first.close(), first.close()]);
  const second = await opened(dataDir);
  expect(await second.get(execution.id)).toEqual(execution);
});

test("a folder that another process holds is refused, and taken over when that process is killed", {
  timeout: 60_000,
}, async () => {
  const dataDir = await usedPgliteFolder();
  const child = startChild("pglite-process.ts", dataDir);
  const result = (await child.said()) as CreateResult;
  await expect(opened(dataDir)).rejects.toMatchObject({
    code: "STORE_LOCKED",
    message: expect.stringContaining(`process ${child.pid}`),
  });
  child.process.kill("SIGKILL");
  await child.ended();
  const heir = await opened(dataDir);
  const { execution } = result as Extract<CreateResult, { kind: "created" }>;
  expect(await heir.get(execution.id)).toEqual(execution);
});

test("a folder with other things in it is left alone", async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  await writeFile(join(folder.path, "thesis.txt"), "");
  await expect(opened(folder.path)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
});
