import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { build } from "esbuild";
import { expect } from "vitest";
import { writtenModule } from "./bundled-script.js";

/** A part of the sources, and what stands in its place. */
export interface Mutation {
  readonly part: string;
  readonly instead: string;
}

/** Loads a module of the sources, with all that it imports, where one part of the files that match is replaced. */
export async function mutatedModule<Module>(entry: string, files: RegExp, mutation: Mutation): Promise<Module> {
  const { part, instead } = mutation;
  let found = 0;
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    write: false,
    plugins: [
      {
        name: "mutant",
        setup({ onLoad }) {
          onLoad({ filter: files }, async ({ path }) => {
            const text = await readFile(path, "utf8");
            if (text.includes(part)) found += 1;
            return { contents: text.replace(part, instead), loader: "ts" };
          });
        },
      },
    ],
  });
  expect(found).toBe(1);
  const [output] = outputFiles;
  return (await import(writtenModule(`${basename(entry, ".ts")}-mutant`, output?.text ?? ""))) as Module;
}
