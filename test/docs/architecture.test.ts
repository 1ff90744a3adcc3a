import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readSource } from "../architecture/read-source.js";

const root = new URL("../../", import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, root), "utf8");
const page = textOf("ARCHITECTURE.md");
const walk = [...page.matchAll(/^\d\. \[(\S+)\]/gm)].map(([, path = ""]) => path);

test("the walk from the engine to the wire opens at most nine files", () => {
  expect(walk[0]).toBe("src/engine/purchase-engine.ts");
  expect(walk.length).toBeGreaterThan(5);
  expect(walk.length).toBeLessThanOrEqual(9);
});

test.each(walk.slice(1))("the walk comes to %s by an import of a file before it", (path) => {
  const before = walk.slice(0, walk.indexOf(path)).flatMap((earlier) => readSource(earlier, textOf(earlier)).imports);
  // A provider is handed in by the consumer.
  const isHandedIn = path.includes("/services/");
  expect(isHandedIn || before.some(({ target }) => target === path)).toBe(true);
});

test("every file that the page names exists", () => {
  const named = [...page.matchAll(/\]\(((?:src|test|scripts|docs)\/[^)#]+)\)/g)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});
