/**
 * A definition that does not depend on the reader's session: on one line, without the schema's name, which servers write
 * by the search path, and without quotes around plain names, which they write by `quote_all_identifiers`.
 */
export const portableDefinition = (definition: string, schema: string): string =>
  definition
    .replaceAll(/"([a-z_][a-z0-9_]*)"/g, "$1")
    .replaceAll(new RegExp(`(?<![\\w."'])${schema}\\.`, "g"), "")
    .replaceAll(/\s+/g, " ");
