import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Finding, median, timed } from "./rounds.js";

const DIST = new URL("../dist/index.js", import.meta.url).href;
const REFERENCE = "@aws-lambda-powertools/idempotency";
const ROUNDS = 15;

const start = (code: string) => () =>
  execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
  });

const PROCESSES = {
  bare: start("0"),
  ours: start(`import ${JSON.stringify(DIST)}`),
  reference: start(`import ${JSON.stringify(REFERENCE)}`),
};

/**
 * The time that importing the built core adds to a start of Node, compared with another library.
 *
 * Each round starts three new processes.
 */
export async function benchImportTime(): Promise<readonly Finding[]> {
  const took: Record<keyof typeof PROCESSES, number[]> = { bare: [], ours: [], reference: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    took.bare.push(await timed(PROCESSES.bare));
    took.ours.push(await timed(PROCESSES.ours));
    took.reference.push(await timed(PROCESSES.reference));
  }
  const bare = median(took.bare);
  const value = (median(took.ours) - bare) / (median(took.reference) - bare);
  return [{ name: `import of buyonce / import of ${REFERENCE}`, value, unit: "x", limit: { atMost: 0.5 } }];
}
