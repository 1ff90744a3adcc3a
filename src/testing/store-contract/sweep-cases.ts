import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS, PAST_SHORT_LEASE_MS, SHORT_LEASE_MS } from "./contract-case.js";
import { committed, sampleLine, submitting, unique } from "./samples.js";
import { changeOf, created, lineChange, moved } from "./steps.js";
import { assertAliveSince, createdApart, EVERYTHING, isStuck, orderOf, take } from "./sweep-steps.js";

/** Cases about what `stuck` and `unlabeled` find. */
export const sweepCases: readonly ContractCase[] = [
  {
    name: "stuck finds approved and running executions without activity for long enough",
    async run({ store, pass }) {
      const approved = await created(store);
      const running = await created(store, { status: "running" });
      const others = await Promise.all(
        (["pending", "in_doubt", "failed"] as const).map((status) => created(store, { status })),
      );
      await pass(PAST_SHORT_LEASE_MS);
      for (const execution of [approved, running]) {
        assert.equal(await isStuck(store, execution, SHORT_LEASE_MS), true);
        assert.equal(await isStuck(store, execution, LONG_LEASE_MS), false);
      }
      for (const execution of others) assert.equal(await isStuck(store, execution, SHORT_LEASE_MS), false);
    },
  },
  {
    name: "stuck leaves executions with a live lease alone and finds those whose lease is over",
    async run({ store, pass }) {
      const execution = await created(store);
      await moved(store, changeOf(execution, { status: "running", lease: take(LONG_LEASE_MS) }));
      await pass(PAST_SHORT_LEASE_MS);
      assert.equal(await isStuck(store, execution, SHORT_LEASE_MS), false);
      await moved(store, changeOf(execution, { lease: take(SHORT_LEASE_MS) }));
      await pass(2 * PAST_SHORT_LEASE_MS);
      assert.equal(await isStuck(store, execution, SHORT_LEASE_MS), true);
    },
  },
  {
    name: "stuck leaves executions alone that sleep",
    async run({ store, pass }) {
      const execution = await created(store);
      await moved(store, changeOf(execution, { wakeAt: { inMs: LONG_LEASE_MS } }));
      await pass(PAST_SHORT_LEASE_MS);
      assert.equal(await isStuck(store, execution, SHORT_LEASE_MS), false);
      await moved(store, changeOf(execution, { wakeAt: execution.createdAt }));
      assert.equal(await isStuck(store, execution, SHORT_LEASE_MS), true);
    },
  },
  {
    name: "stuck counts from the last status change, claim or lease renewal, and from nothing else",
    async run({ store, pass }) {
      const touched = await created(store);
      const [restated, claimed, renewed] = [await created(store), await created(store), await created(store)];
      await moved(store, changeOf(renewed, { lease: take(SHORT_LEASE_MS) }));
      await pass(PAST_SHORT_LEASE_MS);
      await moved(store, changeOf(touched, { reason: "looked at", status: "approved", wakeAt: null }));
      const signs = [
        await moved(store, changeOf(restated, { status: "running" })),
        await moved(store, changeOf(claimed, { lease: take(0) })),
        await moved(store, changeOf(renewed, { lease: { kind: "renew", durationMs: 0 } })),
      ];
      assert.equal(await isStuck(store, touched, SHORT_LEASE_MS), true);
      for (const execution of signs) await assertAliveSince(store, execution, execution.updatedAt);
    },
  },
  {
    name: "stuck counts from the time to wake where that came later",
    async run({ store, pass }) {
      const execution = await created(store);
      await pass(PAST_SHORT_LEASE_MS);
      const woken = await moved(store, changeOf(execution, { wakeAt: { inMs: 0 } }));
      await pass(1);
      await assertAliveSince(store, execution, woken.updatedAt);
    },
  },
  {
    name: "stuck tells how long, oldest first, and no more than asked for",
    async run(subject) {
      const { store, pass } = subject;
      const ids = (await createdApart(subject, { status: "approved" })).map(({ id }) => id);
      await pass(PAST_SHORT_LEASE_MS);
      const listed = await store.stuck({ olderThanMs: 1, limit: EVERYTHING });
      assert.deepEqual(
        orderOf(
          ids,
          listed.map(({ execution }) => execution.id),
        ),
        ids,
      );
      const mine = listed.filter(({ execution }) => ids.includes(execution.id));
      for (const { stuckForMs } of mine) assert.ok(stuckForMs >= SHORT_LEASE_MS, `stuck for ${stuckForMs} ms`);
      assert.deepEqual(mine[0]?.execution, await store.get(ids[0] ?? ""));
      assert.equal((await store.stuck({ olderThanMs: 1, limit: 1 })).length, 1);
    },
  },
  {
    name: "unlabeled finds committed lines that need their label, oldest first",
    async run({ store, pass }) {
      const lines = [sampleLine(0), sampleLine(1), sampleLine(2), sampleLine(3)];
      const execution = await created(store, { lines });
      const needsLabel = { ...committed(unique("ri")), needsLabel: true };
      const older = await moved(store, lineChange(execution, needsLabel, 2));
      const plain = await moved(store, lineChange(older, committed(unique("ri")), 1));
      await moved(store, lineChange(plain, { ...submitting(), needsLabel: true }, 3));
      await pass(3);
      const younger = await created(store);
      const labeling = await moved(store, lineChange(younger, { ...committed(unique("ri")), needsLabel: true }));
      const mine = async () =>
        (await store.unlabeled({ limit: EVERYTHING })).filter(({ executionId }) =>
          [execution.id, younger.id].includes(executionId),
        );
      assert.deepEqual(await mine(), [
        { executionId: execution.id, lineIndex: 2 },
        { executionId: younger.id, lineIndex: 0 },
      ]);
      assert.equal((await store.unlabeled({ limit: 1 })).length, 1);
      await moved(store, lineChange(labeling, { ...needsLabel, ...labeling.lines[0], needsLabel: false }));
      assert.deepEqual(await mine(), [{ executionId: execution.id, lineIndex: 2 }]);
      await moved(store, changeOf(execution, { wakeAt: { inMs: LONG_LEASE_MS } }));
      assert.deepEqual(await mine(), [], "a line of a sleeping execution is found");
      await moved(store, changeOf(execution, { wakeAt: execution.createdAt }));
      assert.deepEqual(await mine(), [{ executionId: execution.id, lineIndex: 2 }]);
    },
  },
];
