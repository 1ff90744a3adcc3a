import { createHash } from "node:crypto";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys } from "../../domain/options.js";
import { retryingClient } from "./client/retrying-client.js";
import { sharedRun } from "./client/shared-run.js";
import type { SqlClient, SqlRow } from "./client/sql-client.js";
import { requireSchema } from "./schema/require-schema.js";
import { quotedSchema, schemaOf } from "./schema/schema-name.js";
import { CURRENT_VERSION } from "./schema/schema-version.js";

/** How a store uses its database. */
export interface PostgresStoreOptions {
  /** The schema that `migrate` prepared. Default `buyonce`. */
  readonly schema?: string;
  /**
   * Whether the server keeps the parsed statements for each connection. Default true. Turn it off behind a pooler in
   * transaction mode (PgBouncer before 1.21, or with `max_prepared_statements = 0`), because the next call may get a
   * connection without them.
   */
  readonly preparedStatements?: boolean;
}

/** Refuses options that are not {@link PostgresStoreOptions} with `INVALID_REQUEST`. */
export function checkStoreOptions(options: PostgresStoreOptions): void {
  checkKeys("options", options, { schema: true, preparedStatements: true });
  const { preparedStatements = true } = options;
  if (typeof preparedStatements !== "boolean")
    throw invalidArgument("options.preparedStatements", "must be true or false");
}

/** Runs one statement with these parameters. */
export type RunStatement = (values: readonly unknown[]) => Promise<readonly SqlRow[]>;

/** One schema of a database, verified before its first statement. */
export interface Database {
  /** The quoted schema name, to be put before each table name. */
  readonly schema: string;
  /** Makes a statement ready. `verb` names it on the server. */
  statement(verb: string, text: string): RunStatement;
  /** Makes a statement ready whose plan depends on its parameters. The server plans each run. */
  unnamed(text: string): RunStatement;
}

/**
 * Binds a client to one schema. Statements that certainly changed nothing are tried again, see {@link retryingClient}.
 */
export function database(sql: SqlClient, options: PostgresStoreOptions): Database {
  const schema = schemaOf(options);
  const retrying = retryingClient(sql);
  const verified = sharedRun(() => requireSchema(CURRENT_VERSION, retrying, schema));
  const running =
    (text: string, name?: string): RunStatement =>
    async (values) => {
      await verified();
      const given = [...values];
      return (await retrying.query(name === undefined ? { text, values: given } : { name, text, values: given })).rows;
    };
  return {
    schema: quotedSchema(schema),
    statement: (verb, text) =>
      options.preparedStatements === false ? running(text) : running(text, statementName(verb, text)),
    unnamed: (text) => running(text),
  };
}

/**
 * The name of a statement on the server. Different texts have different names, because two schemas or two versions may
 * share a connection.
 */
const statementName = (verb: string, text: string): string =>
  `buyonce_${verb}_${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
