import type { Execution } from "../../domain/execution.js";
import type { CreateExecution, ExecutionStore, NewExecution } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, RACERS } from "./contract-case.js";
import { committed, newInput, sampleEvent, sampleLine, sampleRequest, submitting, unique } from "./samples.js";
import { atOnce, changeOf, countOf, created, createdFrom, lineChange, moved, read, storedAbout } from "./steps.js";

const failed = (store: ExecutionStore): Promise<Execution> => created(store, { status: "failed" });

/** What `create` takes for a retry of an execution as it was read. */
export const retryInput = (predecessor: Execution, overrides: Partial<NewExecution> = {}): CreateExecution => ({
  ...newInput({ lineageKey: predecessor.lineageKey, ...overrides }),
  retryOf: {
    executionId: predecessor.id,
    version: predecessor.version,
    predecessorEvent: { ...sampleEvent("retried"), reason: "second try" },
  },
});

/** Cases about successors of failed executions. */
export const retryCases: readonly ContractCase[] = [
  {
    name: "create of a retry links both executions and writes an event for each",
    async run({ store }) {
      const predecessor = await moved(store, changeOf(await failed(store), { approvedBy: "bob" }));
      const input = retryInput(predecessor);
      const successor = await createdFrom(store, input);
      assert.equal(successor.retryOf, predecessor.id);
      assert.deepEqual(
        [successor.approvedBy, successor.approvedAt],
        [null, null],
        "the successor inherited an approval",
      );
      const after = await read(store, predecessor.id);
      const { updatedAt } = after;
      assert.deepEqual(after, {
        ...predecessor,
        successorId: successor.id,
        version: predecessor.version + 1,
        updatedAt,
      });
      const events = await store.events(predecessor.id);
      assert.deepEqual(
        events.map(({ version, kind, reason }) => ({ version, kind, reason })),
        [
          { version: 1, kind: "submitted", reason: undefined },
          { version: 2, kind: "transitioned", reason: undefined },
          { version: 3, kind: "retried", reason: "second try" },
        ],
      );
      assert.equal(events[2]?.status, "failed");
      assert.equal((await store.events(successor.id)).length, 1);
    },
  },
  {
    name: "create refuses a retry whose predecessor has moved on, and stores nothing",
    async run({ store }) {
      const predecessor = await failed(store);
      await moved(store, changeOf(predecessor, { reason: "looked at" }));
      await assertRetryRefused(store, retryInput(predecessor), "predecessor");
    },
  },
  {
    name: "create refuses a second successor, and stores nothing",
    async run({ store }) {
      const predecessor = await failed(store);
      const first = await createdFrom(store, retryInput(predecessor));
      await moved(store, changeOf(first, { status: "failed" }));
      const seenAgain = await read(store, predecessor.id);
      await assertRetryRefused(store, retryInput(seenAgain), "predecessor");
    },
  },
  {
    name: "create refuses a retry of an execution that does not exist",
    async run({ store }) {
      const ghost = { ...(await failed(store)), id: "exec-ghost" };
      await assertRetryRefused(store, retryInput(ghost), "predecessor");
    },
  },
  {
    name: "create lets one of many racing retries in",
    async run({ store }) {
      const predecessor = await failed(store);
      const results = await atOnce(RACERS, () => store.create(retryInput(predecessor)));
      assert.equal(countOf(results, "created"), 1);
      assert.equal(countOf(results, "refused"), RACERS - 1);
      for (const result of results) if (result.kind === "refused") assert.equal(result.because, "predecessor");
      const winner = results.find((result) => result.kind === "created");
      const after = await read(store, predecessor.id);
      assert.equal(after.successorId, winner?.kind === "created" ? winner.execution.id : undefined);
      assert.equal(after.version, predecessor.version + 1);
      assert.equal((await store.events(predecessor.id)).length, after.version);
    },
  },
  {
    name: "create of a retry under a used request key leaves the predecessor alone",
    async run({ store }) {
      const predecessor = await failed(store);
      const other = await created(store);
      const before = await storedAbout(store, predecessor.id);
      const result = await store.create(retryInput(predecessor, { requestKey: other.requestKey }));
      assert.deepEqual(result, { kind: "existing", execution: other });
      assert.deepEqual(await storedAbout(store, predecessor.id), before);
    },
  },
  {
    name: "create refuses a second open execution of a lineage, and stores nothing",
    async run({ store }) {
      const open = await created(store, { status: "approved" });
      const second = newInput({ lineageKey: open.lineageKey });
      assert.deepEqual(await store.create(second), { kind: "refused", because: "lineage" });
      assert.equal(await store.get(second.execution.id), undefined);
      await assertRetryRefused(store, retryInput(open), "lineage");
      await moved(store, changeOf(open, { status: "canceled" }));
      await createdFrom(store, second);
    },
  },
  {
    name: "a refused create leaves its request key and the commitment ids of its lines free",
    async run({ store }) {
      const open = await created(store);
      const [commitmentId, account] = [unique("ri"), unique("account")];
      const line = sampleLine(0, sampleRequest({ account }));
      const { execution, event } = newInput({
        lineageKey: open.lineageKey,
        lines: [{ ...line, ...committed(commitmentId) }],
      });
      assert.deepEqual(await store.create({ execution, event }), { kind: "refused", because: "lineage" });
      const claims = { cloud: "custom.contract", account, commitmentIds: [commitmentId] };
      assert.deepEqual(await store.claims(claims), []);
      assert.deepEqual(await store.history({ account }), { executions: [] });
      const again = { ...execution, lineageKey: unique("lin"), lines: [line] };
      const first = await createdFrom(store, { execution: again, event });
      await moved(store, lineChange(first, committed(commitmentId)));
    },
  },
  {
    name: "commit refuses to open an execution again whose lineage has another open one",
    async run({ store }) {
      const ended = await failed(store);
      await created(store, { lineageKey: ended.lineageKey });
      const before = await storedAbout(store, ended.id);
      const result = await store.commit(changeOf(ended, { status: "in_doubt" }));
      assert.deepEqual(result, { kind: "refused", because: "lineage" });
      assert.deepEqual(await storedAbout(store, ended.id), before);
    },
  },
  {
    name: "create refuses lines that are under way or bought in another execution of the lineage",
    async run({ store }) {
      const line = { ...sampleLine(), ...submitting() };
      const ended = await created(store, { status: "failed", lines: [line] });
      const second = newInput({ lineageKey: ended.lineageKey, lines: [line] });
      assert.deepEqual(await store.create(second), { kind: "refused", because: "lineage" });
      assert.deepEqual(await storedAbout(store, second.execution.id), { execution: undefined, events: [] });
    },
  },
];

async function assertRetryRefused(store: ExecutionStore, input: CreateExecution, because: string): Promise<void> {
  const predecessorId = input.retryOf?.executionId ?? assert.fail();
  const before = await storedAbout(store, predecessorId);
  assert.deepEqual(await store.create(input), { kind: "refused", because });
  assert.deepEqual(await storedAbout(store, predecessorId), before, "a refused retry left a trace");
  assert.equal(await store.get(input.execution.id), undefined);
  assert.equal((await store.events(input.execution.id)).length, 0);
}
