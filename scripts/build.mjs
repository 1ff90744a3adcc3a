// Builds dist: runs tsup, adds the licences of the bundled packages, lets the declarations do without peers, and adds a copy
// as CommonJS. With --if-stale, only if an input changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCommonJsCopy } from "./common-js-copy.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampPath = join(root, "node_modules/.cache/buyonce/dist.sha256");

/** Every file under a folder, sorted. @param {string} folder @returns {string[]} */
const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();

/** One hash over the contents of all files and their names. @param {string[]} paths */
function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(relative(root, path)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

const dist = join(root, "dist");
const inputs = () => [
  ...[
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "tsup.config.ts",
    "scripts/build.mjs",
    "scripts/common-js-copy.mjs",
  ].map((name) => join(root, name)),
  ...filesUnder(join(root, "src")),
];
/** @param {string} inputsHash */
const stampOf = (inputsHash) => `${inputsHash} ${existsSync(dist) ? hashOf(filesUnder(dist)) : "no dist"}\n`;
const isFresh = () => existsSync(stampPath) && readFileSync(stampPath, "utf8") === stampOf(hashOf(inputs()));

/** Folders of the packages whose code is bundled into dist, read from the source maps. */
function bundledPackages() {
  const maps = filesUnder(dist).filter((path) => path.endsWith(".js.map"));
  const sources = maps.flatMap((path) =>
    JSON.parse(readFileSync(path, "utf8")).sources.map((/** @type {string} */ source) => join(dirname(path), source)),
  );
  const folders = sources.map((source) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source)?.[0]);
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort();
}

/** The licence text of one installed package. @param {string} folder */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version}\n\n${text}\n`;
}

/**
 * Lets the declarations do without the optional peers that a consumer has not installed: with `skipLibCheck: false`, the
 * compiler would refuse the import. Under the directive, the types of a missing package are `any`; those of an installed
 * one are what they were. An import without names holds no type, and goes.
 */
function ignoreMissingPeers() {
  const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const path of filesUnder(dist).filter((file) => file.endsWith(".d.ts"))) {
    const declarations = readFileSync(path, "utf8");
    const named = declarations.replaceAll(/^import '[^'.][^']*';\n/gm, "");
    const lenient = named.replaceAll(/^(?:import|export) [^\n;]* from '([^'.][^']*)';$/gm, (line, specifier) => {
      const [name = ""] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
      return name in peerDependencies
        ? `// @ts-ignore: an optional peer, whose types are \`any\` if it is missing\n${line}`
        : line;
    });
    writeFileSync(path, lenient);
  }
}

async function build() {
  // The hash is taken before the build. So a file that is edited during the build makes the result stale.
  const inputsHash = hashOf(inputs());
  const tsup = join(root, "node_modules/tsup/dist/cli-default.js");
  const { status } = spawnSync(process.execPath, [tsup], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) return status ?? 1;
  ignoreMissingPeers();
  await writeCommonJsCopy(dist, filesUnder(dist));
  const notices = bundledPackages().map(licenceOf);
  writeFileSync(join(dist, "THIRD-PARTY-LICENSES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, stampOf(inputsHash));
  return 0;
}

if (!(process.argv.includes("--if-stale") && isFresh())) process.exitCode = await build();
