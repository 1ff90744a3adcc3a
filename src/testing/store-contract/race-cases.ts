import type { CommitResult } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS, RACERS } from "./contract-case.js";
import { committed, newInput, submitting, unique } from "./samples.js";
import { atOnce, changeOf, countOf, created, inEitherOrder, lineChange, moved, read } from "./steps.js";

/** Asserts that one racer won and all others were refused for this reason. */
function assertOneWinner(results: readonly CommitResult[], because: string): void {
  assert.equal(countOf(results, "moved"), 1, "not exactly one winner");
  for (const result of results) if (result.kind === "refused") assert.equal(result.because, because);
}

/** Cases of racing calls that exclude each other: exactly one wins. */
export const raceCases: readonly ContractCase[] = [
  {
    name: "one of many racing moves out of a status wins",
    async run({ store }) {
      const execution = await created(store, { status: "pending" });
      const results = await atOnce(RACERS, (racer) =>
        store.commit(changeOf(execution, { guard: { status: ["pending"] }, status: "approved", reason: `${racer}` })),
      );
      assertOneWinner(results, "guard");
      const winner = results.find((result) => result.kind === "moved");
      assert.deepEqual(await read(store, execution.id), winner?.kind === "moved" ? winner.execution : undefined);
      assert.equal((await store.events(execution.id)).length, 2);
    },
  },
  {
    name: "one of many racing changes of a version wins",
    async run({ store }) {
      const execution = await created(store);
      const results = await atOnce(RACERS, (racer) =>
        store.commit(changeOf(execution, { guard: { version: 1 }, reason: `${racer}` })),
      );
      assertOneWinner(results, "guard");
      assert.equal((await read(store, execution.id)).version, 2);
    },
  },
  {
    name: "one of many racing claims wins the lease",
    async run({ store }) {
      const execution = await created(store);
      const results = await atOnce(RACERS, (racer) =>
        store.commit(
          changeOf(execution, {
            guard: { status: ["approved", "running"], leaseFree: true },
            status: "running",
            lease: { kind: "take", owner: `worker-${racer}`, durationMs: LONG_LEASE_MS },
          }),
        ),
      );
      assertOneWinner(results, "guard");
      assert.equal((await read(store, execution.id)).fence, 1);
    },
  },
  {
    name: "one of many racing write-ahead calls for a line wins",
    async run({ store }) {
      const execution = await created(store);
      const results = await atOnce(RACERS, () =>
        store.commit(
          changeOf(execution, {
            guard: { version: 1 },
            lines: [{ index: 0, progress: submitting(), stampSubmission: true }],
          }),
        ),
      );
      assertOneWinner(results, "guard");
      assert.equal((await store.events(execution.id)).length, 2);
    },
  },
  {
    name: "one of many executions that race for a lane wins it",
    async run({ store }) {
      const lane = unique("lane");
      const executions = await atOnce(RACERS, () => created(store));
      assertOneWinner(await atOnce(RACERS, (racer) => takeLane(racer)), "lane");
      const states = await Promise.all(executions.map(async ({ id }) => (await read(store, id)).lines[0]?.state));
      assert.equal(states.filter((state) => state === "submitting").length, 1);

      async function takeLane(racer: number): Promise<CommitResult> {
        return await store.commit(lineChange(executions[racer] ?? assert.fail(), submitting(lane)));
      }
    },
  },
  {
    name: "one of many executions of a lineage that race for one of its lines wins it",
    async run({ store }) {
      const lineageKey = unique("lin");
      const executions = await atOnce(RACERS, () => created(store, { lineageKey, status: "failed" }));
      const results = await Promise.all(
        executions.map((execution) => store.commit(lineChange(execution, submitting()))),
      );
      assertOneWinner(results, "lineage");
      for (const [at, result] of results.entries())
        if (result.kind === "refused") assert.deepEqual(await store.get(executions[at]?.id ?? ""), executions[at]);
    },
  },
  {
    name: "one of many lines that race for a commitment id wins it",
    async run({ store }) {
      const id = unique("ri");
      const executions = await atOnce(RACERS, () => created(store));
      const results = await atOnce(RACERS, (racer) =>
        store.commit(lineChange(executions[racer] ?? assert.fail(), committed(id))),
      );
      assertOneWinner(results, "commitment");
      assert.equal(
        (await store.claims({ cloud: "custom.contract", account: "account-1", commitmentIds: [id] })).length,
        1,
      );
    },
  },
  {
    name: "one of many creates that race for an open execution of a lineage wins",
    async run({ store }) {
      const lineageKey = unique("lin");
      const results = await atOnce(RACERS, () => store.create(newInput({ lineageKey })));
      assert.equal(countOf(results, "created"), 1);
      for (const result of results) if (result.kind === "refused") assert.equal(result.because, "lineage");
    },
  },
  {
    name: "the lines that a waiting change returns are those after the change it waited for",
    async run({ store }) {
      for (let round = 0; round < 5; round += 1) {
        const execution = await created(store);
        const [, plain] = await inEitherOrder(
          round,
          () => store.commit(lineChange(execution, submitting())),
          () => moved(store, changeOf(execution, { reason: "at the same time" })),
        );
        const after = await read(store, execution.id);
        if (plain.version === after.version) assert.deepEqual(plain, after);
      }
    },
  },
];
