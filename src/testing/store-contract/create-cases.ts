import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS } from "./contract-case.js";
import { fullProgress, newInput, sampleExecution, sampleLine, sampleRequest, unique } from "./samples.js";
import { atOnce, changeOf, countOf, created, createdFrom, moved, read } from "./steps.js";

/** Cases about creating and reading executions. */
export const createCases: readonly ContractCase[] = [
  {
    name: "create stores the execution as it was handed in, and get reads the same",
    async run({ store }) {
      const given = sampleExecution({
        status: "pending",
        source: "plan 7",
        reason: "wärmer ☂",
        wakeAt: 1_790_000_000_123,
        lines: [sampleLine(0), sampleLine(2, sampleRequest({ account: "account-2" }))],
      });
      const execution = await createdFrom(store, { ...newInput(), execution: given });
      const { expiresInMs, ...stated } = given;
      const { createdAt } = execution;
      assert.equal(expiresInMs, null);
      assert.deepEqual(execution, {
        ...stated,
        version: 1,
        fence: 0,
        lease: null,
        createdAt,
        updatedAt: createdAt,
        statusChangedAt: createdAt,
        approvedBy: null,
        approvers: [],
        approvedAt: null,
        expiresAt: null,
        retryOf: null,
        successorId: null,
      });
      assert.ok(Number.isInteger(createdAt), "the time is not in whole milliseconds");
      assert.deepEqual(await store.get(given.id), execution);
    },
  },
  {
    name: "create keeps every part of a line's progress",
    async run({ store }) {
      const line = { ...sampleLine(), ...fullProgress(), state: "planned" } as const;
      const { id } = await created(store, { lines: [line] });
      assert.deepEqual((await read(store, id)).lines, [line]);
    },
  },
  {
    name: "create keeps the plan, with its step where it has one",
    async run({ store }) {
      for (const plan of [{ id: unique("plan"), step: 0 }, { id: unique("plan"), step: null }, null]) {
        const execution = await created(store, { plan });
        assert.deepEqual(execution.plan, plan);
        assert.deepEqual(await read(store, execution.id), execution);
      }
    },
  },
  {
    name: "create stamps each execution with the store's time, which goes on",
    async run({ store, pass }) {
      const first = await created(store);
      await pass(5);
      const second = await created(store);
      assert.ok(second.createdAt > first.createdAt, `${second.createdAt} after ${first.createdAt}`);
      assert.ok(second.createdAt < first.createdAt + LONG_LEASE_MS);
    },
  },
  {
    name: "create counts the time to expire from the store's now",
    async run({ store }) {
      const execution = await created(store, { status: "pending", expiresInMs: 90_000 });
      assert.equal(execution.expiresAt, execution.createdAt + 90_000);
    },
  },
  {
    name: "get answers undefined for an execution that does not exist",
    async run({ store }) {
      assert.equal(await store.get(unique("exec")), undefined);
    },
  },
  {
    name: "create answers a used request key with its execution, whatever became of it",
    async run({ store }) {
      const input = newInput();
      const first = await createdFrom(store, input);
      assert.deepEqual(await store.create(input), { kind: "existing", execution: first });
      const canceled = await moved(store, changeOf(first, { status: "canceled" }));
      const again = newInput({ requestKey: input.execution.requestKey });
      assert.deepEqual(await store.create(again), { kind: "existing", execution: canceled });
      assert.equal(await store.get(again.execution.id), undefined);
      assert.equal((await store.events(again.execution.id)).length, 0);
    },
  },
  {
    name: "withRequestKey finds the execution of a key, whatever became of it, and none of any other key",
    async run({ store }) {
      const requestKey = unique("key");
      assert.equal(await store.withRequestKey(requestKey), undefined);
      const first = await createdFrom(store, newInput({ requestKey, lines: [sampleLine(0), sampleLine(1)] }));
      await created(store);
      assert.deepEqual(await store.withRequestKey(requestKey), first);
      const canceled = await moved(store, changeOf(first, { status: "canceled" }));
      assert.deepEqual(await store.withRequestKey(requestKey), canceled);
      for (const other of [`${requestKey} `, requestKey.toUpperCase(), requestKey.slice(0, -1), first.id, ""])
        assert.equal(await store.withRequestKey(other), undefined);
    },
  },
  {
    name: "create lets one of many racing callers of a request key in, and shows all others that one",
    async run({ store }) {
      const requestKey = unique("key");
      const results = await atOnce(16, () => store.create(newInput({ requestKey })));
      assert.equal(countOf(results, "created"), 1);
      assert.equal(countOf(results, "existing"), 15);
      const ids = new Set(results.map((result) => (result.kind === "refused" ? "" : result.execution.id)));
      assert.equal(ids.size, 1);
    },
  },
  {
    name: "create lets one of many racing deliveries of the very same input in",
    async run({ store }) {
      const input = newInput();
      const results = await atOnce(16, () => store.create(input));
      assert.equal(countOf(results, "created"), 1);
      assert.equal(countOf(results, "existing"), 15);
      assert.equal((await store.events(input.execution.id)).length, 1);
    },
  },
];
