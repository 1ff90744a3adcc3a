import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Import, SourceFile, Use } from "./import-rules.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Reads every TypeScript file of `src`. */
export const readSourceTree = (): readonly SourceFile[] =>
  readdirSync(`${root}src`, { recursive: true, encoding: "utf8" })
    .map((name) => `src/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => readSource(path, readFileSync(root + path, "utf8")));

/** Reads what one file imports and does; the compiler parses it, so comments and strings do not count. */
export function readSource(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const uses: Use[] = [];
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== undefined) imports.push({ ...found, target: resolve(path, found.target) });
    if (isPurchaseCall(node)) uses.push("purchase call");
    if (isClockRead(node)) uses.push("clock read");
    if (ts.isPropertyAccessExpression(node) && node.getText() === "AbortSignal.any") uses.push("joint signal");
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return { path, imports, uses };
}

/** `../domain/money.js` in `src/engine/run.ts` -> `src/domain/money.ts`. */
const resolve = (path: string, specifier: string): string =>
  specifier.startsWith(".") ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts") : specifier;

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node)) return importDeclaration(node);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) return exportFrom(node);
  if (ts.isImportTypeNode(node)) return { target: literalOf(argumentOf(node)), kind: "type", names: ["*"] };
  if (ts.isCallExpression(node) && isLoader(node.expression))
    return { target: literalOf(node.arguments[0]), kind: "dynamic", names: ["*"] };
  return undefined;
}

const isLoader = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");

const argumentOf = (node: ts.ImportTypeNode): ts.Node | undefined =>
  ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;

const literalOf = (node: ts.Node | undefined): string =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : "(computed)";

function importDeclaration({ moduleSpecifier, importClause }: ts.ImportDeclaration): Import {
  const target = literalOf(moduleSpecifier);
  const bindings = importClause?.namedBindings;
  const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : [];
  const whole = bindings !== undefined && ts.isNamespaceImport(bindings) ? ["*"] : [];
  const byDefault = importClause?.name === undefined ? [] : ["default"];
  const isType = importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return { target, kind: isType ? "type" : "value", names: [...byDefault, ...whole, ...named.map(exportedName)] };
}

function exportFrom({ moduleSpecifier, exportClause, isTypeOnly }: ts.ExportDeclaration): Import {
  const isNamed = exportClause !== undefined && ts.isNamedExports(exportClause);
  const names = isNamed ? exportClause.elements.map(exportedName) : ["*"];
  return { target: literalOf(moduleSpecifier), kind: isTypeOnly ? "type" : "value", names };
}

/** `a` of `a as b`: a guarded name is guarded under any alias. */
const exportedName = ({ propertyName, name }: ts.ImportSpecifier | ts.ExportSpecifier): string =>
  (propertyName ?? name).text;

/** `x.purchase(...)`, also `x?.purchase(...)`, `x["purchase"](...)`, `x.purchase.call(...)` and `const { purchase } = x`. */
function isPurchaseCall(node: ts.Node): boolean {
  if (ts.isBindingElement(node)) return (node.propertyName ?? node.name).getText() === "purchase";
  if (!ts.isCallExpression(node)) return false;
  const { expression: callee } = node;
  return memberName(callee) === "purchase" || (isMember(callee) && memberName(callee.expression) === "purchase");
}

const isMember = (node: ts.Node): node is ts.PropertyAccessExpression | ts.ElementAccessExpression =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);

function memberName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isElementAccessExpression(node) ? literalOf(node.argumentExpression) : undefined;
}

/** `Date.now`, `performance.now`, `process.hrtime`, `Date()` and `new Date()`; `new Date(ms)` only converts. */
function isClockRead(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node))
    return ["Date.now", "performance.now", "process.hrtime"].includes(node.getText().replaceAll(/\s/g, ""));
  const isDate = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "Date";
  return isDate && (node.arguments ?? []).length === 0;
}
