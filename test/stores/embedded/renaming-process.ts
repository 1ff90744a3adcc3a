// Opens the embedded server of the folder named by its argument, gives the machine another name, opens it again and
// closes both; says what server it had each time, and which of them still run. Wants a UTS namespace of its own.
import { execFileSync } from "node:child_process";
import { embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { processIdentity } from "../../../src/stores/local/process-identity.js";
import { say } from "../support/say.js";
import { serverPid } from "../support/server-pid.js";

const [dataDir = ""] = process.argv.slice(2);
const first = await embeddedPostgres({ dataDir });
const pid = await serverPid(dataDir);
execFileSync("hostname", ["another-network"]);
const second = await embeddedPostgres({ dataDir });
say({ isSame: first.url === second.url && (await serverPid(dataDir)) === pid });
await second.close();
const { rows } = await first.sql.query({ text: "select 1 as one", values: [] });
await first.close();
say({ rows, runs: processIdentity(pid) !== undefined });
