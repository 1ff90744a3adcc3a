import type { SqlClient } from "../client/sql-client.js";
import { sqlStateOf } from "../client/sql-state.js";
import { invalidSchema } from "./schema-errors.js";
import { quotedSchema } from "./schema-name.js";

/** serialization_failure, deadlock_detected: the next try may succeed. */
const PASSING = ["40001", "40P01"];
/** query_canceled, lock_not_available: another process is changing the same objects. */
const TIMED_OUT = ["57014", "55P03"];
/**
 * The most rounds. Each round in which another process has the lock takes a tenth of a second, so all rounds take ten
 * minutes.
 */
const ROUNDS = 6_000;

/** The step to make while no other process changes the schema. */
export interface LockedStep {
  readonly schema: string;
  /** PL/pgSQL statements with unqualified names. All are executed, or none. The schema exists by then. */
  readonly statements: string;
  /** Whether the step is done, by this process or another one. */
  done(): Promise<boolean>;
}

/**
 * Runs statements under the lock that each schema has for its changes, until they are done.
 *
 * The server gets one statement, because consecutive statements of a pool may run on different connections. The lock is
 * polled, because a wait for it would count as running time against the role's timeouts. After an error the schema is
 * read again, because another process may have made the step meanwhile.
 */
export async function underSchemaLock(sql: SqlClient, step: LockedStep): Promise<void> {
  const text = lockedBlock(step);
  for (let round = 0; round < ROUNDS; round += 1) {
    try {
      await sql.query({ text, values: [] });
    } catch (error) {
      // Inside a caller's transaction this check fails too. The first error then tells the cause.
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

/**
 * The statement that makes the step under the lock. It restores the search path, in case the caller's client is inside
 * a transaction.
 */
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
