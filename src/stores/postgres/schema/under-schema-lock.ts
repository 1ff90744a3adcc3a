import type { SqlClient } from "../client/sql-client.js";
import { sqlStateOf } from "../client/sql-state.js";
import { invalidSchema } from "./schema-errors.js";
import { quotedSchema } from "./schema-name.js";

/** serialization_failure, deadlock_detected: the same again may go through. */
const PASSING = ["40001", "40P01"];
/** query_canceled, lock_not_available: another process is changing what was asked for. */
const TIMED_OUT = ["57014", "55P03"];
/** Each round in which another process has the lock takes a tenth of a second: ten minutes. */
const ROUNDS = 6_000;

/** What is to be done while no other process changes the schema. */
export interface LockedStep {
  readonly schema: string;
  /** PL/pgSQL statements, all or nothing, with unqualified names; `quoted` schema exists by then. */
  readonly statements: string;
  /** Whether it is done, by this process or another one. */
  done(): Promise<boolean>;
}

/**
 * Runs statements under the lock that each schema has for its changes, until they are done.
 *
 * One statement for the server, because consecutive statements of a pool may run on different connections. The lock is
 * asked for again and again rather than waited for: a wait would count as running time against the role's timeouts.
 * After an error the schema is looked at: what another process has done at the same time is done.
 */
export async function underSchemaLock(sql: SqlClient, step: LockedStep): Promise<void> {
  const text = lockedBlock(step);
  for (let round = 0; round < ROUNDS; round += 1) {
    try {
      await sql.query({ text, values: [] });
    } catch (error) {
      // Inside a caller's transaction this fails too, and the first error is the one that tells.
      if (await step.done().catch(() => false)) return;
      if (!PASSING.includes(sqlStateOf(error) ?? "")) throw error;
    }
    if (await isDone(step)) return;
  }
  throw invalidSchema(step.schema, "has been locked by another process's migrate for minutes: end that process first.");
}

const isDone = (step: LockedStep): Promise<boolean> =>
  step.done().catch((error: unknown) => {
    if (TIMED_OUT.includes(sqlStateOf(error) ?? "")) return false;
    throw error;
  });

/** The search path is put back, in case the caller's client is inside a transaction. */
const lockedBlock = ({ schema, statements }: LockedStep): string => `do $buyonce$
declare
  previous_path text := current_setting('search_path');
begin
  if not pg_try_advisory_xact_lock(hashtextextended('buyonce migrations of ${schema}', 0)) then
    perform pg_sleep(0.1);
    return;
  end if;
  if to_regnamespace('${quotedSchema(schema)}') is null then
    create schema ${quotedSchema(schema)};
  end if;
  perform set_config('search_path', '${quotedSchema(schema)}, pg_temp', true);
  ${statements}
  perform set_config('search_path', previous_path, true);
end
$buyonce$`;
