import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What was read for earlier snippets. None of it changes during a run. */
const parsed = new Map<string, ts.SourceFile | undefined>();
let earlier: ts.Program | undefined;

/** Type-checks a snippet as if it were a file of the test folder, and returns its errors. */
export const typeErrorsOf = (snippet: string): readonly string[] => typeErrorsOfEach([snippet])[0] ?? [];

/** Type-checks several snippets, each as a file of its own. Together they take little longer than one. */
export function typeErrorsOfEach(snippets: readonly string[]): readonly (readonly string[])[] {
  const files = new Map(snippets.map((snippet, at) => [`${root}test/support/snippet-${at}.ts`, snippet]));
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target) => {
    const snippet = files.get(name);
    if (snippet !== undefined) return ts.createSourceFile(name, snippet, target);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, target));
    return parsed.get(name);
  };
  const program = ts.createProgram([...files.keys()], options, host, earlier);
  earlier = program;
  return [...files.keys()].map((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")),
  );
}
