import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, postgresStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import type { ContractCase } from "../../../src/testing/store-contract/contract-case.js";
import { freezeCases } from "../../../src/testing/store-contract/freeze-cases.js";
import { guardCases } from "../../../src/testing/store-contract/guard-cases.js";
import { holdCases } from "../../../src/testing/store-contract/hold-cases.js";
import { limitCases } from "../../../src/testing/store-contract/limit-cases.js";
import { needCases } from "../../../src/testing/store-contract/need-cases.js";
import { planCases } from "../../../src/testing/store-contract/plan-cases.js";
import { newInput, submitting } from "../../../src/testing/store-contract/samples.js";
import { changeOf } from "../../../src/testing/store-contract/steps.js";
import { type Arena, approvalRaces } from "../support/approval-races.js";
import { schemaForTest } from "../support/schema-for-test.js";
import { randomSchema, startDatabase, type TestDatabase } from "../support/test-database.js";

/** A part of the statements, and what stands in its place. */
interface Mutant {
  readonly without: string;
  /** The case of the contract, or the race, that must fail. */
  readonly noticedBy: string;
  readonly part: RegExp;
  readonly instead: string;
}

const STEP = "a step of a plan is approved once while its execution is open, and for ever once it has bought anything";

const STEPS = "steps come one after the other, do not go back, and are skipped only with a reason";

const COVERED = "an approval is refused while another lineage is approved for the same need";

const SECOND_NEED =
  "of two approvals that share one need that somebody has taken before, the second is refused after the first is committed";

const SECOND_STEP =
  "of two approvals that share the second step of a plan, the second is refused after the first is committed";

const LEFT = "what is used and what is held leave the rest for others";

const HIGHEST = "an approval holds the highest price of its planned lines, now or for a later time";

const GUARD_FIRST = "a refused guard comes before a covered need, and an approval that is moved on keeps its need";

const FIRST_STEP =
  "of two approvals that share the first step of a plan, the second is refused after the first is committed";

const THEMSELVES =
  "of two approvals that share themselves, because they are one, the second is refused after the first is committed";

