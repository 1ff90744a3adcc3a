// npm run demo: compiles the demo and what its workers run, once, and starts it. Ten processes run this code. If each
// compiled it for itself, the first scene would begin after ten seconds.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// Below node_modules, so that the demo finds the packages that are not compiled into it.
const folder = join(root, "node_modules/.cache/buyonce/demo");

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  outdir: folder,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
};

await Promise.all([
  build({
    ...common,
    entryPoints: { demo: "examples/demo.ts", "aws-simulator-process": "src/simulator/aws-simulator-process.ts" },
    packages: "external",
  }),
  // With the SDKs, which load in a fraction of the time from one file. CommonJS among them asks for `require`.
  build({
    ...common,
    entryPoints: { worker: "examples/demo/worker.ts" },
    // The ES modules of the SDKs, of which only what is used is compiled in.
    mainFields: ["module", "main"],
    external: ["pg-native"],
    banner: { js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);` },
  }),
]);

await stop();

const { status } = spawnSync(process.execPath, ["--no-warnings", join(folder, "demo.js"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
