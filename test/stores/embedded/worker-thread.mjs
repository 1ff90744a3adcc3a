// Runs in a worker thread: opens the embedded server of the folder it is given, and tells how that went.
import { parentPort, workerData } from "node:worker_threads";
import { tsImport } from "tsx/esm/api";

const { embeddedPostgres } = await tsImport("../../../src/stores/embedded/index.ts", import.meta.url);
try {
  await (await embeddedPostgres({ dataDir: workerData })).close();
  parentPort?.postMessage({ opened: true });
} catch (error) {
  parentPort?.postMessage(error instanceof Error ? { ...error, message: error.message } : { thrown: error });
}
