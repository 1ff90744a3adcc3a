import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { pgliteStore } from "../../../src/stores/pglite/index.js";
import { copyMadeCluster } from "./made-cluster.js";
import { madeOnce } from "./made-once.js";
import { temporaryFolder } from "./test-database.js";

/** A name in a folder that only its owner can enter and that goes with the test; nothing has the name yet. */
export async function folderForTest(name: string): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return join(folder.path, name);
}

/** The folder of a server that has been started and stopped before; it goes with the test. */
export async function usedServerFolder(): Promise<string> {
  const dataDir = await folderForTest("pg");
  await copyMadeCluster(dataDir);
  return dataDir;
}

/** The folder of a PGlite store that has been opened and closed before; it goes with the test. */
export async function usedPgliteFolder(): Promise<string> {
  const made = await madeOnce("pglite", async (dataDir) => {
    await (await pgliteStore({ dataDir, acceptLossOnPowerFailure: true })).close();
  });
  const dataDir = await folderForTest("store");
  await promisify(execFile)("cp", ["-a", made, dataDir]);
  return dataDir;
}
