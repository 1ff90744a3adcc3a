import type { Execution } from "../../domain/execution.js";
import type { CommitResult, ExecutionChange } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { approval } from "./limit-steps.js";
import { changeOf, created, moved, read } from "./steps.js";

const WAITS = { guard: { status: ["pending", "notified", "scheduled"] } } as const satisfies Partial<ExecutionChange>;

const by = (execution: Execution, approvedBy: string, parts: Partial<ExecutionChange> = {}): ExecutionChange =>
  approval(execution, { approvedBy, ...parts });

const short = (have: number, needed: number): CommitResult => ({ kind: "refused", because: "approvals", have, needed });

const given = (execution: Execution, ...approvers: readonly string[]): ExecutionChange =>
  changeOf(execution, { guard: { version: execution.version }, approvers });

/** Cases about how many people an approval needs. */
export const approvalCases: readonly ContractCase[] = [
  {
    name: "an approval that needs several people is refused until enough different ones have approved",
    async run({ store }) {
      for (const status of ["approved", "scheduled"] as const) {
        const execution = await created(store, { status: "pending", approvalsNeeded: 3 });
        assert.equal(execution.approvalsNeeded, 3);
        assert.deepEqual(execution.approvers, []);
        assert.deepEqual(await store.commit(by(execution, "ann", { status })), short(1, 3));
        assert.deepEqual(await read(store, execution.id), execution);
        const one = await moved(store, given(execution, "ann"));
        assert.deepEqual([one.status, one.approvedBy, one.approvers], ["pending", null, ["ann"]]);
        assert.deepEqual(await store.commit(by(one, "bob", { status })), short(2, 3));
        const two = await moved(store, given(one, "ann", "bob"));
        const three = await moved(store, by(two, "carol", { status }));
        assert.deepEqual([three.status, three.approvedBy, three.approvers], [status, "carol", ["ann", "bob", "carol"]]);
        assert.deepEqual((await read(store, execution.id)).approvers, ["ann", "bob", "carol"]);
      }
    },
  },
  {
    name: "one person counts once, however the id is spelled, and an id that names nobody does not count",
    async run({ store }) {
      const execution = await created(store, { status: "notified", approvalsNeeded: 2 });
      const one = await moved(store, given(execution, "Änn", "änn ", "unknown"));
      assert.deepEqual(one.approvers, ["Änn"]);
      for (const same of ["Änn", "änn", " ÄNN", "A\u0308nn", "unknown"])
        assert.deepEqual(await store.commit(by(one, same)), short(1, 2));
      assert.deepEqual((await moved(store, by(one, "ann"))).approvers, ["Änn", "ann"]);
    },
  },
  {
    name: "an approval may ask for more people than are stored, and never for fewer",
    async run({ store }) {
      const execution = await created(store, { status: "pending", approvalsNeeded: 2 });
      assert.deepEqual(await store.commit(by(execution, "ann", { approvalsNeeded: 1 })), short(1, 2));
      const one = await moved(store, given(execution, "ann"));
      assert.deepEqual(await store.commit(by(one, "bob", { approvalsNeeded: 3 })), short(2, 3));
      const scheduled = await moved(store, by(one, "bob", { status: "scheduled", wakeAt: Date.UTC(2099, 0) }));
      const now = by(scheduled, "ann", { ...WAITS, approvalsNeeded: 3 });
      assert.deepEqual(await store.commit(now), short(2, 3));
      await moved(store, by(scheduled, "carol", { ...WAITS, approvalsNeeded: 3 }));
    },
  },
  {
    name: "approvals stay through a pause, and an approval after the first one begins a new list",
    async run({ store }) {
      const execution = await created(store, { status: "pending", approvalsNeeded: 2 });
      await moved(store, given(execution, "ann"));
      await moved(store, changeOf(execution, { status: "paused" }));
      const resumed = await moved(store, changeOf(execution, { status: "pending" }));
      assert.deepEqual(resumed.approvers, ["ann"]);
      const approved = await moved(store, by(resumed, "bob"));
      const renewed = await moved(store, changeOf(approved, { approvedBy: "carol", wakeAt: null }));
      assert.deepEqual(renewed.approvers, ["carol"]);
      const plain = await moved(store, changeOf(approved, { approvedBy: "dora" }));
      assert.deepEqual(plain.approvers, ["dora"]);
      const stated = await moved(
        store,
        changeOf(approved, { approvedBy: "eve", approvers: ["dora", "eve"], wakeAt: null }),
      );
      assert.deepEqual([stated.approvedBy, stated.approvers], ["eve", ["dora", "eve"]]);
    },
  },
  {
    name: "of many racing approvals by few people none wins before enough different ones have approved",
    async run({ store }) {
      const execution = await created(store, { status: "pending", approvalsNeeded: 2 });
      const racing = await Promise.all(
        Array.from({ length: 8 }, (_, at) => store.commit(by(execution, at % 2 ? "ann" : "ANN"))),
      );
      assert.deepEqual(
        racing,
        Array.from({ length: 8 }, () => short(1, 2)),
      );
      await moved(store, given(execution, "ann"));
      const after = await Promise.all(["ann", "bob", "Bob", "carol"].map((who) => store.commit(by(execution, who))));
      assert.equal(after.filter(({ kind }) => kind === "moved").length, 1);
      assert.equal((await read(store, execution.id)).approvers.length, 2);
    },
  },
];
