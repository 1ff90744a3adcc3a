import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Type-checks a snippet as a file of this folder and returns its errors. */
function errorsOf(snippet: string): readonly string[] {
  const file = `${root}test/types/snippet.ts`;
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(config.options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? snippet : readFile(name));
  host.getSourceFile = (name, options) =>
    name === file ? ts.createSourceFile(name, snippet, options) : getSourceFile(name, options);
  const program = ts.createProgram([file], config.options, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, " "));
}

const PRELUDE = `
import type { CommitmentProvider, PurchaseContext, PurchasePermit, WonWriteAhead } from "../../src/index.js";
declare const provider: CommitmentProvider;
declare const context: PurchaseContext;
declare const won: WonWriteAhead;
declare const permit: PurchasePermit;
`;

describe("a purchase permit", { timeout: 60_000 }, () => {
  test("lets its holder call purchase", () => {
    expect(errorsOf(`${PRELUDE} export const bought = provider.purchase(permit, context);`)).toEqual([]);
  });

  test.each([
    ["the facts of a write-ahead", "provider.purchase(won, context)"],
    [
      "a copy of its fields",
      "provider.purchase({ request: won.request, token: won.token, attempt: 1, submittedAt: 0, prepared: won.prepared }, context)",
    ],
    ["nothing", "provider.purchase(undefined, context)"],
  ])("cannot be replaced by %s: it does not compile", (_, call) => {
    expect(errorsOf(`${PRELUDE} export const bought = ${call};`)).toEqual([expect.stringMatching(/not assignable/)]);
  });
});
