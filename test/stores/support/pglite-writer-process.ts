// Opens the PGlite store of the folder named by its argument, saying so before and after, and writes until it is killed,
// saying what was acknowledged.
import { pgliteStore } from "../../../src/stores/pglite/index.js";
import { say } from "./say.js";
import { writeExecutions } from "./write-executions.js";

const [dataDir = ""] = process.argv.slice(2);
say({ opening: dataDir });
const store = await pgliteStore({ dataDir, acceptLossOnPowerFailure: true });
say({ opened: dataDir });
await writeExecutions(store, 2, say);
