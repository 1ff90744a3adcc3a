// Says that it is ready, waits for the file named by its second argument, opens the PGlite store of the folder named by
// its first, says how that went, and holds what it has.
import { existsSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isBuyonceError } from "../../../src/domain/errors.js";
import { pgliteStore } from "../../../src/stores/pglite/index.js";
import { say } from "./say.js";

const [dataDir = "", signal = ""] = process.argv.slice(2);
say({ ready: true });
while (!existsSync(signal)) await nextTurn();
try {
  await pgliteStore({ dataDir, acceptLossOnPowerFailure: true });
  say({ opened: process.pid });
} catch (error) {
  if (!isBuyonceError(error)) throw error;
  say({ code: error.code, holder: error.details["holder"] });
}
setInterval(() => {}, 1_000);
