import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  fromPglite,
  migrate,
  postgresStore,
  type SchemaDifference,
  type SqlClient,
  verifySchema,
} from "../../../src/stores/postgres/index.js";
import { LOST_CONTENT } from "../../../src/stores/postgres/schema/drift/lost-content.js";
import { readObjects } from "../../../src/stores/postgres/schema/drift/read-objects.js";
import { applyMigrations } from "../../../src/stores/postgres/schema/migrations/apply-migrations.js";
import { CURRENT_VERSION } from "../../../src/stores/postgres/schema/schema-version.js";
import { formatObjects } from "../../../src/stores/schema/schema-object.js";
import { newInput, sampleLine, submitting, unique } from "../../../src/testing/store-contract/samples.js";
import { created, lineChange, moved } from "../../../src/testing/store-contract/steps.js";
import { storeContract } from "../../../src/testing/store-contract.js";
import { onEachServer } from "../support/on-each-server.js";
import { roleForTest } from "../support/role-for-test.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { oneCaseOf } from "../support/some-cases.js";
import { randomSchema } from "../support/test-database.js";

/** The source of expected-objects.ts. */
const expectedObjects = (objects: string): string => `/**
 * Everything that the migrations make, one object a line, in the format of \`formatObjects\`.
 *
 * test/stores/postgres/verify-schema.test.ts writes it (\`vitest -u\`), and compares it with the objects that the
 * migrations make on every supported server. It is kept here, because to find it out at run time would take a second
 * schema, and a production role need not have the right to create one.
 */
export const SCHEMA_OBJECTS = \`
${objects}\`;
`;

/** Damage that `migrate` repairs: the statement, and what the report says of it first. */
const REPAIRED: readonly (readonly [what: string, damage: string, Partial<SchemaDifference>])[] = [
  ["an index is missing", "drop index executions_due", { object: "index", name: "executions_due" }],
  ["a unique index is missing", "drop index lines_lane", { object: "index", name: "lines_lane" }],
  [
    "a unique constraint is missing",
    "alter table request_keys drop constraint request_keys_pkey",
    { object: "constraint", name: "request_keys_pkey" },
  ],
  [
    "a check is missing",
    "alter table lines drop constraint lines_state",
    { object: "constraint", name: "lines_state", expected: expect.stringMatching(/^CHECK .*'planned'/) },
  ],
  [
    "a foreign key was never validated",
    `alter table commitments drop constraint if exists commitments_line;
     alter table commitments add constraint commitments_line foreign key (execution_id, line_index) references lines not valid`,
    { difference: "different", object: "constraint", found: expect.stringMatching(/ NOT VALID$/) },
  ],
  [
    "a primary key is missing, and the foreign key with it",
    "alter table lines drop constraint lines_pkey cascade",
    { object: "constraint", name: "lines_pkey" },
  ],
  [
    "an index is invalid",
    "update pg_index set indisvalid = false where indexrelid = 'executions_stuck'::regclass",
    { difference: "different", object: "index", found: expect.stringMatching(/ \(invalid\)$/) },
  ],
  [
    "the index of a constraint is invalid",
    "update pg_index set indisvalid = false where indexrelid = 'commitments_claim'::regclass",
    { difference: "different", object: "constraint", name: "commitments_claim" },
  ],
  [
    "a generated column is missing, and its index with it",
    "alter table lines drop column lane",
    { object: "column", name: "lane", expected: expect.stringContaining("generated always as") },
  ],
  [
    "a column that only describes is missing",
    "alter table lines drop column last_error",
    { object: "column", name: "last_error", expected: "jsonb" },
  ],
  [
    "a column takes nulls",
    "alter table lines alter column needs_label drop not null",
    { difference: "different", object: "column", expected: "boolean not null", found: "boolean" },
  ],
  [
    "the column of a later migration is missing",
    "alter table migrations drop column compatible_from",
    { object: "column", table: "migrations", name: "compatible_from" },
  ],
];

