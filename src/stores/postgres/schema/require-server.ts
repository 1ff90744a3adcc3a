import type { SqlClient } from "../client/sql-client.js";
import { invalidSchema } from "./schema-errors.js";

const OLDEST = 150_000;

/** The facts about a server that matter before its schema is changed. */
export interface Server {
  /** The version number that PostgreSQL gives itself: 150018 is 15.18. */
  readonly version: number;
  /** The encoding of the database. */
  readonly encoding: string;
  /** Why the server takes no writes. Null if it takes them. */
  readonly readOnly: "replica" | "read-only" | null;
}

/**
 * Reads the facts about the server. Throws `INVALID_SCHEMA` if it is older than PostgreSQL 15 or the database cannot
 * hold every text.
 */
export async function requireServer(sql: SqlClient, schema: string): Promise<Server> {
  const { rows } = await sql.query({
    text: `select json_build_object(
             'version', current_setting('server_version_num')::integer,
             'encoding', current_setting('server_encoding'),
             'readOnly', case
               when pg_is_in_recovery() then 'replica'
               when current_setting('transaction_read_only') = 'on' then 'read-only' end)::text as server`,
    values: [],
  });
  const server = JSON.parse(String(rows[0]?.["server"])) as Server;
  if (server.version < OLDEST)
    throw invalidSchema(schema, `needs PostgreSQL 15 or later; this server is ${major(server)}: upgrade it.`, {
      server,
    });
  if (server.encoding !== "UTF8")
    throw invalidSchema(
      schema,
      `needs a database in UTF8; this one is in ${server.encoding}, which cannot record every message of a cloud: create another.`,
      { server },
    );
  return server;
}

/** Throws `INVALID_SCHEMA` if the server takes no changes. */
export function requireWritable(server: Server, schema: string): void {
  if (server.readOnly === null) return;
  const what = server.readOnly === "replica" ? "this server is a replica" : "this session is read-only";
  throw invalidSchema(schema, `has to be migrated, but ${what}: connect to the primary server, read-write.`, {
    server,
  });
}

const major = ({ version }: Server): number => Math.floor(version / 10_000);
