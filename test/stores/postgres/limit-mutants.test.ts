import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import type { ContractCase } from "../../../src/testing/store-contract/contract-case.js";
import { holdCases } from "../../../src/testing/store-contract/hold-cases.js";
import { limitCases } from "../../../src/testing/store-contract/limit-cases.js";
import { newInput } from "../../../src/testing/store-contract/samples.js";
import { firstFailure, type Mutant, mutantOf } from "../support/first-failure.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { startDatabase, type TestDatabase } from "../support/test-database.js";

const MUTANTS: readonly Mutant[] = [
  { without: "the judgement of limits", part: /and not exists \(select from exceeded\)/, instead: "" },
  { without: "the judgement of prices", part: /and not exists \(select from uncounted\)/, instead: "" },
  { without: "the judgement of definitions", part: /and not exists \(select from undefined\)/, instead: "" },
  { without: "what is used", part: /c\.used \+ c\.held \+ s\.amount <=/, instead: "c.held + s.amount <=" },
  { without: "what is held", part: /c\.used \+ c\.held \+ s\.amount <=/, instead: "c.used + s.amount <=" },
  { without: "the lock of counters", part: /order by c\.count_key, c\.period\s+for update/, instead: "" },
  {
    without: "the look whether another approval was faster",
    part: /and \(select version from owned\) = \(select version from asked\)/,
    instead: "",
  },
  { without: "the count of what is held", part: /set held = c\.held \+ s\.amount/, instead: "set held = c.held" },
  { without: "the count of what is settled", part: /held = c\.held \+ excluded\.held,/, instead: "held = c.held," },
  { without: "the hold of the line", part: /set hold = h\.hold/, instead: "set hold = null" },
  { without: "the release at an end", part: /l\.hold is not null and l\.state = 'planned'/, instead: "false" },
  { without: "the tolerance", part: /\(100 \+ coalesce\([^)]*\)::numeric, 1\)\)/, instead: "(100)" },
  { without: "the record of overruns", part: /jsonb_build_object\('overruns', overruns\)/, instead: "'{}'::jsonb" },
];

const CASES: readonly ContractCase[] = [...limitCases, ...holdCases];

describe("spending limits in PostgreSQL", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase();
  });
  afterAll(() => database.close());

  test.each(MUTANTS)("are noticed to be broken without $without", async (one) => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const { client, mutated } = mutantOf(one, database.pool);
    expect(await firstFailure(CASES, client, schema)).toBeDefined();
    expect(mutated()).toBeGreaterThan(0);
  });

  test("nothing is approved if the row of the limits is lost", async () => {
    const schema = schemaForTest(database.pool);
    await migrate(database.pool, { schema });
    const store = postgresStore(database.pool, { schema });
    const { execution } = newInput({ status: "pending" });
    await store.create({ execution, event: { kind: "submitted", actor: "ann" } });
    await database.pool.query(`delete from ${schema}.guards where key = 'limits'`);
    const event = { kind: "approved", actor: "bob" } as const;
    const change = { executionId: execution.id, guard: {}, status: "approved", approvedBy: "bob", event } as const;
    expect(await store.commit(change)).toEqual({ kind: "refused", because: "guard" });
    await expect(store.limits()).rejects.toThrow(/row of the limits is missing/);
  });
});