/** Damage that is left to a person, what the advice says, and the statement by which the person puts it right. */
const REFUSED: readonly (readonly [what: string, damage: string, advice: RegExp, remedy: string])[] = [
  [
    "two rows share a request key",
    "alter table request_keys drop constraint request_keys_pkey; update request_keys set request_key = 'same'",
    /^2 row\(s\) share a key that must be unique: \[\{"ctid":"\(0,\d+\)"\},\{"ctid":/,
    "update request_keys set request_key = execution_id",
  ],
  [
    "two lines hold one lane, and the index was built in vain",
    `drop index lines_lane; update lines set state = 'submitting', prepared = '{"lane": "l"}'`,
    /^2 row\(s\) share .*\{"execution_id":"first","line_index":0\}/,
    "update lines set state = 'in_doubt', prepared = null where execution_id = 'first'",
  ],
  [
    "a row breaks a missing check",
    "alter table lines drop constraint lines_attempt; update lines set attempt = -1 where execution_id = 'second'",
    /^1 row\(s\) break the check: \[\{"execution_id":"second"/,
    "update lines set attempt = 0",
  ],
  [
    "rows refer to rows that are gone",
    "alter table executions drop constraint executions_retry_of_fkey; update executions set retry_of = 'gone' where id = 'first'",
    /^1 row\(s\) refer to rows of executions that do not exist: \[\{"id":"first"\}\]/,
    "update executions set retry_of = null",
  ],
  [
    "a column that takes nulls has some",
    "alter table executions alter column created_by drop not null; update executions set created_by = null where id = 'first'",
    /^1 row\(s\) have no value in it: \[\{"id":"first"\}\]/,
    "update executions set created_by = 'alice'",
  ],
  [
    "a column with values is missing",
    "alter table executions drop column content_fingerprint",
    /^2 row\(s\) may have held something/,
    "alter table executions add column content_fingerprint text not null default 'f'; alter table executions alter column content_fingerprint drop default",
  ],
  [
    "a column whose null would allow a purchase is missing",
    "update lines set attempt = 1 where execution_id = 'first'; alter table lines drop column submitted_at",
    /^1 row\(s\) may have held something .*\{"execution_id":"first"/,
    "alter table lines add column submitted_at timestamptz(3)",
  ],
  [
    "the key that a missing foreign key refers to is missing",
    "alter table executions drop column id cascade",
    /^2 row\(s\) may have held something .*"ctid"/,
    `alter table executions add column id text collate "C";
     update executions e set id = named.id
       from (select ctid, (array['first', 'second'])[row_number() over ()] as id from executions) named
      where named.ctid = e.ctid;
     alter table executions alter column id set not null`,
  ],
  [
    "what a generated column is made of is missing",
    "update lines set attempt = 1; alter table lines drop column prepared cascade",
    /^Bring back the column prepared first\.$/m,
    "alter table lines add column prepared jsonb",
  ],
  [
    "a column has another type",
    "alter table events alter column reason type varchar(10)",
    /^Find out who changed it .* by hand: text\.$/,
    "alter table events alter column reason type text",
  ],
  [
    "a column has another collation",
    `drop index commitments_id; alter table commitments alter column commitment_id type text collate "en-x-icu"`,
    /by hand: text collate "C" not null\.$/,
    'alter table commitments alter column commitment_id type text collate "C"',
  ],
  [
    "an index covers fewer rows than it should",
    "drop index executions_open_lineage; create unique index executions_open_lineage on executions (lineage_key) where status = 'running'",
    /^Drop it \(drop index "test_\w+"\."executions_open_lineage"\) and call migrate/,
    "drop index executions_open_lineage",
  ],
  [
    "a check allows more than it should",
    "alter table executions drop constraint executions_fence; alter table executions add constraint executions_fence check (fence > -10)",
    /^Drop it \(alter table "test_\w+"\."executions" drop constraint "executions_fence"\)/,
    "alter table executions drop constraint executions_fence",
  ],
  [
    "a table would lose its rows in a crash",
    "alter table events set unlogged",
    /by hand: table\.$/,
    "alter table events set logged",
  ],
  [
    "a table may hide rows",
    "alter table executions enable row level security",
    /by hand: table\.$/,
    "alter table executions disable row level security",
  ],
  [
    "a table is missing",
    "alter table events rename to lost",
    /^Restore it from a backup/,
    "alter table lost rename to events",
  ],
];

onEachServer((database, half) => {
  /** A migrated schema with two executions, `first` and `second`, of one line each. */
  async function schemaWithRows(): Promise<string> {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const store = postgresStore(database.pool, { schema });
    for (const id of ["first", "second"]) await created(store, { id });
    return schema;
  }

  async function inSchema(schema: string, statement: string): Promise<void> {
    await database.pool.query(`begin; set local search_path to ${schema}, pg_catalog; ${statement}; commit`);
  }

  const faultsOf = async (schema: string) =>
    (await verifySchema(database.pool, { schema })).differences.filter(({ difference }) => difference !== "unexpected");

  test("the migrations make the objects that are written down", async () => {
    const schema = schemaForTest(database.pool);
    await applyMigrations(database.pool, schema, CURRENT_VERSION.migrations);
    const source = expectedObjects(formatObjects(await readObjects(database.pool, schema)));
    await expect(source).toMatchFileSnapshot("../../../src/stores/postgres/schema/drift/expected-objects.ts");
  });

  test("a migrated schema is sound, also to a role that only reads and to any session settings", async () => {
    const schema = await schemaWithRows();
    const role = await roleForTest(database, "quote_all_identifiers = on", `search_path = ${schema}`);
    await database.pool.query(
      `grant usage on schema ${schema} to ${role.name}; grant select on all tables in schema ${schema} to ${role.name}`,
    );
    const migrations = CURRENT_VERSION.migrations.map(({ number, name }) => ({ number, name, state: "applied" }));
    expect(await verifySchema(role.pool, { schema })).toEqual({ schema, sound: true, migrations, differences: [] });
    await migrate(role.pool, { schema });
  });

  test("every nullable column either is known to have lost something with its content, or only describes", async () => {
    const schema = await schemaWithRows();
    const nullable = CURRENT_VERSION.objects
      .filter(({ kind, definition }) => kind === "column" && !/ not null$| generated always as /.test(definition))
      .map(({ table, name }) => `${table}.${name}`);
    expect(nullable.filter((name) => LOST_CONTENT[name] === undefined)).toEqual([
      "collections.expires_at",
      "collections.last_collected_at",
      "collections.last_finished_at",
      "collections.owner",
      "collections.started_at",
      "events.data",
      "events.line_index",
      "events.position",
      "events.reason",
      "executions.approved_by",
      "executions.plan_id",
      "executions.plan_skip",
      "executions.plan_step",
      "executions.reason",
      "executions.source",
      "freezes.lift_reason",
      "lines.last_error",
      "lines.price_drift",
      "migrations.compatible_from",
      "recommendation_sources.error",
      "recommendation_sources.succeeded_at",
    ]);
    for (const [column, rows] of Object.entries(LOST_CONTENT)) {
      expect(nullable).toContain(column);
      await inSchema(schema, `select from ${column.split(".")[0]} where ${rows}`);
    }
  });

  for (const [what, damage, fault] of half(REPAIRED))
    test(`migrate repairs a schema where ${what}`, async () => {
      const schema = await schemaWithRows();
      await inSchema(schema, damage);
      const [first] = await faultsOf(schema);
      expect(first).toMatchObject({ difference: "missing", repair: "migrate", ...fault });
      await Promise.all([migrate(database.pool, { schema }), migrate(database.pool, { schema })]);
      expect(await verifySchema(database.pool, { schema })).toMatchObject({ sound: true, differences: [] });
    });

  for (const [what, damage, advice, remedy] of half(REFUSED))
    test(`migrate leaves it to a person where ${what}`, async () => {
      const schema = await schemaWithRows();
      await inSchema(schema, damage);
      const faults = await faultsOf(schema);
      const byHand = faults.filter(({ repair }) => repair === "by hand");
      expect(byHand.map((fault) => fault.advice)).toContainEqual(expect.stringMatching(advice));
      const broken = formatObjects(await readObjects(database.pool, schema));
      await expect(migrate(database.pool, { schema })).rejects.toMatchObject({
        code: "INVALID_SCHEMA",
        message: expect.stringContaining(byHand[0]?.advice ?? "no advice"),
      });
      if (byHand.length === faults.length) expect(formatObjects(await readObjects(database.pool, schema))).toBe(broken);
      await inSchema(schema, remedy);
      await migrate(database.pool, { schema });
      expect(await verifySchema(database.pool, { schema })).toMatchObject({ sound: true, differences: [] });
    });

  test("a lost column is left to a person where the one that tells whose values it held is lost too", async () => {
    const schema = await schemaWithRows();
    await inSchema(schema, "alter table lines drop column attempt, drop column submitted_at");
    const all = { repair: "by hand", against: { total: 2 } };
    expect(await faultsOf(schema)).toMatchObject([
      { name: "attempt", ...all },
      { name: "submitted_at", ...all },
      { name: "lines_attempt", advice: "Bring back the column attempt first." },
      { name: "lines_in_doubt", advice: "Bring back the column submitted_at first." },
    ]);
    await expect(migrate(database.pool, { schema })).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
    await inSchema(schema, "delete from events; delete from lines; delete from executions");
    await migrate(database.pool, { schema });
    expect(await verifySchema(database.pool, { schema })).toMatchObject({ sound: true, differences: [] });
  });

  test("an index that was built in vain over duplicates is rebuilt when they are gone", async () => {
    const schema = await schemaWithRows();
    await inSchema(schema, `drop index lines_lane; update lines set state = 'in_doubt', prepared = '{"lane": "l"}'`);
    const build = `create unique index concurrently lines_lane on ${schema}.lines (lane)
      where state in ('submitting', 'in_doubt') and lane is not null`;
    await expect(database.pool.query(build)).rejects.toMatchObject({ code: "23505" });
    const [fault] = await faultsOf(schema);
    expect(fault).toMatchObject({ difference: "different", repair: "by hand", against: { total: 2 } });
    await expect(migrate(database.pool, { schema })).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
    await inSchema(schema, "update lines set prepared = null where execution_id = 'first'");
    await migrate(database.pool, { schema });
    expect(await verifySchema(database.pool, { schema })).toMatchObject({ sound: true, differences: [] });
  });

  test("no report gives a lineage key away, whatever it names", async () => {
    const schema = await schemaWithRows();
    await inSchema(schema, "drop index executions_open_lineage; update executions set lineage_key = 'secret'");
    const error = await migrate(database.pool, { schema }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining('[{"id":"first"},{"id":"second"}]') });
    expect(JSON.stringify([error, String(error)])).not.toContain("secret");
  });

  test("repairs what it can and names what it cannot", async () => {
    const schema = await schemaWithRows();
    await inSchema(schema, "drop index executions_due; alter table events alter column reason type varchar(10)");
    await expect(migrate(database.pool, { schema })).rejects.toMatchObject({
      message: expect.not.stringContaining("executions_due"),
      details: { differences: [{ name: "reason", expected: "text", found: "character varying(10)" }] },
    });
    expect((await faultsOf(schema)).map(({ name }) => name)).toEqual(["reason"]);
  });

  test("what nobody expects is reported and left alone", async () => {
    const schema = await schemaWithRows();
    await inSchema(
      schema,
      `create table mine (id integer primary key); create view ours as select id from executions;
       alter table executions add column ticket text; create index executions_ticket on executions (ticket);
       create trigger quiet before update on lines for each row execute function suppress_redundant_updates_trigger()`,
    );
    const before = await verifySchema(database.pool, { schema });
    expect(before.sound).toBe(true);
    expect(
      before.differences.map(({ difference, object, name, repair }) => [difference, object, name, repair]),
    ).toEqual([
      ["unexpected", "column", "ticket", "none"],
      ["unexpected", "index", "executions_ticket", "none"],
      ["unexpected", "trigger", "quiet", "none"],
      ["unexpected", "column", "id", "none"],
      ["unexpected", "constraint", "mine_pkey", "none"],
      ["unexpected", "table", "mine", "none"],
      ["unexpected", "table", "ours", "none"],
    ]);
    await migrate(database.pool, { schema });
    expect(await verifySchema(database.pool, { schema })).toEqual(before);
    await expect(postgresStore(database.pool, { schema }).create(newInput())).resolves.toMatchObject({
      kind: "created",
    });
  });

  test("a schema that does not exist is reported as missing, migration by migration and table by table", async () => {
    const report = await verifySchema(database.pool, { schema: randomSchema() });
    expect(report.sound).toBe(false);
    expect(report.migrations.map(({ state }) => state)).toEqual(CURRENT_VERSION.migrations.map(() => "missing"));
    expect(report.differences.map(({ object, repair }) => `${object} ${repair}`)).toEqual(
      CURRENT_VERSION.objects.filter(({ kind }) => kind === "table").map(() => "table migrate"),
    );
  });

  const UNIQUE_INDICES = CURRENT_VERSION.objects.filter(({ definition }) =>
    /^(CREATE )?UNIQUE|^PRIMARY/.test(definition),
  );
  test("there are unique indices to take away", () => expect(UNIQUE_INDICES).toHaveLength(21));
  for (const { kind, table, name } of half(UNIQUE_INDICES))
    test(`a store refuses to work without ${name}, and works again after migrate`, async () => {
      const schema = await schemaWithRows();
      await inSchema(
        schema,
        kind === "index" ? `drop index ${name}` : `alter table ${table} drop constraint ${name} cascade`,
      );
      let statements = 0;
      const counting: SqlClient = {
        query(statement) {
          statements += 1;
          return database.pool.query(statement);
        },
      };
      const refusal = { code: "INVALID_SCHEMA", message: expect.stringContaining(`lacks the unique index ${name}`) };
      await expect(postgresStore(counting, { schema }).create(newInput())).rejects.toMatchObject(refusal);
      expect(statements).toBe(1);
      await migrate(database.pool, { schema });
      await expect(postgresStore(counting, { schema }).create(newInput())).resolves.toMatchObject({ kind: "created" });
    });

  const WEAKENED = [
    [
      "covers fewer rows",
      "create unique index lines_lane on lines (lane) where state = 'submitting' and lane is not null",
    ],
    [
      "is not unique",
      "create index lines_lane on lines (lane) where state in ('submitting', 'in_doubt') and lane is not null",
    ],
  ] as const;
  for (const [what, statement] of WEAKENED)
    test(`a store refuses a unique index that ${what}`, async () => {
      const schema = await schemaWithRows();
      await inSchema(schema, `drop index lines_lane; ${statement}`);
      await expect(postgresStore(database.pool, { schema }).get("first")).rejects.toMatchObject({
        code: "INVALID_SCHEMA",
        message: expect.stringContaining("lines_lane"),
      });
    });

  test("a store refuses a constraint that is only checked at commit", async () => {
    const schema = await schemaWithRows();
    await inSchema(
      schema,
      `alter table request_keys drop constraint request_keys_pkey;
       alter table request_keys add constraint request_keys_pkey primary key (request_key) deferrable`,
    );
    await expect(postgresStore(database.pool, { schema }).get("first")).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
    });
  });

  describe("after everything that can be repaired was", () => {
    const schema = randomSchema();
    let store: ReturnType<typeof postgresStore>;
    beforeAll(async () => {
      await migrate(database.pool, { schema });
      const before = postgresStore(database.pool, { schema });
      const execution = await created(before, { lines: [sampleLine()] });
      await moved(before, lineChange(execution, submitting(unique("lane"))));
      for (const [, damage] of half(REPAIRED)) await inSchema(schema, damage);
      await migrate(database.pool, { schema });
      store = postgresStore(database.pool, { schema });
    });
    afterAll(() => database.pool.query(`drop schema ${schema} cascade`));
    storeContract({ test: oneCaseOf(3, 1), createStore: async () => ({ store }) });
  });
});

describe("PGlite", () => {
  let pglite: PGlite;
  beforeAll(async () => {
    pglite = await PGlite.create();
  });
  afterAll(() => pglite.close());

  test("is judged by the same catalogue, and repaired", async () => {
    const sql = fromPglite(pglite);
    await migrate(sql);
    expect(await verifySchema(sql)).toMatchObject({ schema: "buyonce", sound: true, differences: [] });
    await pglite.exec("drop index buyonce.lines_lineage; alter table buyonce.lines drop column cloud");
    await expect(postgresStore(sql).get("none")).rejects.toMatchObject({ code: "INVALID_SCHEMA" });
    expect((await verifySchema(sql)).differences.map(({ name }) => name)).toEqual([
      "cloud",
      "lines_in_doubt",
      "lines_lineage",
    ]);
    await migrate(sql);
    expect(await verifySchema(sql)).toMatchObject({ sound: true, differences: [] });
    await expect(postgresStore(sql).get("none")).resolves.toBeUndefined();
  });
});
