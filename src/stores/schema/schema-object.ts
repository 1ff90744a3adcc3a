/** The kinds of object in a schema. */
export type SchemaObjectKind = "table" | "column" | "constraint" | "index" | "trigger";

/** One object of a schema, as a server writes it. */
export interface SchemaObject {
  readonly kind: SchemaObjectKind;
  readonly table: string;
  /** For a table, the same as `table`. */
  readonly name: string;
  /**
   * DDL without the schema's name. A column has its type, collation, default or generation, and NOT NULL. An index has
   * the whole statement. A table has its sort of table. The text ends with {@link INVALID} if an index does not work.
   */
  readonly definition: string;
}

/**
 * The end of a definition whose index the server does not use or does not update, such as after an interrupted build.
 */
export const INVALID = " (invalid)";

/** Whether two objects are in the same place: of one kind and one name, on one table. */
export const isSameObject = (a: SchemaObject, b: SchemaObject): boolean =>
  a.kind === b.kind && a.table === b.table && a.name === b.name;

/**
 * Whether two definitions mean the same. Parentheses, quotes, spaces and casts to text do not count, because servers of
 * different versions write them differently.
 */
export const isSameDefinition = (a: string, b: string): boolean => essence(a) === essence(b);

const essence = (definition: string): string => definition.replaceAll("::text", "").replaceAll(/[()"\s]/g, "");

/** Objects as text, one a line: kind, table, name and definition. */
export const formatObjects = (objects: readonly SchemaObject[]): string =>
  objects.map(({ kind, table, name, definition }) => `${kind} ${table}.${name}: ${definition}\n`).join("");

/** Reads a text that {@link formatObjects} wrote. Empty lines do not count. */
export const parseObjects = (text: string): readonly SchemaObject[] =>
  text.split("\n").flatMap((line) => {
    const [, kind, table = "", name = "", definition = ""] = /^(\w+) (\w+)\.([^:]+): (.*)$/.exec(line) ?? [];
    return kind === undefined ? [] : [{ kind: kind as SchemaObjectKind, table, name, definition }];
  });
