// Writes dist once more as CommonJS, to dist/cjs, for module loaders that cannot `require` ES modules (that of jest).
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { transform } from "esbuild";

/** What stands in the place of `import.meta.url`. */
const OWN_URL = `const importMetaUrl = require("node:url").pathToFileURL(__filename).href;\n`;

/** One script as CommonJS. @param {string} script */
async function asCommonJs(script) {
  const { code } = await transform(script, {
    format: "cjs",
    platform: "node",
    target: "node20",
    // Such loaders know no `import()` either.
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "importMetaUrl" },
  });
  return code.includes("importMetaUrl") ? OWN_URL + code : code;
}

/**
 * Writes a copy of every script and declaration, file by file, so that the copy shares its chunks as the original does.
 * The names stay, because a package.json of its own says what they are.
 * @param {string} dist @param {string[]} files
 */
export async function writeCommonJsCopy(dist, files) {
  const copy = join(dist, "cjs");
  for (const file of files.filter((path) => /\.(js|d\.ts)$/.test(path))) {
    const target = join(copy, relative(dist, file));
    mkdirSync(dirname(target), { recursive: true });
    if (file.endsWith(".js")) writeFileSync(target, await asCommonJs(readFileSync(file, "utf8")));
    else copyFileSync(file, target);
  }
  writeFileSync(join(copy, "package.json"), `{ "type": "commonjs", "sideEffects": false }\n`);
}
