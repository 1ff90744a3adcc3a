import { join } from "node:path";
import { onTestFinished } from "vitest";
import { copyMadeCluster } from "./made-cluster.js";
import { temporaryFolder } from "./test-database.js";

/** A name in a folder that only its owner can enter and that goes with the test; nothing has the name yet. */
export async function folderForTest(name: string): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return join(folder.path, name);
}

/** The folder of a server that has been started and stopped before; it goes with the test. */
export async function usedFolderForTest(): Promise<string> {
  const dataDir = await folderForTest("pg");
  await copyMadeCluster(dataDir);
  return dataDir;
}
