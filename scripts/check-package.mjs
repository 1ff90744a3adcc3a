// Packs the built package as npm would publish it, and checks the tarball with publint and attw.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "buyonce-check-package-"));

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exitCode = 1;
  return status === 0;
}

try {
  const built = run(process.execPath, ["scripts/build.mjs", "--if-stale"]);
  const packed =
    built && spawnSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root, encoding: "utf8" });
  if (packed) {
    const [{ filename }] = JSON.parse(packed.stdout);
    const tarball = join(folder, filename);
    run(join(root, "node_modules/.bin/publint"), ["run", tarball, "--strict"]);
    // node16: the oldest resolution, which knows no subpaths, is left out.
    run(join(root, "node_modules/.bin/attw"), [tarball, "--profile", "node16"]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