const APPROVALS: readonly Mutant[] = [
  {
    without: "the judgement of needs",
    noticedBy: COVERED,
    part: /and not exists \(select from covered\)/,
    instead: "",
  },
  {
    without: "approvals from notified",
    noticedBy: COVERED,
    part: /e\.status in \('pending', 'notified'\) as is_approval/,
    instead: "e.status in ('pending') as is_approval",
  },
  { without: "the judgement of steps", noticedBy: STEP, part: /and not exists \(select from planned\)/, instead: "" },
  {
    without: "the lock of needs and plans",
    noticedBy: SECOND_NEED,
    part: /order by g\.key\s+for update/,
    instead: "order by g.key",
  },
  {
    without: "the rows that are locked",
    noticedBy:
      "of two approvals that share one need that nobody has taken before, the second is refused after the first is committed",
    part: /and \(select is_ready from ready\)\s+and not exists \(select from covered\)/,
    instead: "and not exists (select from covered)",
  },
  {
    without: "the row of a plan",
    noticedBy: FIRST_STEP,
    part: /union\s+select 'plan ' \|\| plan_id from asked where/,
    instead: "$& false and",
  },
  {
    without: "who took a need lately",
    noticedBy: SECOND_NEED,
    part: /select w\.line_index, r\.execution_id, 'approved', null\s+from wanted w/,
    instead: "$& join (select where false) as nothing on true",
  },
  {
    without: "who took a step lately",
    noticedBy: SECOND_STEP,
    part: /select r\.execution_id, r\.plan_step\s+from asked a/,
    instead: "$& join (select where false) as nothing on true",
  },
  {
    without: "the record of who took a need",
    noticedBy: SECOND_NEED,
    part: /from locked, moved, asked\s+where g\.key = locked\.key/,
    instead: "$& and false",
  },
  {
    without: "needs of open executions",
    noticedBy: COVERED,
    part: /when 'planned' then o\.status in \([^)]*\)/,
    instead: "when 'planned' then false",
  },
  ...["scheduled", "approved"].map((status) => ({
    without: `needs of executions that are ${status}`,
    noticedBy: `an approval is refused while another lineage is ${status} for the same need`,
    part: new RegExp(`when 'planned' then o\\.status in \\(([^)]*)'${status}'`),
    instead: "when 'planned' then o.status in ($1'-'",
  })),
  {
    without: "needs of lines that are submitting",
    noticedBy: "a line that is submitting covers its need, whatever the status of its execution",
    part: /l\.state in \('planned', 'submitting', 'in_doubt'\)/,
    instead: "l.state in ('planned', 'in_doubt')",
  },
  {
    without: "needs of lines in doubt",
    noticedBy: "a line that is in_doubt covers its need, whatever the status of its execution",
    part: /l\.state in \('planned', 'submitting', 'in_doubt'\)/,
    instead: "l.state in ('planned', 'submitting')",
  },
  {
    without: "needs that were bought lately",
    noticedBy: "a purchase covers its need for the window of the line that asks, and says until when",
    part: /when 'committed' then coalesce\(l\.submitted_at, l\.changed_at\) >/,
    instead: "when 'committed' then false and statement_timestamp() >",
  },
  {
    without: "the reason to overlap",
    noticedBy: "a line that allows overlap is approved all the same, and covers its need for others",
    part: /where w\.is_exclusive and o\.lineage_key/,
    instead: "where o.lineage_key",
  },
  {
    without: "lineages",
    noticedBy: "the executions of a lineage do not cover each other's needs",
    part: /o\.lineage_key <> w\.lineage_key/,
    instead: "o.id <> $1",
  },
  {
    without: "lineages of plans",
    noticedBy: "a retry keeps the step of its lineage",
    part: /and o\.lineage_key <> a\.lineage_key/g,
    instead: "and o.id <> $1",
  },
  {
    without: "open steps",
    noticedBy: STEP,
    part: /o\.status in \('scheduled', 'approved', 'running', 'in_doubt'\) or exists/g,
    instead: "exists",
  },
  {
    without: "bought steps",
    noticedBy: STEP,
    part: /l\.state in \('submitting', 'in_doubt', 'committed'\)/g,
    instead: "false",
  },
  ...["taken", "back", "skipped"].map((why) => ({
    without: `steps that are ${why}`,
    noticedBy: why === "taken" ? STEP : STEPS,
    part: new RegExp(
      `'${why}'( as why)?, ([sl]\\.execution_id, [sl]\\.plan_step from (?:steps s|latest l), asked a\\s+where)`,
    ),
    instead: `'${why}'$1, $2 false and`,
  })),
  { without: "the reason to skip steps", noticedBy: STEPS, part: /and a\.plan_skip is null/, instead: "" },
  {
    without: "the look whether the execution has moved",
    noticedBy: THEMSELVES,
    part: /and e\.version = \(select version from asked\)/,
    instead: "",
  },
  {
    without: "a second look at the expiry",
    noticedBy: "an approval that has waited until its execution expired is refused",
    part: /and e\.version = \(select version from asked\)\s+and \(not \$13[^\n]*/,
    instead: "and e.version = (select version from asked)",
  },
  {
    without: "any look at the expiry",
    noticedBy: "commit guards that an execution has not expired, by the store's clock",
    part: /and \(not \$13::boolean [^\n]*/g,
    instead: "",
  },
  {
    without: "the status that is expected",
    noticedBy: GUARD_FIRST,
    part: /and \(\$2::text\[\] is null or e\.status = any \(\$2\)\)/,
    instead: "",
  },
  {
    without: "the version that is expected",
    noticedBy: GUARD_FIRST,
    part: /and \(\$3::bigint is null or e\.version = \$3\)/,
    instead: "",
  },
  {
    without: "the way of approvals",
    noticedBy: "an approval to a later time is refused as one to now, and a change of more than the status is none",
    part: /and not \(e\.status in \('pending', 'notified'\) and [^\n]*/,
    instead: "",
  },
];

const FREEZES: readonly Mutant[] = [
  {
    without: "the judgement of freezes",
    noticedBy: "a write-ahead in a frozen scope is refused until the freeze is lifted",
    part: /and not exists \(select from frozen\)/,
    instead: "",
  },
  {
    without: "the lock of freezes",
    noticedBy: "a freeze does not wait for a write-ahead that waits for its execution, and holds against it",
    part: /(key = 'freezes' and \(select count\(\*\) from owned\) >= 0)\s+for share/,
    instead: "$1",
  },
  ...["cloud", "service", "account"].map((part) => ({
    without: `the ${part} of freezes`,
    noticedBy: "a freeze covers what all parts of its scope match, and nothing else",
    part: new RegExp(`and coalesce\\(f\\.scope ->> '${part}', l\\.${part}\\) = l\\.${part}`),
    instead: "",
  })),
  {
    without: "the lines that are sent",
    noticedBy: "a freeze stops the write-ahead of its lines only, and nothing but write-ahead calls",
    part: /and l\.line_index = any \(\$16\)\s+and coalesce/,
    instead: "and coalesce",
  },
];

const LIMITS: readonly Mutant[] = [
  {
    without: "the judgement of limits",
    noticedBy:
      "an approval that a limit does not allow is refused and changes nothing, and what is left can be used up",
    part: /and not exists \(select from exceeded\)/,
    instead: "",
  },
  {
    without: "the lock of the limits",
    noticedBy: "limits are changed while an approval waits for a counter, and the approval is judged by them",
    part: /(\(select count\(\*\) from counters\) >= 0) for share/,
    instead: "$1",
  },
  {
    without: "the look whether the limits have changed",
    noticedBy: "limits are changed while an approval waits for a counter, and the approval is judged by them",
    part: /where l\.content = seen\.content/,
    instead: "",
  },
  {
    without: "the judgement of prices",
    noticedBy: "an approval is refused if the price of a line is missing, and a limit counts the line",
    part: /and not exists \(select from uncounted\)/,
    instead: "",
  },
  {
    without: "the judgement of definitions",
    noticedBy: "an approval that knows other limits than those stored is refused",
    part: /and not exists \(select from undefined\)/,
    instead: "",
  },
  {
    without: "what is used",
    noticedBy: LEFT,
    part: /c\.used \+ c\.held \+ s\.amount <=/,
    instead: "c.held + s.amount <=",
  },
  {
    without: "what is held",
    noticedBy: LEFT,
    part: /c\.used \+ c\.held \+ s\.amount <=/,
    instead: "c.used + s.amount <=",
  },
  {
    without: "the lock of counters",
    noticedBy:
      "of two approvals that share what is left of a limit, the second is refused after the first is committed",
    part: /order by c\.count_key, c\.period\s+for update/,
    instead: "",
  },
  {
    without: "the look whether another approval was faster",
    noticedBy: THEMSELVES,
    part: /and \(select version from owned\) = \(select version from asked\)/,
    instead: "",
  },
  {
    without: "the count of what is held",
    noticedBy: HIGHEST,
    part: /set held = c\.held \+ s\.amount/,
    instead: "set held = c.held",
  },
  {
    without: "the count of what is settled",
    noticedBy: LEFT,
    part: /c\.held \+ m\.held,/,
    instead: "c.held,",
  },
  { without: "the hold of the line", noticedBy: LEFT, part: /set hold = h\.hold/, instead: "set hold = null" },
  {
    without: "the release at an end",
    noticedBy: "planned lines of an execution that goes to failed release what they held, once",
    part: /l\.hold is not null and l\.state = 'planned'/,
    instead: "false",
  },
  {
    without: "the tolerance",
    noticedBy: HIGHEST,
    part: /\(100 \+ coalesce\([^)]*\)::numeric, 1\)\)/,
    instead: "(100)",
  },
  {
    without: "the record of overruns",
    noticedBy: "a charge above its hold counts, and its event says so",
    part: /jsonb_build_object\('overruns', overruns\)/,
    instead: "'{}'::jsonb",
  },
];

