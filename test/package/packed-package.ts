import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** The parts of the published package.json that the tests read. */
export interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly require: string; readonly default: string }>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** One row of the exports map: `./aws` is imported as `buyonce/aws`. */
export interface Entry {
  readonly subpath: string;
  readonly specifier: string;
  readonly types: string;
  readonly default: string;
  /** The copy as CommonJS. */
  readonly require: string;
}

/** The folder of the installed package in a consumer. */
export const installedIn = (consumer: string): string => join(consumer, "node_modules", "buyonce");

/** Reads a package.json. */
export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

/** Every subpath that can be imported, from the exports map. */
export const entriesOf = (manifest: Manifest): readonly Entry[] =>
  Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    typeof target === "string"
      ? []
      : [
          {
            ...{ subpath, specifier: subpath.replace(/^\./, "buyonce") },
            ...{ types: target.default.replace(/\.js$/, ".d.ts"), default: target.default, require: target.require },
          },
        ],
  );

/** Paths of all files below a folder that end so, relative to it. */
export const filesOf = (folder: string, ending = ""): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();

/** Every module specifier in a file: imports, exports, dynamic imports, import types and `require`. */
export const specifiersIn = (path: string): readonly string[] =>
  ts.preProcessFile(readFileSync(path, "utf8"), true, true).importedFiles.map(({ fileName }) => fileName);

/** The package a bare specifier belongs to; undefined for relative paths and for Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("/") || specifier.startsWith("node:")) return undefined;
  return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}

/** The packages that a declaration file names, itself or by way of the files of ours it leads to. */
export function packagesNamedIn(path: string): readonly string[] {
  const files = new Set([path]);
  const packages = new Set<string>();
  // A set gives the files added meanwhile as well.
  for (const file of files)
    for (const specifier of specifiersIn(file)) {
      const name = packageOf(specifier);
      if (name !== undefined) packages.add(name);
      if (specifier.startsWith(".")) files.add(join(dirname(file), specifier.replace(/\.js$/, ".d.ts")));
    }
  return [...packages].sort();
}
