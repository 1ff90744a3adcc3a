/** What a schema consists of. */
export type SchemaObjectKind = "table" | "column" | "constraint" | "index" | "trigger";

/** One object of a schema, as a server writes it. */
export interface SchemaObject {
  readonly kind: SchemaObjectKind;
  readonly table: string;
  /** For a table, the same as `table`. */
  readonly name: string;
  /**
   * DDL without the schema's name: of a column its type, collation, default or generation, and NOT NULL; of an index the
   * whole statement; of a table what sort of table it is. Ends with {@link INVALID} where an index does not work.
   */
  readonly definition: string;
}

/** The end of a definition whose index the server does not use or keep up, as after an interrupted build. */
export const INVALID = " (invalid)";

/** Whether two objects are in the same place: of one kind and one name, on one table. */
export const isSameObject = (a: SchemaObject, b: SchemaObject): boolean =>
  a.kind === b.kind && a.table === b.table && a.name === b.name;

/**
 * Whether two definitions mean the same. Parentheses, quotes, spaces and casts to text do not count: servers of
 * different versions write them differently.
 */
export const isSameDefinition = (a: string, b: string): boolean => essence(a) === essence(b);

const essence = (definition: string): string => definition.replaceAll("::text", "").replaceAll(/[()"\s]/g, "");

/** Objects as text, one a line: kind, table, name and definition. */
export const formatObjects = (objects: readonly SchemaObject[]): string =>
  objects.map(({ kind, table, name, definition }) => `${kind} ${table}.${name}: ${definition}\n`).join("");

/** Reads what {@link formatObjects} wrote; empty lines do not count. */
export const parseObjects = (text: string): readonly SchemaObject[] =>
  text.split("\n").flatMap((line) => {
    const [, kind, table = "", name = "", definition = ""] = /^(\w+) (\w+)\.(\w+): (.*)$/.exec(line) ?? [];
    return kind === undefined ? [] : [{ kind: kind as SchemaObjectKind, table, name, definition }];
  });
