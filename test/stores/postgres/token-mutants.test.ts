import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../../../src/stores/postgres/index.js";
import { tokenCases } from "../../../src/testing/store-contract/token-cases.js";
import { firstFailure, type Mutant, mutantOf } from "../support/first-failure.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

const MUTANTS: readonly Mutant[] = [
  {
    without: "the judgement of the token of an approval",
    part: /and \(select expires_at from usable\) > clock_timestamp\(\)\n/,
    instead: "\n",
  },
  {
    without: "the judgement of the token of any other change",
    part: /and \(\$29::text <> 'use' or [^\n]*\n/,
    instead: "\n",
  },
  { without: "whether a token is used", part: /where t\.used_at is null and /, instead: "where " },
  { without: "whether a token is revoked", part: /and t\.revoked_at is null and t\.verb/, instead: "and t.verb" },
  { without: "the verb of an approval", part: /and t\.verb = \$24/, instead: "" },
  { without: "the verb of any other change", part: /and t\.verb = \$31/, instead: "" },
  {
    without: "the end of a token",
    part: /(t\.expires_at|\(select expires_at from usable\)) > clock_timestamp\(\)/g,
    instead: "exists (select from token)",
  },
  { without: "the execution of a token", part: /and t\.execution_id = \$1\s+for update/, instead: "for update" },
  { without: "the use of a token", part: /set used_at = moved\.updated_at/, instead: "set used_at = null" },
  { without: "the revocation", part: /set revoked_at = moved\.updated_at/, instead: "set revoked_at = null" },
  {
    without: "the removal of tokens",
    part: /delete from (\S+)\.decision_tokens t using doomed d where/,
    instead: "delete from $1.decision_tokens t using doomed d where false and",
  },
];

describe("decision tokens in PostgreSQL", () => {
  let database: TestDatabase;
  const schema = randomSchema();
  beforeAll(async () => {
    database = await startDatabase();
    await migrate(database.pool, { schema });
  });
  afterAll(async () => {
    await database.pool.query(`drop schema ${schema} cascade`);
    await database.close();
  });

  test("pass every case as they are", async () => {
    expect(await firstFailure(tokenCases, database.pool, schema)).toBeUndefined();
  });

  test.each(MUTANTS)("are noticed to be broken without $without", async (mutant) => {
    const { client, mutated } = mutantOf(mutant, database.pool);
    expect(await firstFailure(tokenCases, client, schema)).toBeDefined();
    expect(mutated()).toBeGreaterThan(0);
  });
});
