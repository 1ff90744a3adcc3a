import type pg from "pg";
import { expect, onTestFinished } from "vitest";
import type { AuditEvent } from "../../../src/domain/audit-event.js";
import type { ExecutionStore, FeedQuery } from "../../../src/store-port/execution-store.js";
import { migrate, postgresStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import { schemaForTest } from "./schema-for-test.js";
import type { TestDatabase } from "./test-database.js";

/** A schema of its own, in which one store writes and another one reads the feed. */
export interface FeedWorld {
  readonly pool: pg.Pool;
  readonly url: string;
  readonly schema: string;
  readonly store: ExecutionStore;
  /** The store whose feed is read. */
  readonly reader: ExecutionStore;
  /** A transaction that is open until it is ended. It is rolled back after the test. */
  begin(): Promise<OpenTransaction>;
}

export interface OpenTransaction {
  readonly client: pg.PoolClient;
  readonly store: ExecutionStore;
  readonly reader: ExecutionStore;
  end(how: "commit" | "rollback"): Promise<void>;
}

/** Makes a world. `changed` may change the statements that read the feed. */
export async function feedWorld(
  { pool, url }: Pick<TestDatabase, "pool" | "url">,
  changed: (sql: SqlClient) => SqlClient = (sql) => sql,
): Promise<FeedWorld> {
  const schema = schemaForTest(pool);
  await migrate(pool, { schema });
  const storesOver = (sql: SqlClient) => ({
    store: postgresStore(sql, { schema }),
    reader: postgresStore(changed(sql), { schema }),
  });
  return {
    pool,
    url,
    schema,
    ...storesOver(pool),
    async begin() {
      const client = await pool.connect();
      let isOpen = true;
      const end = async (how: "commit" | "rollback") => {
        if (!isOpen) return;
        isOpen = false;
        const failure = await client.query(how).then(
          () => undefined,
          (error: unknown) => error,
        );
        client.off("error", ignored);
        client.release(failure !== undefined);
      };
      onTestFinished(() => end("rollback"));
      // A connection that is ended from outside also tells so here.
      client.on("error", ignored);
      await client.query("begin");
      return { client, ...storesOver(client), end };
    },
  };
}

const ignored = (): void => {};

/** Everything in the feed after a cursor, and where it ends. */
export async function restOf(store: ExecutionStore, query: Partial<FeedQuery> = {}) {
  const events: AuditEvent[] = [];
  let place = query;
  for (let pages = 0; pages < 100; pages += 1) {
    const page = await store.feed({ limit: 100, ...place });
    events.push(...page.events);
    if (!page.more) return { events, cursor: page.cursor };
    place = { ...place, after: page.cursor };
  }
  return expect.unreachable("the feed does not end");
}

/** Events as "execution version". */
export const named = (events: readonly AuditEvent[]): readonly string[] =>
  events.map(({ executionId, version }) => `${executionId} ${version}`);

/** The versions of one execution among events, in their order. */
export const versionsOf = (events: readonly AuditEvent[], id: string): readonly number[] =>
  events.filter(({ executionId }) => executionId === id).map(({ version }) => version);

/** Stores events as an older version does: without a position. */
export const insertEvents = ({ pool, schema }: FeedWorld, rows: string) =>
  pool.query(`insert into ${schema}.events (execution_id, version, at, status, kind, actor) ${rows}`);
