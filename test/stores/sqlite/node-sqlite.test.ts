import { expect, onTestFinished, test } from "vitest";
import { nodeBinaries } from "../../support/node-binaries.js";
import { startChild } from "../support/child.js";
import { temporaryFolder } from "../support/test-database.js";

/** The whole contract runs on the oldest of these, and a part of it on the newer ones. */
const CASES_ON: Readonly<Record<string, number>> = { "22": 10_000, "24": 20, "26": 20 };

for (const { version, path, reason } of (await nodeBinaries()).slice(1)) {
  const name = `node:sqlite of Node ${version} keeps the store contract ${reason ?? ""}`.trim();
  test.skipIf(path === undefined)(name, { timeout: 240_000 }, async () => {
    const folder = await temporaryFolder();
    onTestFinished(() => folder.remove());
    const cases = String(CASES_ON[version.split(".")[0] ?? ""]);
    const child = startChild({ script: "node-sqlite-process.ts", node: String(path) }, folder.path, cases);
    onTestFinished(() => void child.process.kill("SIGKILL"));
    expect(await child.said()).toMatchObject({ version: `v${version}`, sound: true });
    expect(await child.said()).toEqual({
      ran: expect.any(Number),
      failed: [],
      rolledBack: "Error: rolled back",
      left: null,
    });
    expect(await child.ended()).toBe(0);
  });
}
