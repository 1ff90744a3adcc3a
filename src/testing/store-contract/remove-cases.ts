import type { Execution } from "../../domain/execution.js";
import type { ExecutionStore, Removal } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS, PAST_SHORT_LEASE_MS, RACERS, SHORT_LEASE_MS } from "./contract-case.js";
import { retryInput } from "./retry-cases.js";
import { committed, newInput, sampleLine, sampleRequest, submitting, unique } from "./samples.js";
import {
  atOnce,
  changeOf,
  created,
  createdFrom,
  inEitherOrder,
  lineChange,
  moved,
  read,
  storedAbout,
} from "./steps.js";
import { SWEEPS } from "./sweep-steps.js";

/** The removal of executions in the versions that were read, without a time to wait for. */
const removalOf = (...executions: readonly Execution[]): Removal => ({
  executions: executions.map(({ id, version }) => ({ executionId: id, version })),
  notBefore: 0,
});

const claimsOn = (store: ExecutionStore, account: string, ...commitmentIds: readonly string[]) =>
  store.claims({ cloud: "custom.contract", account, commitmentIds });

/** A failed execution and its retry, both as they are stored now. */
async function lineageIn(store: ExecutionStore): Promise<readonly [Execution, Execution]> {
  const predecessor = await created(store, { status: "failed" });
  const successor = await createdFrom(store, retryInput(predecessor, { status: "failed" }));
  return [await read(store, predecessor.id), successor];
}

/** Asserts that a removal is refused and that nothing of these executions is gone. */
async function assertKept(store: ExecutionStore, removal: Removal, executions: readonly Execution[]): Promise<void> {
  const before = await Promise.all(executions.map(({ id }) => storedAbout(store, id)));
  assert.equal(await store.remove(removal), false);
  assert.deepEqual(await Promise.all(executions.map(({ id }) => storedAbout(store, id))), before);
}

const GONE = { execution: undefined, events: [] };

