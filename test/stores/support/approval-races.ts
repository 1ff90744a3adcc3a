import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Execution } from "../../../src/domain/execution.js";
import type { CommitResult, ExecutionStore, NewExecution } from "../../../src/store-port/execution-store.js";
import type { SqlClient } from "../../../src/stores/postgres/index.js";
import type { ContractCase } from "../../../src/testing/store-contract/contract-case.js";
import {
  approval,
  approved,
  limitOn,
  pricedLine,
  setLimits,
  usd,
  waiting,
} from "../../../src/testing/store-contract/limit-steps.js";
import { sampleLine, submitting, unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf, created } from "../../../src/testing/store-contract/steps.js";

/** Stores over connections of one database. */
export interface Arena {
  readonly pool: pg.Pool;
  readonly schema: string;
  /** The store over a client. */
  over(client: SqlClient): ExecutionStore;
}

interface ApprovalRace extends Pick<ContractCase, "name"> {
  run(arena: Arena): Promise<void>;
}

const EXPIRES_IN_MS = 150;

/** Baskets of which only one may be approved, and the guard that refuses the other one. */
interface Rivalry {
  readonly because: "need" | "plan" | "limit" | "guard";
  meet(store: ExecutionStore): Promise<readonly [Execution, Execution]>;
}

/** Rivalries, by what the baskets share. */
const RIVALRIES: Readonly<Record<string, Rivalry>> = {
  "one need that nobody has taken before": {
    because: "need",
    meet: (store) => rivals(store, { lines: [lineOfNeed(unique("need"))] }),
  },
  "one need that somebody has taken before": {
    because: "need",
    async meet(store) {
      return await rivals(store, { lines: [lineOfNeed(await takenBefore(store))] });
    },
  },
  "the first step of a plan": {
    because: "plan",
    meet: (store) => rivals(store, { plan: { id: unique("plan"), step: 1 } }),
  },
  "the second step of a plan": {
    because: "plan",
    async meet(store) {
      const id = unique("plan");
      await approved(store, unique("account"), ["1"], { plan: { id, step: 1 } });
      return await rivals(store, { plan: { id, step: 2 } });
    },
  },
  "what is left of a limit": {
    because: "limit",
    async meet(store) {
      const account = unique("account");
      await setLimits(store, limitOn(account));
      await approved(store, account, ["10"]);
      return await rivals(store, { lines: [pricedLine(account, "60")] });
    },
  },
  "themselves, because they are one": {
    because: "guard",
    async meet(store) {
      const account = unique("account");
      await setLimits(store, limitOn(account));
      await approved(store, account, ["10"]);
      const execution = await waiting(store, account, ["60"]);
      return [execution, execution];
    },
  },
};

/**
 * Races in an order that locks enforce, so that each has the same end every time. One approval is done in a transaction
 * that is still open, when another one begins.
 */
