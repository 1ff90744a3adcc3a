import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import { changeOf, created, moved } from "../../../src/testing/store-contract/steps.js";
import { FEED_SCENARIOS } from "../support/feed-scenarios.js";
import { feedWorld, named, restOf } from "../support/feed-world.js";
import { type Mutant, mutantOf } from "../support/first-failure.js";
import { onEachServer } from "../support/on-each-server.js";
import { playFeed } from "../support/play-feed.js";
import { randomSchema, startDatabase } from "../support/test-database.js";

const SEED = Number(process.env.BUYONCE_SEED ?? 0);

/** Statements that read the feed, each broken in one place, and a scenario that notices. */
const MUTANTS: readonly (Mutant & { readonly noticedBy: RegExp })[] = [
  {
    without: "the versions below those that are taken",
    part: /least\(placed\.version, tops\.lowest - 1\)/,
    instead: "tops.lowest - 1",
    noticedBy: /^an execution keeps the order/,
  },
  {
    without: "the lock",
    part: /update (\S+)\.guards set content = content where key = 'feed' returning \(content #>> '\{\}'\)::bigint into given/,
    instead: "select (content #>> '{}')::bigint into given from $1.guards where key = 'feed'",
    noticedBy: /^readers that give positions at once/,
  },
  {
    without: "positions of its own, but with those of the time",
    part: /set position = given \+ numbered\.place/,
    instead: "set position = (extract(epoch from e.at) * 1000000)::bigint + numbered.place",
    noticedBy: /^an open transaction holds up nothing/,
  },
  {
    without: "the check that no version is missing below",
    part: /where rank = rank_if_free/,
    instead: "",
    noticedBy: /^a removal that has come to a part/,
  },
  {
    without: "the number of versions as the order of an execution",
    part: /max\(at\) over \(partition by execution_id order by version\) as since/,
    instead: "at as since",
    noticedBy: /^an execution keeps the order/,
  },
];

onEachServer((database, half) => {
  for (const [name, scenario] of Object.entries(FEED_SCENARIOS))
    test(name, async () => scenario(await feedWorld(database)));

  test(`many writers, readers and rounds of a consumer lose nothing; seed ${SEED}`, { timeout: 120_000 }, async () =>
    playFeed(await feedWorld(database), SEED),
  );

  test("a writer in another database of the server holds up nothing", async () => {
    const { store } = await feedWorld(database);
    const name = randomSchema();
    await database.pool.query(`create database ${name}`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const elsewhere = new pg.Client({ connectionString: url.href });
    await elsewhere.connect();
    onTestFinished(async () => {
      await elsewhere.end();
      await database.pool.query(`drop database ${name}`);
    });
    await elsewhere.query("create table other (n integer); begin; insert into other values (1)");
    const { id } = await created(store);
    expect(named((await restOf(store)).events)).toEqual([`${id} 1`]);
  });

  test("nothing is written where every event has its position", async () => {
    const { store, schema, pool } = await feedWorld(database);
    await created(store);
    const { cursor } = await restOf(store);
    const stateOf = async () => (await pool.query(`select xmin::text, content from ${schema}.guards`)).rows;
    const before = await stateOf();
    for (const after of [undefined, cursor]) await store.feed({ limit: 5, ...(after && { after }) });
    expect(await stateOf()).toEqual(before);
  });

  test("without the row of the last position nothing is placed, and the error says so", async () => {
    const { store, schema, pool } = await feedWorld(database);
    await created(store);
    await pool.query(`delete from ${schema}.guards where key = 'feed'`);
    await expect(store.feed({ limit: 5 })).rejects.toThrow(/row of the feed is missing/);
  });

  for (const what of half(["a dump that is restored into a younger server"]))
    test(`${what} keeps cursors and order, and new events follow`, async () => {
      const { store, schema, pool } = await feedWorld(database);
      for (let round = 0; round < 20; round += 1) await pool.query("select pg_current_xact_id()");
      const [first, second] = [await created(store), await created(store)];
      const { cursor: middle } = await store.feed({ limit: 1 });
      await moved(store, changeOf(first));
      const { events, cursor } = await restOf(store);
      await store.moveFeedCursor({ consumer: "mail", from: null, to: cursor });
      await moved(store, changeOf(second));
      const fresh = await startDatabase();
      onTestFinished(() => fresh.close());
      await migrate(fresh.pool, { schema });
      await copyTables(pool, fresh.pool, schema);
      const restored = postgresStore(fresh.pool, { schema });
      await moved(restored, changeOf(first));
      const [before, rest] = [await restOf(restored), await restOf(restored, { after: middle })];
      expect(before.events.slice(0, 3)).toEqual(events);
      expect(rest.events).toEqual(before.events.slice(1));
      const after = (await restored.feedCursor("mail")) ?? expect.unreachable();
      expect(named((await restOf(restored, { after })).events)).toEqual([`${second.id} 2`, `${first.id} 3`]);
    });

  describe("a feed is noticed to be broken", () => {
    test.each(half(MUTANTS))("without $without", async ({ noticedBy, ...mutant }) => {
      const [, scenario] = Object.entries(FEED_SCENARIOS).find(([name]) => noticedBy.test(name)) ?? [];
      const counts: (() => number)[] = [];
      const world = await feedWorld(database, (sql) => {
        const { client, mutated } = mutantOf(mutant, sql);
        counts.push(mutated);
        return client;
      });
      const end = await (scenario ?? expect.unreachable())(world).then(
        () => "passed",
        () => "noticed",
      );
      expect(end).toBe("noticed");
      expect(counts.reduce((sum, mutated) => sum + mutated(), 0)).toBeGreaterThan(0);
    });
  });
});

/** Copies the rows of a schema as a dump does: in one snapshot, without what belongs to the server. */
async function copyTables(from: pg.Pool, to: pg.Pool, schema: string): Promise<void> {
  const [source, target] = [await from.connect(), await to.connect()];
  await source.query("begin isolation level repeatable read");
  await target.query("set session_replication_role = replica");
  const { rows } = await source.query(
    `select table_name as name, string_agg(quote_ident(column_name), ', ') as columns
       from information_schema.columns
      where table_schema = $1 and table_name <> 'migrations' and is_generated = 'NEVER'
      group by table_name`,
    [schema],
  );
  for (const { name, columns } of rows) {
    const content = await source.query(`select json_agg(t)::text as content from ${schema}.${name} t`);
    await target.query(`delete from ${schema}.${name}`);
    await target.query(
      `insert into ${schema}.${name} (${columns}) select ${columns} from json_populate_recordset(null::${schema}.${name}, $1)`,
      [content.rows[0].content ?? "[]"],
    );
  }
  await source.query("commit");
  source.release();
  target.release(true);
}
