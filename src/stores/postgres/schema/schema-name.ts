const DEFAULT_SCHEMA = "buyonce";

/** The schema that options name, or the default one; a `TypeError` where {@link quotedSchema} refuses it. */
export function schemaOf({ schema = DEFAULT_SCHEMA }: { readonly schema?: string }): string {
  quotedSchema(schema);
  return schema;
}

/**
 * A schema name, quoted for use in statements.
 *
 * A `TypeError` for anything but lower case letters, digits and underscores, at most 63 characters (PostgreSQL's limit,
 * beyond which it would cut the name off silently) and not starting with `pg_`, which PostgreSQL reserves.
 */
export function quotedSchema(schema: string): string {
  if (typeof schema !== "string" || !/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw new TypeError(
      `schema must be 1 to 63 lower case letters, digits and underscores, start with no digit and not with "pg_"; got ${JSON.stringify(schema)}`,
    );
  return `"${schema}"`;
}
