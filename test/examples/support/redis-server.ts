import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { freePort } from "../../../src/stores/embedded/free-port.js";
import { temporaryFolder } from "../../stores/support/test-database.js";

const PROGRAM = ["valkey-server", "redis-server"].find((name) => spawnSync(name, ["--version"]).status === 0);

/** Why there is no Redis. `undefined` if there is one. */
export const noRedis: string | undefined =
  PROGRAM === undefined ? "neither valkey-server nor redis-server is installed (npm run hosts)" : undefined;

/** Starts a Valkey or Redis for one test, on a free port of loopback. Returns its URL. */
export async function startRedis(): Promise<string> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const settings = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--dir", folder.path];
  const child = spawn(PROGRAM ?? "redis-server", settings, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
    await folder.remove();
  });
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes("Ready to accept connections")) break;
  }
  if (child.exitCode !== null) throw new Error(`${PROGRAM} ended; it printed:\n${output}`);
  return `redis://127.0.0.1:${port}`;
}
