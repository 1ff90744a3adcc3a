// npm run hosts: installs what some examples run on, and what is too large for every installation or comes from Debian. The
// tests of examples whose host is missing are skipped, and say so.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** @param {string} command @param {string[]} args @param {string} [cwd] */
const succeeds = (command, args, cwd) =>
  spawnSync(command, args, { cwd, stdio: "inherit", shell: process.platform === "win32" }).status === 0;

/** @param {string} command */
const exists = (command) => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;

const servers = fileURLToPath(new URL("../test/examples/servers", import.meta.url));
if (!succeeds("npm", ["ci", "--no-audit", "--no-fund"], servers))
  console.log("Not installed: Restate's server and Node 22.");

const hasRedis = () => exists("valkey-server") || exists("redis-server");
if (!hasRedis() && process.getuid?.() === 0 && exists("apt-get")) {
  // A container may have no package lists, or old ones.
  succeeds("apt-get", ["update", "-q"]);
  ["valkey-server", "redis-server"].some((name) => succeeds("apt-get", ["install", "-qy", name]));
}
if (!hasRedis()) console.log("Not installed: valkey-server or redis-server (Debian: apt-get install redis-server).");
