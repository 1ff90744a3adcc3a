import { isSameDefinition, isSameObject, type SchemaObject, type SchemaObjectKind } from "./schema-object.js";

/** One object of a schema that differs from what the migrations make. */
export interface Difference {
  readonly difference: "missing" | "different" | "unexpected";
  readonly object: SchemaObjectKind;
  readonly table: string;
  /** For a table, the same as `table`. A missing table stands for everything it had. */
  readonly name: string;
  /** The definition that the migrations make, as DDL. Null for an unexpected object. */
  readonly expected: string | null;
  /** The definition that the server has. Null for a missing object. */
  readonly found: string | null;
}

/**
 * Compares two catalogues. Missing and different objects come first, in an order in which they can be made. Unexpected
 * ones follow.
 */
export function differencesOf(
  expected: readonly SchemaObject[],
  found: readonly SchemaObject[],
): readonly Difference[] {
  const has = (objects: readonly SchemaObject[], object: SchemaObject) =>
    objects.find((one) => isSameObject(one, object));
  const tableIsGone = ({ kind, table }: SchemaObject) =>
    kind !== "table" && has(found, { kind: "table", table, name: table, definition: "" }) === undefined;
  const faults = expected
    .filter((object) => !tableIsGone(object))
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((object) => fault(object, has(found, object)));
  const extra = found.filter((object) => has(expected, object) === undefined);
  return [...faults, ...extra.map((object) => entry("unexpected", object, { found: object.definition }))];
}

function fault(expected: SchemaObject, found: SchemaObject | undefined): readonly Difference[] {
  if (found === undefined) return [entry("missing", expected, { expected: expected.definition })];
  if (isSameDefinition(expected.definition, found.definition)) return [];
  return [entry("different", expected, { expected: expected.definition, found: found.definition })];
}

const entry = (
  difference: Difference["difference"],
  { kind, table, name }: SchemaObject,
  { expected = null, found = null }: Partial<Pick<Difference, "expected" | "found">>,
): Difference => ({ difference, object: kind, table, name, expected, found });

const KINDS: readonly SchemaObjectKind[] = ["table", "column", "constraint", "index", "trigger"];

/**
 * The position of an object in the order of repairs. A generated column comes after the columns that it is made of, and
 * a foreign key after the key that it refers to.
 */
function rank({ kind, definition }: SchemaObject): number {
  const dependent = / generated always as |^FOREIGN KEY /.test(definition);
  return KINDS.indexOf(kind) + (dependent ? 0.5 : 0);
}
