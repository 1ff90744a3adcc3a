// Locks the SQLite file named by its first argument for writing, says so, and ends once there is a file of the second name.
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { say } from "./say.js";

const [path = "", release = ""] = process.argv.slice(2);
const database = new Database(path);
database.exec("begin immediate");
say({ held: path });
while (!existsSync(release)) await sleep(2);
database.exec("rollback");
