import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = `${root}test/support/snippet.ts`;

/** What was read for earlier snippets. None of it changes during a run. */
const parsed = new Map<string, ts.SourceFile | undefined>();
let earlier: ts.Program | undefined;

/** Type-checks a snippet as if it were a file of the test folder, and returns its errors. */
export function typeErrorsOf(snippet: string): readonly string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? snippet : readFile(name));
  host.getSourceFile = (name, target) => {
    if (name === file) return ts.createSourceFile(name, snippet, target);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, target));
    return parsed.get(name);
  };
  const program = ts.createProgram([file], options, host, earlier);
  earlier = program;
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, " "));
}
