import type { Execution, LineProgress, PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import type { Need } from "../../domain/need.js";
import type { ExecutionChange, ExecutionStore, NewExecution } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, RACERS } from "./contract-case.js";
import { committed, newInput, sampleLine, submitting, unique } from "./samples.js";
import {
  assertRefused,
  atOnce,
  changeOf,
  countOf,
  created,
  createdFrom,
  lineChange,
  moved,
  storedAbout,
} from "./steps.js";

const HOUR_MS = 3_600_000;

const needOf = (key: string, parts: Partial<Need> = {}): Need => ({
  key,
  windowMs: HOUR_MS,
  allowOverlap: null,
  ...parts,
});

const lineOf = (need: Need | null, index = 0): PurchaseLine => ({ ...sampleLine(index), need });

/** An execution that waits for approval, with one line for each need. */
const waiting = (
  store: ExecutionStore,
  needs: readonly (Need | null)[],
  overrides: Partial<NewExecution> = {},
): Promise<Execution> =>
  created(store, { status: "pending", lines: needs.map((need, index) => lineOf(need, index)), ...overrides });

const approval = ({ id }: Pick<Execution, "id">, parts: Partial<ExecutionChange> = {}): ExecutionChange =>
  changeOf({ id }, { guard: { status: ["pending", "notified"] }, status: "approved", approvedBy: "bob", ...parts });

const approve = (store: ExecutionStore, execution: Execution): Promise<Execution> => moved(store, approval(execution));

/** Asserts that an approval is refused because these executions cover a need, and that it has changed nothing. */
async function assertCovered(
  store: ExecutionStore,
  execution: Execution,
  by: readonly { readonly executionId: string; readonly lineIndex?: number; readonly status?: ExecutionStatus }[],
): Promise<void> {
  const before = await storedAbout(store, execution.id);
  const result = await store.commit(approval(execution));
  if (result.kind !== "refused" || result.because !== "need") assert.fail(`not covered: ${JSON.stringify(result)}`);
  assert.deepEqual(
    result.covered.map(({ executionId, lineIndex, status }) => ({ executionId, lineIndex, status })),
    by.map(({ executionId, lineIndex = 0, status = "approved" }) => ({ executionId, lineIndex, status })),
  );
  assert.deepEqual(await storedAbout(store, execution.id), before, "a refused approval left a trace");
}

