import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ProviderFixture } from "../../src/testing/provider-contract.js";
import type { Import, SourceFile } from "../architecture/import-rules.js";
import { readSource, readSourceTree } from "../architecture/read-source.js";
import { type ExportedAdapter, GATE_NAMES, type Missing, missingOf, type Registry } from "./registry-gates.js";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const foldersIn = (path: string): readonly string[] =>
  readdirSync(new URL(path, root), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));

const sources = readSourceTree();
const clouds = foldersIn("src/providers");
const subpaths = sourcesOfSubpaths();

/** The source of every subpath that the package exports, as the compiler's paths say. */
function sourcesOfSubpaths(): Readonly<Record<string, string>> {
  const { name, exports } = JSON.parse(read("package.json")) as { name: string; exports: Record<string, unknown> };
  const { paths } = (JSON.parse(read("tsconfig.json")) as { compilerOptions: { paths: Record<string, string[]> } })
    .compilerOptions;
  return Object.fromEntries(
    Object.keys(exports).flatMap((subpath) => {
      const [source] = paths[`${name}${subpath.slice(1)}`] ?? [];
      return source === undefined ? [] : [[subpath, source.replace(/^\.\//, "")]];
    }),
  );
}

/** Functions that look something up before a purchase and buy nothing. */
const CHECKS: readonly string[] = ["checkAzureAccess"];

/** Where the sources of recommendations are, which buy nothing either. */
const SOURCES = /^src\/providers\/[^/]+\/recommendations\//;

/** Every function that the indexes of the clouds and their subpaths export, apart from those that buy nothing. */
async function exportedAdapters(): Promise<readonly ExportedAdapter[]> {
  const modules = [...clouds.map((cloud) => `src/providers/${cloud}/index.ts`), ...cloudSubpaths()];
  const adapters = await Promise.all(modules.map(adaptersOf));
  return adapters.flat();
}

const cloudSubpaths = (): readonly string[] =>
  Object.values(subpaths).filter((source) => /^src\/providers\/[^/]+\//.test(source) && !source.endsWith("/index.ts"));

async function adaptersOf(path: string): Promise<readonly ExportedAdapter[]> {
  const loaded = (await import(new URL(path, root).href)) as Readonly<Record<string, unknown>>;
  return Object.entries(loaded).flatMap(([name, exported]) => {
    const file = definingFile(path, name);
    if (typeof exported !== "function" || CHECKS.includes(name) || SOURCES.test(file)) return [];
    return [{ name, cloud: path.split("/")[2] ?? "", file, made: madeBy(exported as Factory) }];
  });
}

type Factory = (options: { clientFor(): never }) => unknown;

function madeBy(factory: Factory): unknown {
  try {
    return factory({
      clientFor() {
        throw new Error("nothing is bought here");
      },
    });
  } catch {
    return undefined;
  }
}

/** The file from which an index exports a name; a file that is no index defines its own. */
function definingFile(path: string, name: string): string {
  const isIt = ({ kind, names }: Import) => kind === "value" && names.includes(name);
  return sources.find((file) => file.path === path && path.endsWith("/index.ts"))?.imports.find(isIt)?.target ?? path;
}

/** The services of all fixtures that a cloud's contract suite runs on. */
async function suiteServices(): Promise<ReadonlySet<string>> {
  const services = new Set<string>();
  for (const cloud of clouds) {
    const path = `test/providers/${cloud}/contract/fixtures.ts`;
    if (!existsSync(new URL(path, root))) continue;
    const loaded = (await import(new URL(path, root).href)) as Readonly<Record<string, readonly Fixture[]>>;
    for (const { createProvider } of Object.values(loaded).flat()) {
      const { provider, close } = await createProvider();
      services.add(provider.service);
      await close?.();
    }
  }
  return services;
}

interface Fixture {
  createProvider(): Promise<ProviderFixture>;
}

const adapters = await exportedAdapters();
const registry: Registry = {
  files: sources.filter(({ path }) => !/^src\/(testing|simulator)\//.test(path)),
  guarantees: read("docs/guarantees.md"),
  suiteServices: await suiteServices(),
  subpaths,
};

describe("every adapter", () => {
  test.each(adapters)("$name is whole", (adapter) => {
    expect(missingOf(adapter, registry)).toEqual([]);
  });

  test("of AWS is found, under its index and under its subpath", () => {
    const services = adapters.filter(({ cloud }) => cloud === "aws").map(({ name }) => name);
    expect(new Set(services).size).toBe(10);
    expect(services).toHaveLength(20);
  });

  test("that is exported is of a service no other one buys", () => {
    const services = new Map(adapters.map(({ file, made }) => [file, Reflect.get(Object(made), "service") as unknown]));
    expect(new Set(services.values()).size).toBe(services.size);
  });
});

describe("the gates", () => {
  const provider = {
    service: "aws.ec2",
    idempotency: { kind: "none", windowMs: 0, maxRequestLifetimeMs: 1, visibilityLagMs: 1, clockSkewMs: 1 },
    lookup() {},
    prepare() {},
    purchase() {},
    inventory() {},
  };
  const FILE = "src/providers/aws/planted.ts";
  const adapter: ExportedAdapter = { name: "planted", cloud: "aws", file: FILE, made: provider };
  const files = (
    text = `import { lane } from "./lane.js";`,
    more: readonly SourceFile[] = [],
  ): readonly SourceFile[] => [
    readSource(FILE, text),
    readSource("src/providers/aws/lane.ts", `import { purchaseByCommand } from "./purchase-by-command.js";`),
    readSource("src/providers/purchase-once.ts", "provider.purchase(permit);"),
    ...more,
  ];
  const whole: Registry = {
    files: files(),
    guarantees: "| EC2 (`aws.ec2`) |",
    suiteServices: new Set(["aws.ec2"]),
    subpaths: { "./aws": "src/providers/aws/index.ts", "./aws/planted": FILE },
  };
  const making = (more: object): ExportedAdapter => ({ ...adapter, made: { ...provider, ...more } });
  const declaring = (more: object) => making({ idempotency: { ...provider.idempotency, ...more } });
  const noSubpath = { subpaths: { "./aws": "src/providers/aws/index.ts", "./azure/planted": FILE } };

  const PLANTED: readonly (readonly [what: string, Missing, ExportedAdapter, Partial<Registry>])[] = [
    ["no purchase", "makes no provider", making({ purchase: undefined }), {}],
    ["a factory that throws", "makes no provider", { ...adapter, made: undefined }, {}],
    ["no contract", "declares no valid contract", making({ idempotency: {} }), {}],
    ["a kind of its own", "declares no valid contract", declaring({ kind: "best-effort" }), {}],
    ["a window without dedupe", "declares no valid contract", declaring({ windowMs: 5 }), {}],
    ["no window", "declares no valid contract", declaring({ kind: "native-token", windowMs: undefined }), {}],
    ["a request that lives no time", "declares no valid contract", declaring({ maxRequestLifetimeMs: 0 }), {}],
    ["a lag that is no number", "declares no valid contract", declaring({ visibilityLagMs: "5" }), {}],
    ["no inventory without dedupe", "declares no valid contract", making({ inventory: undefined }), {}],
    ["a service of nobody", "is of no service that a line can name", making({ service: "aws.nobody" }), {}],
    ["DynamoDB", "is of no service that a line can name", making({ service: "aws.dynamodb" }), {}],
    [
      "a second caller",
      "is called elsewhere than in purchase-once.ts",
      adapter,
      { files: files(undefined, [readSource("src/engine/fast.ts", "await provider.purchase(permit, context);")]) },
    ],
    ["another page", "is not named in docs/guarantees.md", adapter, { guarantees: "`aws.ec2-dedicated-hosts`" }],
    ["no fixture", "has no fixture of the contract suite", adapter, { suiteServices: new Set(["aws.rds"]) }],
    ["a way of its own", "does not go through its cloud's outcome mapping", adapter, { files: files("send();") }],
    [
      "types of the mapping only",
      "does not go through its cloud's outcome mapping",
      adapter,
      { files: files(`import type { lane } from "./lane.js";`) },
    ],
    [
      "a cloud nobody decided on",
      "does not go through its cloud's outcome mapping",
      { ...adapter, cloud: "oracle" },
      {},
    ],
    ["the subpath of its cloud only", "has no subpath of its own", adapter, noSubpath],
  ];

  test("let a whole adapter pass", () => {
    expect(missingOf(adapter, whole)).toEqual([]);
  });

  test.each(PLANTED)("stop one with %s: it %s", (_what, missing, planted, change) => {
    expect(missingOf(planted, { ...whole, ...change })).toContain(missing);
  });

  test("are each shown to stop something", () => {
    expect(new Set(PLANTED.map(([, missing]) => missing))).toEqual(new Set(GATE_NAMES));
  });
});
