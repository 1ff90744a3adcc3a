import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { describe, expect, test } from "vitest";

const FOLDER = new URL("../../examples/hosts/", import.meta.url);
const EXAMPLES = readdirSync(FOLDER).filter((name) => name.endsWith(".ts"));

describe.each(EXAMPLES)("examples/hosts/%s", (name) => {
  const text = readFileSync(new URL(name, FOLDER), "utf8");

  test("has at most 80 lines, and first says what it shows", () => {
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^\/\*\*\n/);
  });

  test("imports packages by their names, as a program of its reader does", () => {
    const imported = [...text.matchAll(/(?:from|import\() ?"([^"]+)"/g)].map(([, module = ""]) => module);
    expect(imported).toContain("buyonce");
    for (const module of imported) expect(module).not.toMatch(/^[./]/);
    for (const module of imported.filter((one) => builtinModules.includes(one))) expect(module).toMatch(/^node:/);
  });
});