/** Cases about approvals of baskets that cover the same. */
export const needCases: readonly ContractCase[] = [
  {
    name: "a line keeps its need",
    async run({ store }) {
      const need = needOf(unique("need"), { allowOverlap: "for the new region" });
      const execution = await waiting(store, [need, null]);
      assert.deepEqual(
        (await store.get(execution.id))?.lines.map((line) => line.need),
        [need, null],
      );
    },
  },
  ...(["approved", "scheduled"] as const).map(
    (status): ContractCase => ({
      name: `an approval is refused while another lineage is ${status} for the same need`,
      async run({ store }) {
        const key = unique("need");
        const [first, third] = [await waiting(store, [needOf(key)]), await waiting(store, [null, needOf(key)])];
        const second = await waiting(store, [needOf(key)], { status: "notified" });
        await moved(store, approval(first, { status, wakeAt: status === "scheduled" ? Date.now() + HOUR_MS : null }));
        await assertCovered(store, second, [{ executionId: first.id, status }]);
        await assertCovered(store, third, [{ executionId: first.id, lineIndex: 1, status }]);
        await moved(store, changeOf(first, { status: "canceled", wakeAt: null }));
        await approve(store, second);
      },
    }),
  ),
  {
    name: "an execution that covers a need with two lines is named once",
    async run({ store }) {
      const key = unique("need");
      const first = await waiting(store, [needOf(key), needOf(key, { allowOverlap: "twice as many" })]);
      const second = await waiting(store, [needOf(key)]);
      await approve(store, first);
      await assertCovered(store, second, [{ executionId: first.id }]);
    },
  },
  {
    name: "an approval to a later time is refused as one to now, and a change of more than the status is none",
    async run({ store }) {
      const key = unique("need");
      const [first, second] = [await waiting(store, [needOf(key)]), await waiting(store, [needOf(key)])];
      await approve(store, first);
      const result = await store.commit(approval(second, { status: "scheduled", wakeAt: Date.now() + HOUR_MS }));
      assert.equal(result.kind === "refused" && result.because, "need");
      const lease = { kind: "take", owner: "w", durationMs: HOUR_MS } as const;
      await assertRefused(store, approval(second, { lease }), "guard");
      const progress = second.lines[0] as LineProgress;
      await assertRefused(
        store,
        approval(second, { guard: { version: second.version }, lines: [{ index: 0, progress }] }),
        "guard",
      );
      await assertRefused(store, approval(second, { guard: { leaseFree: true } }), "guard");
      const later = { status: "scheduled", wakeAt: Date.now() + HOUR_MS } as const;
      const { id } = await moved(store, approval(await waiting(store, [null]), later));
      const sooner = { guard: { status: ["scheduled"] }, status: "approved", approvedBy: "carol" } as const;
      await assertRefused(store, changeOf({ id }, { ...sooner, lease }), "guard");
      await moved(store, changeOf({ id }, sooner));
    },
  },
  ...(["submitting", "in_doubt"] as const).map(
    (state): ContractCase => ({
      name: `a line that is ${state} covers its need, whatever the status of its execution`,
      async run({ store }) {
        const key = unique("need");
        const first = await approve(store, await waiting(store, [needOf(key)]));
        const sent = await moved(store, lineChange(first, { ...submitting(), state }));
        await moved(store, changeOf(sent, { status: "failed" }));
        await assertCovered(store, await waiting(store, [needOf(key)]), [{ executionId: first.id, status: "failed" }]);
      },
    }),
  ),
  {
    name: "a purchase covers its need for the window of the line that asks, and says until when",
    async run({ store, pass }) {
      const key = unique("need");
      const first = await approve(store, await waiting(store, [needOf(key)]));
      const sent = await moved(
        store,
        changeOf(first, {
          guard: { version: first.version },
          lines: [{ index: 0, progress: submitting(), stampSubmission: true }],
        }),
      );
      const submittedAt = sent.lines[0]?.submittedAt ?? assert.fail("the submission has no time");
      const bought = { ...committed(unique("ri")), submittedAt };
      await moved(
        store,
        changeOf(sent, {
          guard: { version: sent.version },
          status: "completed",
          lines: [{ index: 0, progress: bought }],
        }),
      );
      await pass(40);
      const [long, short] = [
        await waiting(store, [needOf(key)]),
        await waiting(store, [needOf(key, { windowMs: 30 })]),
      ];
      const result = await store.commit(approval(long));
      assert.deepEqual(result, {
        kind: "refused",
        because: "need",
        covered: [{ lineIndex: 0, executionId: first.id, status: "completed", until: submittedAt + HOUR_MS }],
      });
      await approve(store, short);
    },
  },
  {
    name: "a line that is certainly not bought covers nothing",
    async run({ store }) {
      for (const state of ["rejected", "skipped"] as const) {
        const key = unique("need");
        const first = await approve(store, await waiting(store, [needOf(key), needOf(unique("other"))]));
        await moved(store, lineChange(first, { ...submitting(), state }));
        await approve(store, await waiting(store, [needOf(key)]));
      }
      const key = unique("need");
      const failed = await approve(store, await waiting(store, [needOf(key)]));
      await moved(store, changeOf(failed, { status: "failed" }));
      await approve(store, await waiting(store, [needOf(key)]));
    },
  },
  {
    name: "baskets that only wait for approval cover nothing, and neither do other needs",
    async run({ store }) {
      const key = unique("need");
      for (const status of ["pending", "notified", "paused"] as const) await waiting(store, [needOf(key)], { status });
      await approve(store, await waiting(store, [needOf(unique("other"))]));
      await approve(store, await waiting(store, [needOf(key)]));
    },
  },
  {
    name: "a line that allows overlap is approved all the same, and covers its need for others",
    async run({ store }) {
      const key = unique("need");
      const allowed = needOf(key, { allowOverlap: "two teams" });
      const first = await approve(store, await waiting(store, [allowed]));
      const second = await approve(store, await waiting(store, [allowed]));
      const covering = [first, second]
        .map(({ id }) => ({ executionId: id }))
        .toSorted((a, b) => (a.executionId < b.executionId ? -1 : 1));
      await assertCovered(store, await waiting(store, [needOf(key)]), covering);
    },
  },
  {
    name: "the executions of a lineage do not cover each other's needs",
    async run({ store }) {
      const key = unique("need");
      const first = await approve(store, await waiting(store, [needOf(key), needOf(unique("other"))]));
      const bought = await moved(store, lineChange(first, committed(unique("ri"))));
      const failed = await moved(store, changeOf(bought, { status: "partially_completed" }));
      const retry = await createdFrom(store, {
        ...newInput({ status: "pending", lineageKey: first.lineageKey, lines: [lineOf(needOf(key), 1)] }),
        retryOf: { executionId: first.id, version: failed.version, predecessorEvent: { kind: "retried", actor: "c" } },
      });
      await approve(store, retry);
    },
  },
  {
    name: "of many racing approvals of overlapping baskets one wins",
    async run({ store }) {
      const [key, other] = [unique("need"), unique("need")];
      const baskets = await atOnce(RACERS, (racer) =>
        waiting(store, racer % 2 === 0 ? [needOf(key), needOf(other)] : [needOf(other), needOf(key)]),
      );
      const results = await Promise.all(baskets.map((basket) => store.commit(approval(basket))));
      assert.equal(countOf(results, "moved"), 1, "not exactly one winner");
      const winner = baskets[results.findIndex(({ kind }) => kind === "moved")];
      for (const result of results)
        if (result.kind === "refused")
          assert.deepEqual(
            [result.because, ...new Set(result.because === "need" ? result.covered.map((one) => one.executionId) : [])],
            ["need", winner?.id],
          );
    },
  },
  {
    name: "an approval that wins keeps out another that asks at any moment",
    async run({ store }) {
      for (let round = 0; round < 10; round += 1) {
        const key = unique("need");
        const baskets = [await waiting(store, [needOf(key)]), await waiting(store, [needOf(key)])] as const;
        const [first, second] = await Promise.all([
          store.commit(approval(baskets[0])),
          (async () => {
            await store.events(baskets[1].id);
            return await store.commit(approval(baskets[1]));
          })(),
        ]);
        assert.equal(countOf([first, second], "moved"), 1, "both are approved, or none is");
      }
    },
  },
  {
    name: "a refused guard comes before a covered need, and an approval that is moved on keeps its need",
    async run({ store }) {
      const key = unique("need");
      const first = await approve(store, await waiting(store, [needOf(key)]));
      const second = await waiting(store, [needOf(key)]);
      await assertRefused(store, approval(second, { guard: { status: ["notified"] } }), "guard");
      await assertRefused(store, approval(second, { guard: { version: 7 } }), "guard");
      await moved(store, changeOf(first, { status: "running" }));
      await moved(store, changeOf(first, { guard: { status: ["running"] }, status: "approved" }));
      await assertCovered(store, second, [{ executionId: first.id }]);
    },
  },
  {
    name: "needs tells who uses a need: planned in open executions, unsettled, or bought lately",
    async run({ store }) {
      const key = unique("need");
      const pending = await waiting(store, [null, needOf(key)]);
      const approved = await approve(store, await waiting(store, [needOf(key)]));
      await moved(store, changeOf(await waiting(store, [needOf(key)]), { status: "canceled" }));
      const bought = await moved(store, lineChange(await waiting(store, [needOf(key)]), committed(unique("ri"))));
      const uses = await store.needs({ needKeys: [key, unique("none")], boughtWithinMs: HOUR_MS, limit: 10 });
      const seen = uses.map(({ until, ...use }) => ({ ...use, isBought: until !== null }));
      const use = { needKey: key, lineIndex: 0, lineState: "planned", isBought: false };
      assert.deepEqual(
        seen,
        [
          { ...use, executionId: pending.id, lineageKey: pending.lineageKey, lineIndex: 1, status: "pending" },
          { ...use, executionId: approved.id, lineageKey: approved.lineageKey, status: "approved" },
          {
            ...use,
            executionId: bought.id,
            lineageKey: bought.lineageKey,
            status: "pending",
            lineState: "committed",
            isBought: true,
          },
        ].toSorted((a, b) => (a.executionId < b.executionId ? -1 : 1)),
      );
      assert.equal((await store.needs({ needKeys: [key], boughtWithinMs: HOUR_MS, limit: 2 })).length, 2);
    },
  },
];