export const approvalRaces: readonly ApprovalRace[] = [
  ...Object.entries(RIVALRIES).flatMap(([what, { because, meet }]): ApprovalRace[] => [
    {
      name: `of two approvals that share ${what}, the second is refused after the first is committed`,
      async run(arena) {
        const [first, second] = await raced(arena, meet, "commit");
        assert.equal(first.kind, "moved");
        assert.equal(second.kind === "refused" && second.because, because);
      },
    },
    {
      name: `of two approvals that share ${what}, the second wins after the first is rolled back`,
      async run(arena) {
        const [, second] = await raced(arena, meet, "rollback");
        assert.equal(second.kind, "moved");
      },
    },
  ]),
  {
    name: "an approval that has waited until its execution expired is refused",
    async run({ pool, over }) {
      const store = await knowing(over(pool));
      const key = await takenBefore(store);
      const first = await waiting(store, "", [], { lines: [lineOfNeed(key)] });
      const second = await waiting(store, "", [], { lines: [lineOfNeed(key)], expiresInMs: EXPIRES_IN_MS });
      const change = approval(second, { guard: { status: ["pending"], unexpired: true } });
      const result = await whileHeld(pool, "rollback", async (client) => {
        await over(client).commit(approval(first));
        const late = store.commit(change);
        await untilWaiting(pool, late);
        await sleep(EXPIRES_IN_MS);
        return { pending: late };
      });
      assert.deepEqual(result, { kind: "refused", because: "guard" });
    },
  },
  {
    name: "a freeze does not wait for a write-ahead that waits for its execution, and holds against it",
    async run({ pool, schema, over }) {
      const store = over(pool);
      const account = unique("account");
      const execution = await created(store, { lines: [pricedLine(account, "1")] });
      const id = unique("freeze");
      const result = await whileHeld(pool, "rollback", async (client) => {
        await client.query(`select from ${schema}.executions where id = $1 for update`, [execution.id]);
        const lines = [{ index: 0, progress: submitting(), stampSubmission: true as const }];
        const sent = store.commit(changeOf(execution, { guard: { version: 1 }, lines }));
        await untilWaiting(pool, sent);
        const frozen = store.freeze({ id, scope: { account }, frozenBy: "dora", reason: "an audit" });
        await untilWaiting(pool, frozen, 2);
        return { pending: frozen.then(() => sent) };
      });
      await store.unfreeze({ id, liftedBy: "dora", reason: "it is over" });
      assert.equal(result.kind === "refused" && result.because, "frozen");
    },
  },
  {
    name: "limits are changed while an approval waits for a counter, and the approval is judged by them",
    async run({ pool, schema, over }) {
      const store = await knowing(over(pool));
      const account = unique("account");
      const limit = limitOn(account);
      await setLimits(store, limit);
      await approved(store, account, ["10"]);
      const execution = await waiting(store, account, ["60"]);
      const result = await whileHeld(pool, "rollback", async (client) => {
        await client.query(`select from ${schema}.limit_counters where count_key = $1 for update`, [limit.countKey]);
        const late = store.commit(approval(execution));
        await untilWaiting(pool, late);
        const changed = setLimits(store, { ...limit, max: usd("50") });
        await untilWaiting(pool, changed, 2);
        return { pending: changed.then(() => late) };
      });
      assert.equal(result.kind === "refused" && result.because, "limit");
    },
  },
];

const lineOfNeed = (key: string): NewExecution["lines"][number] => ({
  ...sampleLine(),
  need: { key, windowMs: 3_600_000, allowOverlap: null },
});

/** A need that an approval took which is canceled by now. So its row is there. */
async function takenBefore(store: ExecutionStore): Promise<string> {
  const key = unique("need");
  const first = await approved(store, "", [], { lines: [lineOfNeed(key)] });
  await store.commit(changeOf(first, { status: "canceled" }));
  return key;
}

const rivals = async (
  store: ExecutionStore,
  overrides: Partial<NewExecution>,
): Promise<readonly [Execution, Execution]> => [
  await waiting(store, "", [], { lines: [sampleLine()], ...overrides }),
  await waiting(store, "", [], { lines: [sampleLine()], ...overrides }),
];

/** Approves the first in a transaction, begins to approve the second, and ends the transaction. */
async function raced(
  { pool, over }: Arena,
  meet: Rivalry["meet"],
  end: "commit" | "rollback",
): Promise<readonly [CommitResult, CommitResult]> {
  const store = await knowing(over(pool));
  const [first, second] = await meet(store);
  return await whileHeld(pool, end, async (client) => {
    const winner = await (await knowing(over(client))).commit(approval(first));
    const late = store.commit(approval(second));
    await untilWaiting(pool, late);
    return { pending: late.then((result) => [winner, result] as const) };
  });
}

/** A store that has approved before. The first approval finds out whether there are limits, and may look twice. */
async function knowing(store: ExecutionStore): Promise<ExecutionStore> {
  await approved(store, unique("account"), ["1"]);
  return store;
}

/** Acts while a transaction is open. What is pending by then is awaited after its end. */
async function whileHeld<Result>(
  pool: pg.Pool,
  end: "commit" | "rollback",
  act: (client: pg.PoolClient) => Promise<{ readonly pending: Promise<Result> }>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { pending } = await act(client);
    await client.query(end);
    return await pending;
  } finally {
    await client.query("rollback");
    client.release();
  }
}

/** Until so many sessions wait for a lock, or the call is over without a wait. */
async function untilWaiting(pool: pg.Pool, call: Promise<unknown>, sessions = 1): Promise<void> {
  const state = { over: false };
  const end = () => {
    state.over = true;
  };
  call.then(end, end);
  while (!state.over) {
    const { rows } = await pool.query("select count(distinct pid)::int as waits from pg_locks where not granted");
    if (rows[0].waits >= sessions) return;
    await sleep(5);
  }
}
