import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, inject, test } from "vitest";
import { MAY_LOAD } from "./may-load.js";
import { type Entry, entriesOf, installedIn, packagesNamedIn, readManifest } from "./packed-package.js";

const { bare, withPeers } = inject("consumers");
const entries = entriesOf(readManifest(installedIn(bare)));
const nodeTypes = fileURLToPath(new URL("../../node_modules/@types", import.meta.url));

/** How a consumer's compiler looks for our declarations. */
interface Resolution {
  readonly name: string;
  readonly options: ts.CompilerOptions;
  /** The consumer's own file. Its ending says whether it is an ES module. */
  readonly file: string;
}

const NODE16 = { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 };
const NODENEXT: Resolution = {
  name: "nodenext",
  options: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  file: "consumer.ts",
};

const RESOLUTIONS: readonly Resolution[] = [
  { name: "node16", options: NODE16, file: "consumer.ts" },
  { name: "node16, as CommonJS", options: NODE16, file: "consumer.cts" },
  NODENEXT,
  { ...NODENEXT, name: "nodenext, as CommonJS", file: "consumer.cts" },
  {
    name: "bundler",
    options: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    file: "consumer.ts",
  },
];

const STRICT: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  typeRoots: [nodeTypes],
  types: ["node"],
};

/**
 * Type-checks a consumer that imports these subpaths: its own file and our declarations, as `skipLibCheck: false` does, but
 * not those of the SDKs.
 */
function problemsOf(
  consumer: string,
  specifiers: readonly string[],
  { options, file }: Resolution,
  more = "",
): readonly string[] {
  const path = join(consumer, file);
  const imports = specifiers.map((specifier, index) => `import * as subpath${index} from "${specifier}";`);
  const used = specifiers.map((_, index) => `subpath${index}`);
  writeFileSync(path, `${imports.join("\n")}\nexport const used: readonly object[] = [${used.join(", ")}];\n${more}`);
  const program = ts.createProgram([path], { ...STRICT, ...options });
  const checked = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName === path || fileName.startsWith(`${installedIn(consumer)}/`));
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...checked.flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]),
  ];
  return diagnostics.map(
    ({ file: where, messageText }) =>
      `${where?.fileName ?? "options"}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}

/**
 * Peers that only the declarations of a subpath name, beside those it loads. Nothing can stand in for what fast-check draws
 * from: its `Arbitrary` leads to a class with a private field.
 */
const MAY_NAME: Readonly<Record<string, readonly string[]>> = { "./testing": ["fast-check"] };

const namedBy = ({ types }: Entry) => packagesNamedIn(join(installedIn(bare), types));

describe.each(RESOLUTIONS)("moduleResolution $name", (resolution) => {
  test("type-checks every subpath with the peers installed", () => {
    expect(
      problemsOf(
        withPeers,
        entries.map(({ specifier }) => specifier),
        resolution,
      ),
    ).toEqual([]);
  });

  test("type-checks every subpath without any peer", () => {
    expect(
      problemsOf(
        bare,
        entries.map(({ specifier }) => specifier),
        resolution,
      ),
    ).toEqual([]);
  });
});

describe("with one SDK of many installed", () => {
  const oneSdk = `${bare}-with-one-sdk`;
  cpSync(bare, oneSdk, { recursive: true });
  mkdirSync(join(oneSdk, "node_modules/@aws-sdk"));
  symlinkSync(
    join(withPeers, "node_modules/@aws-sdk/client-ec2"),
    join(oneSdk, "node_modules/@aws-sdk/client-ec2"),
    "junction",
  );
  const all = entries.map(({ specifier }) => specifier);
  const wrongClient = `import { ec2ReservedInstances as ec2 } from "buyonce/aws/ec2-reserved-instances";
export const provider = ec2({ clientFor: () => "not a client" });\n`;

  test("every subpath type-checks", () => {
    expect(problemsOf(oneSdk, all, NODENEXT)).toEqual([]);
  });

  test("the types of that SDK hold", () => {
    expect(problemsOf(oneSdk, ["buyonce"], NODENEXT, wrongClient).join()).toContain(
      "'string' is not assignable to type",
    );
  });
});

test("a declaration that leans on a package the consumer has not is noticed", () => {
  writeFileSync(join(installedIn(withPeers), "dist/planted.d.ts"), `export type { ZodType } from "zod";\n`);
  const problems = RESOLUTIONS.map((resolution) =>
    problemsOf(withPeers, ["./node_modules/buyonce/dist/planted.js"], resolution).join(),
  );
  for (const found of problems) expect(found).toContain("Cannot find module 'zod'");
});

test.each(entries)("the declarations of $specifier name no package it does not need", (entry) => {
  const allowed = [...(MAY_LOAD[entry.subpath] ?? []), ...(MAY_NAME[entry.subpath] ?? [])];
  expect(namedBy(entry).filter((name) => !allowed.includes(name))).toEqual([]);
});

test("a declaration that leads to the SDKs of other services is noticed", () => {
  const path = join(installedIn(withPeers), "dist/aws/planted.d.ts");
  writeFileSync(path, `import type { AwsTarget } from "../aws.js";\nexport type Planted = AwsTarget;\n`);
  try {
    expect(packagesNamedIn(path)).toEqual(expect.arrayContaining(["@aws-sdk/client-ec2", "@aws-sdk/client-rds"]));
  } finally {
    rmSync(path);
  }
});
