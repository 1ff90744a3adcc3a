import { describe, expect, test } from "vitest";
import type { SourceFile } from "./import-rules.js";
import { readSource, readSourceTree } from "./read-source.js";

/** Files that lead back to themselves by their imports, those of types included. */
function inCycles(files: readonly SourceFile[]): readonly string[] {
  const targets = new Map(files.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const leadsBack = (start: string): boolean => {
    const seen = new Set<string>();
    const ahead = [...(targets.get(start) ?? [])];
    for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
      if (at === start) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      ahead.push(...(targets.get(at) ?? []));
    }
    return false;
  };
  return files.map(({ path }) => path).filter(leadsBack);
}

describe("imports lead back to no file", () => {
  test("of src/providers", () => {
    expect(inCycles(readSourceTree()).filter((path) => path.startsWith("src/providers/"))).toEqual([]);
  });

  test.each([
    ["by values", `import { b } from "./b.js";`, `import { a } from "./a.js";`],
    ["by a type", `import type { B } from "./b.js";`, `export { a } from "./a.js";`],
    ["over a third file", `import "./b.js";`, `import "./c.js";`],
  ])("and one that does is found: %s", (_, a, b) => {
    const files = { a, b, c: `import "./a.js";`, d: `import "./a.js";` };
    const planted = Object.entries(files).map(([name, text]) => readSource(`src/providers/${name}.ts`, text));
    expect(inCycles(planted)).toEqual(expect.arrayContaining(["src/providers/a.ts", "src/providers/b.ts"]));
    expect(inCycles(planted)).not.toContain("src/providers/d.ts");
  });
});
