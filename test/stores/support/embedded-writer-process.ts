// Opens the embedded server of the folder named by its argument, saying so before and after, and writes until it is
// killed, saying what was acknowledged.
import { embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import { say } from "./say.js";
import { writeExecutions } from "./write-executions.js";

const [dataDir = ""] = process.argv.slice(2);
say({ opening: dataDir });
const { sql, url } = await embeddedPostgres({ dataDir });
await migrate(sql);
say({ url });
await writeExecutions(postgresStore(sql), 4, say);
