// Plays one client against a SQLite file: file, gate, file for what it does, script as JSON. It says when it is ready,
// starts when the gate is there, so that all start at once, and ends when its script is done or it is killed.
import { existsSync, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { sqliteStore } from "../../src/stores/sqlite/index.js";
import { say } from "../stores/support/say.js";
import { type ClientScript, playClient } from "./client.js";
import { moment } from "./history.js";

const [path = "", gate = "", file = "", script = ""] = process.argv.slice(2);
const database = new Database(path);
const store = sqliteStore(database);
await store.get("none");
const notes = openSync(file, "a");
const { name, seed, calls } = JSON.parse(script) as ClientScript;
// Written at once and not buffered, so that a kill leaves everything noted before it.
const note = (part: object) => void writeSync(notes, `${JSON.stringify(part)}\n`);
say({ ready: name });
while (!existsSync(gate)) await sleep(2);
await playClient(store, { name, seed, calls }, { now: moment, note });
database.close();
