/**
 * A definition that does not depend on the reader's session. It is on one line. It has no schema name, because servers
 * write that by the search path. It has no quotes around plain names, because servers write those by
 * `quote_all_identifiers`.
 */
export const portableDefinition = (definition: string, schema: string): string =>
  definition
    .replaceAll(/"([a-z_][a-z0-9_]*)"/g, "$1")
    .replaceAll(new RegExp(`(?<![\\w."'])${schema}\\.`, "g"), "")
    .replaceAll(/\s+/g, " ");
