import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The JSDoc comment above each string of an exported array of strings; the string is the key. */
export function readElementComments(path: string, arrayName: string): Readonly<Record<string, string>> {
  const text = readFileSync(root + path, "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const comments: Record<string, string> = {};
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === arrayName) ts.forEachChild(node, collect);
    else ts.forEachChild(node, visit);
  };
  const collect = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) comments[node.text] = commentAbove(text, node);
    else ts.forEachChild(node, collect);
  };
  visit(file);
  return comments;
}

function commentAbove(text: string, node: ts.Node): string {
  const last = ts.getLeadingCommentRanges(text, node.getFullStart())?.at(-1);
  if (last === undefined) return "";
  return text
    .slice(last.pos, last.end)
    .replace(/^\/\*\*|\*\/$/g, "")
    .replaceAll(/\s*\n\s*\*?\s*/g, " ")
    .trim();
}
