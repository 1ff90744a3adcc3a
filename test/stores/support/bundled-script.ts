import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

/** Below node_modules, so that packages are found from there. */
const FOLDER = fileURLToPath(new URL("../../../node_modules/.cache/buyonce-tests/", import.meta.url));

const bundled = new Map<string, string>();

/** Bundles a script once for this process: from one file a child starts four times as fast as from a hundred. */
export function bundledScript(script: string): string {
  const path = bundled.get(script) ?? bundle(script);
  bundled.set(script, path);
  return path;
}

function bundle(script: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [script],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    // From here as well packages are found.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(script).href) },
    write: false,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`nothing came of ${script}`);
  return writtenModule(basename(script, ".ts"), output.text);
}

/** Writes a module to a file of its own, from where packages are found. Returns its path. */
export function writtenModule(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const path = join(FOLDER, `${name}_${hash}.mjs`);
  // Somebody else may be running a file of this name.
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
  return path;
}
