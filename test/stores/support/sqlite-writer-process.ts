// Opens and migrates the SQLite file named by its argument, saying so before and after, and writes until it is killed, saying
// what was acknowledged.
import Database from "better-sqlite3";
import { migrate, sqliteStore } from "../../../src/stores/sqlite/index.js";
import { say } from "./say.js";
import { writeExecutions } from "./write-executions.js";

const [path = ""] = process.argv.slice(2);
say({ opening: path });
const database = new Database(path);
await migrate(database);
say({ opened: path });
await writeExecutions(sqliteStore(database), 2, say);
