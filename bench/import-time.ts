import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Finding, median, timed } from "./rounds.js";

const DIST = new URL("../dist/index.js", import.meta.url).href;
const ROUNDS = 21;

const start = (code: string) => () =>
  execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
  });

/** What importing the built core adds to starting Node, fresh process by fresh process. */
export async function benchImportTime(): Promise<readonly Finding[]> {
  const added: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bare = await timed(start("0"));
    added.push((await timed(start(`import ${JSON.stringify(DIST)}`))) - bare);
  }
  return [{ name: "import of buyonce, added to bare Node", value: median(added), unit: "ms", limit: { atMost: 25 } }];
}
