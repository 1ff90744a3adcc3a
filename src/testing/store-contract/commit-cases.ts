import type { ExecutionChange } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS } from "./contract-case.js";
import { changeOf, created, moved, read } from "./steps.js";

/** An approval by a change of the status alone, and one by a larger change: a store may write the two differently. */
const APPROVALS: readonly { readonly kind: string; readonly part: Partial<ExecutionChange> }[] = [
  { kind: "a plain change", part: { status: "approved" } },
  { kind: "a change of more than the status", part: { status: "approved", wakeAt: null } },
];

/** Cases about the effect of a change on the execution. */
export const commitCases: readonly ContractCase[] = [
  {
    name: "commit changes what it states and keeps the rest",
    async run({ store }) {
      const before = await created(store, { status: "pending", reason: "new", wakeAt: 1_790_000_000_000 });
      const after = await moved(store, changeOf(before, { status: "approved", approvedBy: "bob" }));
      assert.deepEqual(after, {
        ...before,
        status: "approved",
        approvedBy: "bob",
        approvers: ["bob"],
        approvedAt: after.updatedAt,
        version: 2,
        updatedAt: after.updatedAt,
        statusChangedAt: after.updatedAt,
      });
      assert.deepEqual(await read(store, before.id), after);
    },
  },
  {
    name: "commit without a new status leaves the time of the last status change",
    async run({ store, pass }) {
      const before = await created(store);
      await pass(5);
      const renamed = await moved(store, changeOf(before, { reason: "still approved" }));
      assert.equal(renamed.statusChangedAt, before.statusChangedAt);
      assert.ok(renamed.updatedAt > before.updatedAt);
      const same = await moved(store, changeOf(before, { status: "approved" }));
      assert.equal(same.statusChangedAt, before.statusChangedAt);
    },
  },
  {
    name: "commit sets, keeps and clears the reason",
    async run({ store }) {
      const execution = await created(store);
      assert.equal((await moved(store, changeOf(execution, { reason: "because" }))).reason, "because");
      assert.equal((await moved(store, changeOf(execution))).reason, "because");
      assert.equal((await moved(store, changeOf(execution, { reason: null }))).reason, null);
    },
  },
  {
    name: "commit sets the time to wake absolutely, relative to the store's time, and to none",
    async run({ store, pass }) {
      const execution = await created(store);
      await pass(2);
      const absolute = await moved(store, changeOf(execution, { wakeAt: 1_790_000_000_321 }));
      assert.equal(absolute.wakeAt, 1_790_000_000_321);
      assert.equal((await moved(store, changeOf(execution))).wakeAt, 1_790_000_000_321);
      await pass(2);
      const relative = await moved(store, changeOf(execution, { wakeAt: { inMs: 5_000 } }));
      assert.equal(relative.wakeAt, relative.updatedAt + 5_000);
      assert.equal((await moved(store, changeOf(execution, { wakeAt: null }))).wakeAt, null);
    },
  },
  {
    name: "commit keeps who approved until somebody else does",
    async run({ store }) {
      const execution = await created(store);
      await moved(store, changeOf(execution, { approvedBy: "bob" }));
      assert.equal((await moved(store, changeOf(execution, { reason: "x" }))).approvedBy, "bob");
      assert.equal((await moved(store, changeOf(execution, { approvedBy: "carol" }))).approvedBy, "carol");
    },
  },
  ...APPROVALS.map(
    ({ kind, part }): ContractCase => ({
      name: `commit counts an approval from the store's time, or from the time that ${kind} states, until the next approval`,
      async run({ store, pass }) {
        const execution = await created(store);
        const now = await moved(store, changeOf(execution, { ...part, approvedBy: "bob" }));
        assert.equal(now.approvedAt, now.updatedAt);
        await pass(2);
        assert.equal((await moved(store, changeOf(execution, part))).approvedAt, now.approvedAt);
        for (const approvedFrom of [1_790_000_000_123, now.updatedAt + LONG_LEASE_MS]) {
          const from = await moved(store, changeOf(execution, { ...part, approvedBy: "bob", approvedFrom }));
          assert.equal(from.approvedAt, approvedFrom);
          const nobody = await moved(store, changeOf(execution, { ...part, approvedFrom: 1 }));
          assert.deepEqual(
            [nobody.approvedBy, nobody.approvedAt],
            ["bob", approvedFrom],
            "the approval changed although nobody approved",
          );
        }
        await pass(2);
        const again = await moved(store, changeOf(execution, { ...part, approvedBy: "bob" }));
        assert.equal(again.approvedAt, again.updatedAt);
        assert.ok(again.updatedAt > now.updatedAt);
        assert.deepEqual(await read(store, execution.id), again);
      },
    }),
  ),
  {
    name: "commit takes an execution from any status to any: which moves are legal is not the store's business",
    async run({ store }) {
      const execution = await created(store, { status: "completed" });
      assert.equal((await moved(store, changeOf(execution, { status: "pending" }))).status, "pending");
    },
  },
];