const KINDS = { approvals: APPROVALS, freezes: FREEZES, "spending limits": LIMITS };

const CASES: readonly ContractCase[] = [
  ...needCases,
  ...planCases,
  ...guardCases,
  ...freezeCases,
  ...limitCases,
  ...holdCases,
];

describe("the guards of PostgreSQL", () => {
  const schema = randomSchema();
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase();
    await migrate(database.pool, { schema });
  });
  afterAll(() => database.close());

  const arenaOf = ({ part, instead }: Pick<Mutant, "part" | "instead">) => {
    const seen = { mutated: 0 };
    const mutating = (client: SqlClient): SqlClient => ({
      query({ text, values }) {
        const mutant = text.replace(part, instead);
        if (mutant !== text) seen.mutated += 1;
        return client.query({ text: mutant, values: [...values] });
      },
    });
    const arena: Arena = {
      pool: database.pool,
      schema,
      over: (client) => postgresStore(mutating(client), { schema }),
    };
    return { arena, seen };
  };

  test.each(approvalRaces)("keep the order of locks: $name", async ({ run }) => {
    await run({ pool: database.pool, schema, over: (client) => postgresStore(client, { schema }) });
  });

  for (const [kind, mutants] of Object.entries(KINDS))
    test.each(mutants)(`of ${kind} are noticed to be broken without $without`, async (mutant) => {
      const { arena, seen } = arenaOf(mutant);
      expect(await isNoticed(arena, mutant.noticedBy)).toBe(true);
      expect(seen.mutated).toBeGreaterThan(0);
    });

  test("approve nothing if the row of the limits is lost", async () => {
    const own = schemaForTest(database.pool);
    await migrate(database.pool, { schema: own });
    const store = postgresStore(database.pool, { schema: own });
    const { execution } = newInput({ status: "pending" });
    await store.create({ execution, event: { kind: "submitted", actor: "ann" } });
    await database.pool.query(`delete from ${own}.guards where key = 'limits'`);
    const event = { kind: "approved", actor: "bob" } as const;
    const change = { executionId: execution.id, guard: {}, status: "approved", approvedBy: "bob", event } as const;
    expect(await store.commit(change)).toEqual({ kind: "refused", because: "guard" });
    await expect(store.limits()).rejects.toThrow(/row of the limits is missing/);
  });

  test("send nothing if the row of the freezes is lost", async () => {
    const own = schemaForTest(database.pool);
    await migrate(database.pool, { schema: own });
    const store = postgresStore(database.pool, { schema: own });
    const input = newInput();
    await store.create(input);
    await database.pool.query(`delete from ${own}.guards where key = 'freezes'`);
    const lines = [{ index: 0, progress: submitting(), stampSubmission: true as const }];
    expect(await store.commit(changeOf(input.execution, { guard: { version: 1 }, lines }))).toEqual({
      kind: "refused",
      because: "guard",
    });
  });
});

/** Whether the race or the case of this name fails. */
async function isNoticed(arena: Arena, name: string): Promise<boolean> {
  const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const store = arena.over(arena.pool);
  const race = approvalRaces.find((one) => one.name === name);
  const run = race ? race.run(arena) : CASES.find((one) => one.name === name)?.run({ store, pass });
  if (run === undefined) throw new Error(`there is no case "${name}"`);
  return run.then(
    () => false,
    () => true,
  );
}
