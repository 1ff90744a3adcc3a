import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, test } from "vitest";
import tsconfig from "../../tsconfig.json" with { type: "json" };
import tsupConfig from "../../tsup.config.js";
import { entriesOf, filesOf, installedIn, packageOf, readManifest, specifiersIn } from "./packed-package.js";

const folder = installedIn(inject("consumers").bare);
const manifest = readManifest(folder);
const entries = entriesOf(manifest);
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

/** The core is about 480 KB, a store adds up to 250 KB. The smallest SDK alone would add 600 KB. */
const MAX_LOADED_BYTES = 800_000;
/** What tests load holds clouds of its own beside the core. */
const MAX_TEST_BYTES = 1_000_000;

/** Whose code may stand in dist: what tsup.config.ts bundles, and what that depends on. */
const BUNDLED = [
  "zod",
  "canonicalize",
  "big.js",
  "parse-duration",
  "p-limit",
  "p-map",
  "p-retry",
  "is-network-error",
  "yocto-queue",
  "fast-xml-parser",
  "fast-xml-builder",
  "@nodable/entities",
  "anynum",
  "is-unsafe",
  "leven",
  "path-expression-matcher",
  "strnum",
  "xml-naming",
];

/** Everything that loads with one file of dist, without what it may import later. */
function loadedWith(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const ours = specifiersIn(join(folder, path)).filter((specifier) => specifier.startsWith("."));
  for (const specifier of ours) loadedWith(posix.join(posix.dirname(path), specifier), seen);
  return seen;
}

/** The files that a document links to, relative to the package. */
const linksIn = (path: string): readonly string[] =>
  [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) =>
    posix.join(posix.dirname(path), target),
  );

/** Names of the packages whose source stands in dist, from the source maps. */
function packagesInside(map: string): readonly string[] {
  const { sources } = JSON.parse(read(map)) as { sources: readonly string[] };
  return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
}

describe("the tarball", () => {
  test("holds the build, the documents, the examples of hosts, the licence and nothing of the workshop", () => {
    const strangers = filesOf(folder).filter(
      (path) =>
        !/^(dist\/.*|docs\/[a-z-]+\.md|examples\/hosts\/[a-z-]+\.(ts|json)|package\.json|(README|ARCHITECTURE|CHANGELOG)\.md|LICENSE)$/.test(
          path,
        ),
    );
    expect(strangers).toEqual([]);
    expect(filesOf(folder)).toEqual(expect.arrayContaining(["LICENSE", "dist/THIRD-PARTY-LICENSES.txt"]));
  });

  test.each(["README.md", "CHANGELOG.md", ...filesOf(folder, ".md").filter((path) => path.startsWith("docs/"))])(
    "holds every file that %s links to",
    (path) => {
      const missing = linksIn(path).filter((target) => !existsSync(join(folder, target)));
      expect(missing).toEqual([]);
    },
  );

  test("holds scripts of ASCII only, which V8 reads faster", () => {
    expect(filesOf(folder, ".js").filter((path) => /[^\0-\x7F]/.test(read(path)))).toEqual([]);
  });

  test("names no path of the machine that built it", () => {
    const root = dirname(fileURLToPath(new URL("../..", import.meta.url)));
    expect(filesOf(folder).filter((path) => read(path).includes(`${root}/`))).toEqual([]);
  });

  test("installs no dependency of its own", () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    const required = Object.keys(manifest.peerDependencies).filter(
      (name) => !manifest.peerDependenciesMeta[name]?.optional,
    );
    expect(required).toEqual([]);
  });

  test.each([".js", ".d.ts"])("imports only Node and peer dependencies in *%s", (ending) => {
    const strangers = filesOf(folder, ending).flatMap((path) =>
      specifiersIn(join(folder, path))
        .map(packageOf)
        .filter((name) => name !== undefined && !(name in manifest.peerDependencies))
        .map((name) => `${path} imports ${name}`),
    );
    expect([...new Set(strangers)]).toEqual([]);
  });

  test("bundles only the small libraries it means to, with their licences", () => {
    const inside = new Set(filesOf(folder, ".js.map").flatMap(packagesInside));
    expect([...inside].filter((name) => !BUNDLED.includes(name))).toEqual([]);
    expect(inside).toContain("zod");
    const licences = read("dist/THIRD-PARTY-LICENSES.txt");
    expect([...inside].filter((name) => !licences.includes(`${name} `))).toEqual([]);
  });
});

describe.each(entries)("$specifier", ({ subpath, specifier, default: main, require: copy, types }) => {
  test("loads less code than any SDK would add", () => {
    const bytes = [...loadedWith(posix.normalize(main))].reduce(
      (sum, path) => sum + statSync(join(folder, path)).size,
      0,
    );
    expect(bytes).toBeLessThan(/\/(testing|simulator)$/.test(specifier) ? MAX_TEST_BYTES : MAX_LOADED_BYTES);
  });

  test("stands in tsup.config.ts and, for our own tests and examples, in tsconfig.json", () => {
    const name = main.replace("./dist/", "").replace(".js", "");
    const source = (tsupConfig as { entry: Readonly<Record<string, string>> }).entry[name];
    const paths: Readonly<Record<string, readonly string[]>> = tsconfig.compilerOptions.paths;
    expect(existsSync(join(folder, types))).toBe(true);
    expect(copy).toBe(`./dist/cjs/${name}.js`);
    expect(source).toBeDefined();
    expect(paths[specifier], subpath).toEqual([`./${source}`]);
  });
});
