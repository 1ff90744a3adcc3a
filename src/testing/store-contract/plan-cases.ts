import type { Execution, PlanStep } from "../../domain/execution.js";
import type { ExecutionChange, ExecutionStore, TakenStep } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, RACERS } from "./contract-case.js";
import { committed, newInput, unique } from "./samples.js";
import { atOnce, changeOf, countOf, created, createdFrom, lineChange, moved, storedAbout } from "./steps.js";

/** An execution that waits for approval as a step of a plan. */
const waiting = (store: ExecutionStore, plan: PlanStep): Promise<Execution> =>
  created(store, { status: "pending", plan });

const approval = ({ id }: Pick<Execution, "id">): ExecutionChange =>
  changeOf({ id }, { guard: { status: ["pending", "notified"] }, status: "approved", approvedBy: "bob" });

const approved = async (store: ExecutionStore, plan: PlanStep): Promise<Execution> =>
  moved(store, approval(await waiting(store, plan)));

async function assertTaken(store: ExecutionStore, execution: Execution, taken: TakenStep): Promise<void> {
  const before = await storedAbout(store, execution.id);
  assert.deepEqual(await store.commit(approval(execution)), { kind: "refused", because: "plan", taken });
  assert.deepEqual(await storedAbout(store, execution.id), before, "a refused approval left a trace");
}

/** Cases about steps of plans. */
export const planCases: readonly ContractCase[] = [
  {
    name: "an execution keeps its plan, its step and why steps are skipped",
    async run({ store }) {
      const plans: readonly PlanStep[] = [
        { id: unique("plan"), step: null },
        { id: unique("plan"), step: 0 },
        { id: unique("plan"), step: 7, skipStep: "the first six were bought by hand" },
      ];
      for (const plan of plans) assert.deepEqual((await store.get((await waiting(store, plan)).id))?.plan, plan);
    },
  },
  {
    name: "a step of a plan is approved once while its execution is open, and for ever once it has bought anything",
    async run({ store }) {
      const id = unique("plan");
      const first = await approved(store, { id, step: 1 });
      const again = await waiting(store, { id, step: 1 });
      await assertTaken(store, again, { why: "taken", executionId: first.id, step: 1 });
      const bought = await moved(store, lineChange(first, committed(unique("ri"))));
      await moved(store, changeOf(bought, { status: "completed" }));
      await assertTaken(store, again, { why: "taken", executionId: first.id, step: 1 });
    },
  },
  {
    name: "a step whose execution ended without a purchase is free again",
    async run({ store }) {
      const id = unique("plan");
      const first = await approved(store, { id, step: 1 });
      await moved(store, changeOf(first, { status: "failed" }));
      await approved(store, { id, step: 1 });
    },
  },
  {
    name: "steps come one after the other, do not go back, and are skipped only with a reason",
    async run({ store }) {
      const id = unique("plan");
      await approved(store, { id, step: 3 });
      const fourth = await approved(store, { id, step: 4 });
      await assertTaken(store, await waiting(store, { id, step: 2 }), { why: "back", executionId: fourth.id, step: 4 });
      await assertTaken(store, await waiting(store, { id, step: 6 }), {
        why: "skipped",
        executionId: fourth.id,
        step: 4,
      });
      await approved(store, { id, step: 6, skipStep: "the fifth is not needed" });
    },
  },
  {
    name: "a retry keeps the step of its lineage",
    async run({ store }) {
      const plan = { id: unique("plan"), step: 1 };
      const first = await approved(store, plan);
      const bought = await moved(store, lineChange(first, committed(unique("ri"))));
      const failed = await moved(store, changeOf(bought, { status: "partially_completed" }));
      const retry = await createdFrom(store, {
        ...newInput({ status: "pending", lineageKey: first.lineageKey, plan }),
        retryOf: { executionId: first.id, version: failed.version, predecessorEvent: { kind: "retried", actor: "c" } },
      });
      await moved(store, approval(retry));
    },
  },
  {
    name: "baskets of other plans, of no step, and those that only wait for approval take no step",
    async run({ store }) {
      const id = unique("plan");
      for (const step of [null, null, 1, 9]) await waiting(store, { id, step });
      for (const step of [null, null]) await approved(store, { id, step });
      await approved(store, { id: unique("plan"), step: 9 });
      await approved(store, { id, step: 1 });
    },
  },
  {
    name: "of many racing approvals of one step one wins",
    async run({ store }) {
      const id = unique("plan");
      const baskets = await atOnce(RACERS, () => waiting(store, { id, step: 1 }));
      const results = await Promise.all(baskets.map((basket) => store.commit(approval(basket))));
      assert.equal(countOf(results, "moved"), 1, "not exactly one winner");
      for (const result of results) if (result.kind === "refused") assert.equal(result.because, "plan");
    },
  },
];
