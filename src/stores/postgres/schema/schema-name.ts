import { invalidArgument } from "../../../domain/input-problem.js";

const DEFAULT_SCHEMA = "buyonce";

/** The schema that the options name, or the default one. Throws `INVALID_REQUEST` for a name that {@link quotedSchema} refuses. */
export function schemaOf({ schema = DEFAULT_SCHEMA }: { readonly schema?: string }): string {
  quotedSchema(schema);
  return schema;
}

/**
 * A schema name, quoted for use in statements.
 *
 * The name may have lower case letters, digits and underscores, and at most 63 characters, because PostgreSQL cuts a
 * longer name off silently. It must not start with `pg_`, which PostgreSQL reserves. Any other name is refused with `INVALID_REQUEST`.
 */
export function quotedSchema(schema: string): string {
  if (typeof schema !== "string" || !/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw invalidArgument(
      "schema",
      `must be 1 to 63 lower case letters, digits and underscores, start with no digit and not with "pg_"; got ${JSON.stringify(schema)}`,
    );
  return `"${schema}"`;
}
