import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists } from "../local/exists.js";
import { localServerFailed } from "../local/local-server-failed.js";
import { processIdentity } from "../local/process-identity.js";
import { replaceFile } from "../local/replace-file.js";
import { type Cluster, ROLE } from "./cluster.js";
import { type Reachable, withReachable } from "./reachable.js";
import { handTo } from "./server-account.js";
import { asServer } from "./server-process.js";
import type { ServerUse } from "./server-use.js";

/**
 * The begin of the names of draft folders. An initdb goes on for a moment after its parent process was killed, so each
 * initdb has a folder of its own.
 */
const DRAFT = "data.new.";

/**
 * Creates the data directory if it does not exist, with a random password beside it. The caller holds the start lock.
 *
 * initdb works in a draft folder, which is renamed when it is whole. So a crash leaves no incomplete data directory.
 */
export async function initCluster(cluster: Cluster, use: ServerUse): Promise<void> {
  if (await exists(cluster.data)) return;
  await removeDrafts(cluster);
  const draft = join(cluster.folder, `${DRAFT}${randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  await handTo(cluster.account, draft);
  replaceFile(cluster.passwordFile, randomBytes(24).toString("hex"));
  await handTo(cluster.account, cluster.passwordFile);
  await withReachable(cluster.account, [draft, cluster.passwordFile], (reachable) => initdb(cluster, use, reachable));
  await rename(draft, cluster.data);
}

/** Removes the drafts of earlier starts. A draft to which an initdb still writes stays until the next start. */
async function removeDrafts({ folder }: Cluster): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(DRAFT));
  for (const draft of drafts) await rm(join(folder, draft), { recursive: true, force: true }).catch(() => {});
}

function initdb(
  cluster: Cluster,
  use: ServerUse,
  { names: [data, passwordFile], descriptors }: Reachable,
): Promise<void> {
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
  use.program = processIdentity(child.pid ?? 0);
  let complaints = "";
  child.stderr?.on("data", (chunk) => {
    complaints += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(localServerFailed(cluster.folder, `initdb failed (${code}): ${complaints}`)),
    );
  });
}
