import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cluster, ROLE } from "./cluster.js";
import { type Reachable, withReachable } from "./reachable.js";
import { handTo } from "./server-account.js";
import { asServer } from "./server-process.js";

/**
 * Creates the data directory if it does not exist, with a random password beside it.
 *
 * initdb works in `data.new`, which gets its name when it is whole, so a crash leaves nothing half made behind.
 */
export async function initCluster(cluster: Cluster): Promise<void> {
  if (await exists(cluster.data)) return;
  const draft = join(cluster.folder, "data.new");
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await handTo(cluster.account, draft);
  await writeFile(cluster.passwordFile, randomBytes(24).toString("hex"), { mode: 0o600 });
  await handTo(cluster.account, cluster.passwordFile);
  await withReachable(cluster.account, [draft, cluster.passwordFile], (reachable) => initdb(cluster, reachable));
  await rename(draft, cluster.data);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function initdb(cluster: Cluster, { names: [data, passwordFile], descriptors }: Reachable): Promise<void> {
  const child = spawn(
    cluster.binaries.initdb,
    [
      `--pgdata=${data}`,
      `--username=${ROLE}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--no-locale",
    ],
    { ...asServer(cluster), stdio: ["ignore", "ignore", "pipe", ...descriptors] },
  );
  let complaints = "";
  child.stderr?.on("data", (chunk) => {
    complaints += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb failed (${code}): ${complaints}`)),
    );
  });
}
