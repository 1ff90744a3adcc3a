import type { ExecutionStore } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, RACERS } from "./contract-case.js";
import { sampleEvent, unique } from "./samples.js";
import { atOnce, changeOf, created, moved, read } from "./steps.js";

/** Cases about versions and the audit trail. */
export const trailCases: readonly ContractCase[] = [
  {
    name: "events tells who did what when, with the status after the change",
    async run({ store, pass }) {
      const execution = await created(store, { status: "pending" });
      await pass(3);
      const full = {
        kind: "approved",
        actor: "bob",
        reason: "fits the plan",
        lineIndex: 0,
        data: { limit: "10" },
      } as const;
      const approved = await moved(store, changeOf(execution, { status: "approved", event: full }));
      assert.deepEqual(await store.events(execution.id), [
        {
          executionId: execution.id,
          version: 1,
          at: execution.createdAt,
          status: "pending",
          ...sampleEvent("submitted"),
        },
        { executionId: execution.id, version: 2, at: approved.updatedAt, status: "approved", ...full },
      ]);
    },
  },
  {
    name: "every change raises the version by one and writes one event of that number",
    async run({ store }) {
      const execution = await created(store);
      for (const version of [2, 3, 4, 5])
        assert.equal((await moved(store, changeOf(execution, { reason: `change ${version}` }))).version, version);
      assert.deepEqual(await versions(store, execution.id), [1, 2, 3, 4, 5]);
      const times = (await store.events(execution.id)).map(({ at }) => at);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
        "times run backwards",
      );
    },
  },
  {
    name: "racing changes that do not exclude each other all happen, with versions without gaps",
    async run({ store }) {
      const execution = await created(store);
      const results = await atOnce(RACERS, (racer) => moved(store, changeOf(execution, { reason: `racer ${racer}` })));
      const expected = Array.from({ length: RACERS }, (_, racer) => racer + 2);
      assert.deepEqual(
        results.map(({ version }) => version).toSorted((a, b) => a - b),
        expected,
      );
      assert.deepEqual(await versions(store, execution.id), [1, ...expected]);
      const last = results.find(({ version }) => version === RACERS + 1);
      assert.deepEqual(await read(store, execution.id), last);
    },
  },
  {
    name: "events pages through the trail by version",
    async run({ store }) {
      const execution = await created(store);
      for (const reason of ["a", "b", "c", "d"]) await moved(store, changeOf(execution, { reason }));
      assert.deepEqual(await versions(store, execution.id, { limit: 2 }), [1, 2]);
      assert.deepEqual(await versions(store, execution.id, { afterVersion: 2, limit: 2 }), [3, 4]);
      assert.deepEqual(await versions(store, execution.id, { afterVersion: 4 }), [5]);
      assert.deepEqual(await versions(store, execution.id, { afterVersion: 5 }), []);
      assert.deepEqual(await store.events(unique("exec")), []);
    },
  },
  {
    name: "events keeps the order of versions also beyond nine",
    async run({ store }) {
      const execution = await created(store);
      for (let change = 0; change < 11; change += 1) await moved(store, changeOf(execution));
      assert.deepEqual(await versions(store, execution.id), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      assert.deepEqual(await versions(store, execution.id, { afterVersion: 9 }), [10, 11, 12]);
    },
  },
];

async function versions(
  store: ExecutionStore,
  executionId: string,
  page?: { readonly afterVersion?: number; readonly limit?: number },
): Promise<readonly number[]> {
  return (await store.events(executionId, page)).map(({ version }) => version);
}
