import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./test-database.js";

/** A name in a folder that only its owner can enter and that goes with the test; nothing has the name yet. */
export async function folderForTest(name: string): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  return join(folder.path, name);
}
