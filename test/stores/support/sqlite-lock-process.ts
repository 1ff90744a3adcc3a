// Locks the SQLite file named by its first argument for writing, says so, and ends after the milliseconds of the second.
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { say } from "./say.js";

const [path = "", ms] = process.argv.slice(2);
const database = new Database(path);
database.exec("begin immediate");
say({ held: path });
await sleep(Number(ms));
database.exec("rollback");
