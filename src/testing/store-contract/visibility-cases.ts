import { PLANNED } from "../../domain/execution.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { committed, newInput, sampleLine, sampleRequest, unique } from "./samples.js";
import { changeOf, created, createdFrom, lineChange, moved, read } from "./steps.js";

/** A pause in which other work of this process and of the store can happen. */
const otherWork = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Reads over and over while something is written, and once afterwards. */
async function readingWhile(write: () => Promise<void>, readOnce: () => Promise<void>): Promise<void> {
  let writing = true;
  const writer = write().finally(() => {
    writing = false;
  });
  const reader = (async () => {
    while (writing) {
      await readOnce();
      await otherWork();
    }
    await readOnce();
  })();
  await Promise.all([writer, reader]);
}

const TIMES = Array.from({ length: 10 }, (_, at) => at + 1);

/** Cases about readers during a change: no reader sees a part of it. */
export const visibilityCases: readonly ContractCase[] = [
  {
    name: "a reader never sees a version without its event, nor an event without its version",
    async run({ store }) {
      const execution = await created(store);
      await readingWhile(
        async () => {
          for (const time of TIMES) await moved(store, changeOf(execution, { reason: `${time}` }));
        },
        () => assertInStep(store, execution.id),
      );
    },
  },
  {
    name: "a reader never sees the lines of one version with the rest of another",
    async run({ store }) {
      const createdBy = unique("alice");
      const execution = await created(store, { createdBy, lines: [sampleLine(0), sampleLine(1)] });
      await readingWhile(
        async () => {
          for (const attempt of TIMES) {
            const lines = [0, 1].map((index) => ({ index, progress: { ...PLANNED, attempt } }));
            await moved(store, changeOf(execution, { guard: { version: attempt }, reason: `${attempt}`, lines }));
          }
        },
        async () => {
          const { executions } = await store.history({ createdBy });
          for (const { version, lines } of [await read(store, execution.id), ...executions])
            assert.deepEqual(
              lines.map(({ attempt }) => attempt),
              [version - 1, version - 1],
            );
        },
      );
    },
  },
  {
    name: "a reader never sees an execution without its lines and its event, nor an event without its execution",
    async run({ store }) {
      const createdBy = unique("alice");
      const inputs = TIMES.map(() => newInput({ createdBy, lines: [sampleLine(0), sampleLine(1)] }));
      await readingWhile(
        async () => {
          for (const input of inputs) await createdFrom(store, input);
        },
        async () => {
          for (const { execution } of inputs) await assertWholeOrAbsent(store, execution.id, 2);
          for (const { lines } of (await store.history({ createdBy })).executions) assert.equal(lines.length, 2);
        },
      );
    },
  },
  {
    name: "a reader never sees a commitment without its claim, nor a claim without its commitment",
    async run({ store }) {
      const account = unique("account");
      const lines = TIMES.map((index) => sampleLine(index, sampleRequest({ account })));
      const execution = await created(store, { lines });
      const ids = TIMES.map(() => unique("ri"));
      const claimed = async () =>
        (await store.claims({ cloud: "custom.contract", account, commitmentIds: ids })).length;
      const bought = async () =>
        (await read(store, execution.id)).lines.filter(({ state }) => state === "committed").length;
      await readingWhile(
        async () => {
          let current = execution;
          for (const [at, index] of TIMES.entries())
            current = await moved(store, lineChange(current, committed(ids[at] ?? ""), index));
        },
        async () => {
          const [first, claims, last] = [await bought(), await claimed(), await bought()];
          assert.ok(first <= claims && claims <= last, `${claims} claims between ${first} and ${last} commitments`);
        },
      );
    },
  },
  {
    name: "a reader never sees an id that goes from one line to another without a line",
    async run({ store }) {
      const id = unique("ri");
      const lines = [{ ...sampleLine(0), ...committed(id) }, sampleLine(1)];
      const execution = await created(store, { lines });
      const query = { cloud: "custom.contract", account: "account-1", commitmentIds: [id] };
      await readingWhile(
        async () => {
          for (const version of TIMES) {
            const to = version % 2;
            const given = [
              { index: to, progress: committed(id) },
              { index: 1 - to, progress: PLANNED },
            ];
            await moved(store, changeOf(execution, { guard: { version }, lines: given }));
          }
        },
        async () => assert.equal((await store.claims(query)).length, 1),
      );
    },
  },
  {
    name: "a reader never sees a part of a removal",
    async run({ store }) {
      const executions = await Promise.all(TIMES.map(() => created(store)));
      await readingWhile(
        async () => {
          for (const { id, version } of executions)
            assert.equal(await store.remove({ executions: [{ executionId: id, version }], notBefore: 0 }), true);
        },
        async () => {
          for (const { id } of executions) {
            const events = await store.events(id);
            if (events.length === 0) assert.equal(await store.get(id), undefined, "an execution without its event");
            const execution = await store.get(id);
            if (execution === undefined) assert.deepEqual(await store.events(id), [], "an event without its execution");
            else assert.equal(execution.lines.length, 1);
          }
        },
      );
    },
  },
];

async function assertInStep(store: ExecutionStore, executionId: string): Promise<void> {
  const seen = (await read(store, executionId)).version;
  const written = (await store.events(executionId)).at(-1)?.version ?? 0;
  assert.ok(written >= seen, `version ${seen} was visible before its event`);
  const now = (await read(store, executionId)).version;
  assert.ok(now >= written, `event ${written} was visible before its version`);
}

async function assertWholeOrAbsent(store: ExecutionStore, executionId: string, lines: number): Promise<void> {
  const seen = await store.get(executionId);
  if (seen !== undefined) assert.equal(seen.lines.length, lines, "an execution without its lines");
  const events = await store.events(executionId);
  if (seen !== undefined) assert.equal(events.length, 1, "an execution without its event");
  if (events.length > 0) assert.notEqual(await store.get(executionId), undefined, "an event without its execution");
}
