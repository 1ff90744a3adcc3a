// Makes every README command work on a fresh clone: installs the packages of package-lock.json if they are missing.
// Uses only Node, because nothing else may be installed yet.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} LockedPackages */

const root = fileURLToPath(new URL("..", import.meta.url));

/** @param {string} path */
const lockedPackages = (path) => /** @type {LockedPackages} */ (JSON.parse(readFileSync(root + path, "utf8")).packages);

/** Whether node_modules holds the packages of the lock file. Optional packages of other platforms may be missing. */
function isInstalled() {
  try {
    const installed = lockedPackages("node_modules/.package-lock.json");
    return Object.entries(lockedPackages("package-lock.json")).every(([path, wanted]) => {
      const found = installed[path];
      if (path === "" || (found === undefined && wanted.optional === true)) return true;
      return found !== undefined && found.version === wanted.version && found.integrity === wanted.integrity;
    });
  } catch {
    // There is no node_modules, or npm did not finish it.
    return false;
  }
}

if (!isInstalled()) {
  console.log("Installing the development dependencies (npm ci) ...");
  // npm would warn on Node 20 of the newest majors of SDKs: they state Node 22, and are here only to be tested against.
  const npm = spawnSync("npm", ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  process.exitCode = npm.status ?? 1;
}
