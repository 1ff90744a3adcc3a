import type { Execution } from "../../domain/execution.js";
import type { FreezeScope } from "../../domain/freeze.js";
import type { ExecutionChange, ExecutionStore, LiftedFreeze } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { sampleLine, sampleRequest, submitting, unique } from "./samples.js";
import { changeOf, created, lineChange, moved, storedAbout } from "./steps.js";

const CLOUD = "custom.contract";

const freeze = (store: ExecutionStore, scope: FreezeScope, id = unique("freeze")) =>
  store.freeze({ id, scope, frozenBy: "dora", reason: "an audit" });

const LIFTING = { liftedBy: "dora", reason: "it is over" };

const lift = (store: ExecutionStore, id: string) => store.unfreeze({ id, ...LIFTING });

/** An execution with one line in an account of its own, because all cases may share a store. */
async function inAccount(store: ExecutionStore, account = unique("account")) {
  const execution = await created(store, { lines: [sampleLine(0, sampleRequest({ account }))] });
  return { account, execution };
}

const writeAhead = (execution: Execution, index = 0): ExecutionChange =>
  changeOf(execution, {
    guard: { version: execution.version },
    lines: [{ index, progress: submitting(), stampSubmission: true }],
  });

async function assertFrozen(store: ExecutionStore, execution: Execution, freezeId: string): Promise<void> {
  const before = await storedAbout(store, execution.id);
  const result = await store.commit(writeAhead(execution));
  if (result.kind !== "refused" || result.because !== "frozen") assert.fail(`not frozen: ${JSON.stringify(result)}`);
  assert.equal(result.freeze.id, freezeId);
  assert.deepEqual(await storedAbout(store, execution.id), before, "a refused write-ahead left a trace");
}

/** Cases about scopes in which nothing is sent. */
export const freezeCases: readonly ContractCase[] = [
  {
    name: "a write-ahead in a frozen scope is refused until the freeze is lifted",
    async run({ store }) {
      const { account, execution } = await inAccount(store);
      const { id, ...frozen } = await freeze(store, { account });
      assert.deepEqual(
        { ...frozen, frozenAt: 0 },
        { scope: { account }, frozenBy: "dora", reason: "an audit", frozenAt: 0 },
      );
      await assertFrozen(store, execution, id);
      assert.equal(await lift(store, id), true);
      await moved(store, writeAhead(execution));
    },
  },
  {
    name: "a freeze covers what all parts of its scope match, and nothing else",
    async run({ store }) {
      const { account, execution } = await inAccount(store);
      for (const scope of [
        { account, cloud: CLOUD },
        { account, service: CLOUD },
        { account, cloud: CLOUD, service: CLOUD },
      ]) {
        const { id } = await freeze(store, scope);
        await assertFrozen(store, execution, id);
        await lift(store, id);
      }
      const others = [{ account, cloud: "aws" }, { account, service: "custom.other" }, { account: `${account}-2` }];
      const ids = await Promise.all(others.map(async (scope) => (await freeze(store, scope)).id));
      await moved(store, writeAhead(execution));
      for (const id of ids) await lift(store, id);
    },
  },
  {
    name: "a freeze stops the write-ahead of its lines only, and nothing but write-ahead calls",
    async run({ store }) {
      const [frozenAccount, account] = [unique("account"), unique("account")];
      const lines = [frozenAccount, account].map((one, index) => sampleLine(index, sampleRequest({ account: one })));
      const execution = await created(store, { lines });
      const { id } = await freeze(store, { account: frozenAccount });
      await assertFrozen(store, execution, id);
      const sent = await moved(store, writeAhead(execution, 1));
      const evidence = await moved(store, lineChange(sent, { ...submitting(), state: "in_doubt" }));
      await moved(store, changeOf(evidence, { reason: "still frozen" }));
      await lift(store, id);
    },
  },
  {
    name: "freezes lists those that hold, oldest first, and a freeze is lifted once",
    async run({ store, pass }) {
      const { account } = await inAccount(store);
      const first = await freeze(store, { account });
      await pass(2);
      const second = await freeze(store, { account, service: CLOUD });
      const listed = async () => (await store.freezes()).filter(({ scope }) => scope.account === account);
      assert.deepEqual(await listed(), [first, second]);
      assert.equal(await lift(store, first.id), true);
      assert.equal(await lift(store, first.id), false);
      assert.equal(await lift(store, unique("freeze")), false);
      assert.deepEqual(await listed(), [second]);
      await lift(store, second.id);
      await assert.rejects(freeze(store, { account }, second.id));
      assert.deepEqual(await listed(), []);
    },
  },
  {
    name: "liftedFreezes tells who lifted what, from a time on",
    async run({ store, pass }) {
      const { account } = await inAccount(store);
      const frozen = [await freeze(store, { account }), await freeze(store, { account, service: CLOUD })] as const;
      await lift(store, frozen[1].id);
      await pass(5);
      await lift(store, frozen[0].id);
      const lifted = (await store.liftedFreezes({ since: 0 })).filter(({ scope }) => scope.account === account);
      assert.deepEqual(
        lifted.map(({ liftedAt, liftedBy, liftReason, ...one }) => one),
        frozen.toReversed(),
      );
      const [first, second] = lifted as unknown as readonly [LiftedFreeze, LiftedFreeze];
      assert.deepEqual([first.liftedBy, first.liftReason], [LIFTING.liftedBy, LIFTING.reason]);
      assert.ok(second.liftedAt > first.liftedAt);
      const since = (await store.liftedFreezes({ since: second.liftedAt })).map(({ id }) => id);
      assert.deepEqual([since.includes(second.id), since.includes(first.id)], [true, false]);
    },
  },
  {
    name: "doubts lists the lines in doubt of one account that were sent lately, the last sent first",
    async run({ store, pass }) {
      const { account } = await inAccount(store);
      const inDoubt = async (owner: string) => {
        const { execution } = await inAccount(store, owner);
        const sent = await moved(store, writeAhead(execution));
        const submittedAt = sent.lines[0]?.submittedAt ?? assert.fail("the submission has no time");
        await moved(store, lineChange(sent, { ...submitting(), state: "in_doubt", submittedAt }));
        return { executionId: execution.id, lineIndex: 0 };
      };
      const old = await inDoubt(account);
      await pass(5);
      const first = await inDoubt(account);
      await pass(5);
      const last = await inDoubt(account);
      await inDoubt(unique("account"));
      await moved(store, writeAhead((await inAccount(store, account)).execution));
      const query = { cloud: CLOUD, account, sentWithinMs: 3_600_000, limit: 10 };
      assert.deepEqual(await store.doubts(query), [last, first, old]);
      assert.deepEqual(await store.doubts({ ...query, limit: 2 }), [last, first]);
      assert.deepEqual(await store.doubts({ ...query, cloud: "aws" }), []);
      const settled = (await store.get(last.executionId)) ?? assert.fail("it is gone");
      await moved(store, lineChange(settled, { ...submitting(), state: "rejected" }));
      assert.deepEqual(await store.doubts(query), [first, old]);
      await pass(40);
      assert.deepEqual(await store.doubts({ ...query, sentWithinMs: 20 }), []);
    },
  },
];
