import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

const REWRITE = process.env["BUYONCE_REWRITE_GOLDEN"] === "1";

/** What is sent in one step of a purchase, as text. */
export type Step = readonly [step: string, sent: string];

/** What is sent in some scenarios, the usual one first. What another one sends in a step as the usual one is left out. */
export async function chaptersOf<Scenario extends { readonly name: string }>(
  scenarios: readonly Scenario[],
  stepsOf: (scenario: Scenario) => Promise<readonly Step[]>,
): Promise<string> {
  const chapters: string[] = [];
  const usual = new Map<string, string>();
  for (const scenario of scenarios)
    for (const [step, sent] of await stepsOf(scenario)) {
      if ((usual.get(step) ?? "") === sent) continue;
      if (scenario.name === "usual") usual.set(step, sent);
      chapters.push(`### ${scenario.name}: ${step}: ${sent}`);
    }
  return `${chapters.join("\n\n")}\n`;
}

/** Expects a golden file to hold this text, or writes it anew if the environment says so. */
export function expectGolden(file: URL, text: string): void {
  if (REWRITE) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}

/** The operations that some golden files show. */
export function shownOperations(...files: readonly URL[]): ReadonlySet<string> {
  const headings = files.flatMap((file) => readFileSync(file, "utf8").match(/(?<=^###.*: )[\w, ]+$/gm) ?? []);
  return new Set(headings.flatMap((operations) => operations.split(", ")));
}