/** Cases about removing executions. */
export const removeCases: readonly ContractCase[] = [
  {
    name: "remove forgets an execution with its lines, events, claims, and place in history and sweeps",
    async run({ store }) {
      const [createdBy, account, id] = [unique("alice"), unique("account"), unique("ri")];
      const bought = { ...sampleLine(0, sampleRequest({ account })), ...committed(id), needsLabel: true };
      const lines = [bought, { ...sampleLine(1), ...submitting(unique("lane")) }];
      const execution = await created(store, { createdBy, source: createdBy, status: "in_doubt", lines });
      assert.equal(await store.remove(removalOf(execution)), true);
      assert.deepEqual(await storedAbout(store, execution.id), GONE);
      assert.deepEqual(await claimsOn(store, account, id), []);
      for (const query of [{ createdBy }, { source: createdBy }, { account }, { commitmentId: id }])
        assert.deepEqual(await store.history(query), { executions: [] });
      const unlabeled = await store.unlabeled({ limit: 1_000_000 });
      assert.ok(unlabeled.every(({ executionId }) => executionId !== execution.id));
      for (const { foundIn } of SWEEPS) assert.deepEqual(await foundIn(store, [execution]), [undefined]);
      assert.deepEqual(await store.commit(changeOf(execution)), { kind: "refused", because: "guard" });
    },
  },
  {
    name: "remove sets id, request key, lineage, lane and commitment ids free",
    async run({ store }) {
      const [lane, id, former] = [unique("lane"), unique("ri"), unique("ri")];
      const commitment = { commitmentIds: [id], formerIds: [former], adopted: false };
      const lines = [
        { ...sampleLine(0), ...committed(), commitment },
        { ...sampleLine(1), ...submitting(lane) },
      ];
      const input = newInput({ lines });
      const first = await createdFrom(store, input);
      assert.equal(await store.remove(removalOf(first)), true);
      assert.equal(await store.laneHolder(lane), undefined);
      assert.equal(await store.withRequestKey(input.execution.requestKey), undefined);
      const planned = [sampleLine(0), sampleLine(1)];
      const second = await createdFrom(store, { ...input, execution: { ...input.execution, lines: planned } });
      const bought = await moved(store, lineChange(second, committed(id, former), 0));
      await moved(store, lineChange(bought, submitting(lane), 1));
      assert.deepEqual(
        (await store.events(second.id)).map(({ version }) => version),
        [1, 2, 3],
      );
    },
  },
  {
    name: "remove leaves all others alone",
    async run({ store }) {
      const [createdBy, account, id] = [unique("alice"), unique("account"), unique("ri")];
      const request = sampleRequest({ account });
      const kept = await created(store, { createdBy, lines: [{ ...sampleLine(0, request), ...committed(id) }] });
      const before = await storedAbout(store, kept.id);
      const doomed = await created(store, {
        createdBy,
        lines: [{ ...sampleLine(0, request), ...committed(unique("ri")) }],
      });
      assert.equal(await store.remove(removalOf(doomed)), true);
      assert.deepEqual(await storedAbout(store, kept.id), before);
      assert.deepEqual(await claimsOn(store, account, id), [
        { executionId: kept.id, lineIndex: 0, commitmentId: id, byPerson: false },
      ]);
      for (const query of [{ createdBy }, { account }, { commitmentId: id }])
        assert.deepEqual(await store.history(query), { executions: [kept] });
    },
  },
  {
    name: "remove takes whole lineages, several at once",
    async run({ store }) {
      const executions = [...(await lineageIn(store)), ...(await lineageIn(store)), await created(store)];
      assert.equal(await store.remove(removalOf(...executions)), true);
      for (const { id } of executions) assert.deepEqual(await storedAbout(store, id), GONE);
    },
  },
  {
    name: "remove refuses a lineage that is not named whole, and then removes nothing at all",
    async run({ store }) {
      const [predecessor, successor] = await lineageIn(store);
      const whole = await created(store);
      const all = [predecessor, successor, whole];
      await assertKept(store, removalOf(predecessor), all);
      await assertKept(store, removalOf(successor), all);
      await assertKept(store, removalOf(whole, predecessor), all);
      await assertKept(store, removalOf(whole, successor), all);
    },
  },
  {
    name: "remove refuses executions that have changed or are absent, and then removes nothing at all",
    async run({ store }) {
      const [changed, other] = [await created(store), await created(store)];
      const seenAgain = await moved(store, changeOf(changed, { reason: "looked at" }));
      await assertKept(store, removalOf(changed, other), [changed, other]);
      await assertKept(store, removalOf({ ...seenAgain, version: 3 }), [changed]);
      await assertKept(store, removalOf(other, { ...other, id: unique("exec") }), [other]);
      assert.equal(await store.remove(removalOf(seenAgain, other)), true);
      assert.equal(await store.remove(removalOf(seenAgain, other)), false);
    },
  },
  {
    name: "remove waits for its time by the store's clock",
    async run({ store, pass }) {
      const execution = await created(store);
      const late = { ...removalOf(execution), notBefore: execution.createdAt + LONG_LEASE_MS };
      await assertKept(store, late, [execution]);
      await pass(PAST_SHORT_LEASE_MS);
      const early = { ...removalOf(execution), notBefore: execution.createdAt + SHORT_LEASE_MS };
      assert.equal(await store.remove(early), true);
    },
  },
  {
    name: "of a removal and a change that race one wins",
    async run({ store }) {
      for (let round = 0; round < 8; round += 1) {
        const execution = await created(store);
        const change = { ...lineChange(execution, committed(unique("ri"))), status: "completed" } as const;
        const [gone, changed] = await inEitherOrder(
          round,
          () => store.remove(removalOf(execution)),
          () => store.commit(change),
        );
        assert.notEqual(gone, changed.kind === "moved", "not exactly one winner");
        if (gone) assert.deepEqual(await storedAbout(store, execution.id), GONE);
        else assert.equal((await read(store, execution.id)).status, "completed");
      }
    },
  },
  {
    name: "of a removal and a retry that race one wins",
    async run({ store }) {
      for (let round = 0; round < 8; round += 1) {
        const predecessor = await created(store, { status: "failed" });
        const input = retryInput(predecessor);
        const [gone, retry] = await inEitherOrder(
          round,
          () => store.remove(removalOf(predecessor)),
          () => store.create(input),
        );
        assert.notEqual(gone, retry.kind === "created", "not exactly one winner");
        const [left, successor] = [await store.get(predecessor.id), await store.get(input.execution.id)];
        assert.deepEqual(
          [left?.successorId, successor?.retryOf],
          gone ? [undefined, undefined] : [successor?.id, left?.id],
        );
      }
    },
  },
  {
    name: "one of many racing removals of the same executions wins",
    async run({ store }) {
      const executions = await lineageIn(store);
      const results = await atOnce(RACERS, () => store.remove(removalOf(...executions)));
      assert.equal(results.filter((gone) => gone).length, 1);
      for (const { id } of executions) assert.deepEqual(await storedAbout(store, id), GONE);
    },
  },
  {
    name: "an execution that a removal names twice is removed or kept, and the answer says which",
    async run({ store }) {
      const execution = await created(store);
      const gone = await store.remove(removalOf(execution, execution));
      assert.deepEqual(await store.get(execution.id), gone ? undefined : execution);
    },
  },
];
