// Opens the store of the folder and kind that its arguments name, says so, and holds it.
import { embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { pgliteStore } from "../../../src/stores/pglite/index.js";
import { say } from "../support/say.js";

const [dataDir = "", kind] = process.argv.slice(2);
if (kind === "embedded") await embeddedPostgres({ dataDir });
else await pgliteStore({ dataDir, acceptLossOnPowerFailure: true });
say({ opened: kind });
setInterval(() => {}, 1_000);
