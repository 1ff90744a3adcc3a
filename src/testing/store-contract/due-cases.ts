import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS, PAST_SHORT_LEASE_MS, SHORT_LEASE_MS } from "./contract-case.js";
import { changeOf, created, moved } from "./steps.js";
import { clearDue, SWEEPS, take } from "./sweep-steps.js";

/** Cases about which executions are due, for moves and for claims. */
export const dueCases: readonly ContractCase[] = [
  {
    name: "moveDue and claimDue take pending and notified executions once they have expired",
    async run({ store, pass }) {
      for (const { foundIn } of SWEEPS) {
        const others = [
          await created(store, { status: "pending", expiresInMs: LONG_LEASE_MS }),
          await created(store, { status: "notified", expiresInMs: LONG_LEASE_MS }),
          await created(store, { status: "pending" }),
          await created(store, { status: "notified" }),
        ];
        assert.deepEqual(await foundIn(store, others), [undefined, undefined, undefined, undefined]);
        const short = [
          await created(store, { status: "pending", expiresInMs: SHORT_LEASE_MS }),
          await created(store, { status: "notified", expiresInMs: SHORT_LEASE_MS }),
        ];
        await pass(PAST_SHORT_LEASE_MS);
        assert.deepEqual(await foundIn(store, [...short, ...others]), [
          "pending",
          "notified",
          undefined,
          undefined,
          undefined,
          undefined,
        ]);
      }
    },
  },
  {
    name: "moveDue and claimDue take scheduled executions from their time on",
    async run({ store }) {
      for (const { foundIn } of SWEEPS) {
        const execution = await created(store, { status: "scheduled" });
        assert.deepEqual(await foundIn(store, [execution]), [undefined]);
        await moved(store, changeOf(execution, { wakeAt: { inMs: LONG_LEASE_MS } }));
        assert.deepEqual(await foundIn(store, [execution]), [undefined]);
        await moved(store, changeOf(execution, { wakeAt: execution.createdAt - 1 }));
        assert.deepEqual(await foundIn(store, [execution]), ["scheduled"]);
      }
    },
  },
  {
    name: "moveDue and claimDue take approved and in-doubt executions unless they sleep",
    async run({ store, pass }) {
      for (const { foundIn } of SWEEPS) {
        const awake = [await created(store, { status: "approved" }), await created(store, { status: "in_doubt" })];
        const asleep = [await created(store, { status: "approved" }), await created(store, { status: "in_doubt" })];
        for (const execution of asleep) await moved(store, changeOf(execution, { wakeAt: { inMs: LONG_LEASE_MS } }));
        assert.deepEqual(await foundIn(store, [...awake, ...asleep]), ["approved", "in_doubt", undefined, undefined]);
        for (const execution of asleep) await moved(store, changeOf(execution, { wakeAt: { inMs: SHORT_LEASE_MS } }));
        await pass(PAST_SHORT_LEASE_MS);
        assert.deepEqual(await foundIn(store, asleep), ["approved", "in_doubt"]);
      }
    },
  },
  {
    name: "moveDue and claimDue take running executions whose lease is over, unless they sleep",
    async run({ store, pass }) {
      for (const { foundIn } of SWEEPS) {
        const [left, leased] = [await created(store), await created(store)];
        for (const execution of [left, leased])
          await moved(store, changeOf(execution, { status: "running", lease: take(LONG_LEASE_MS) }));
        assert.deepEqual(await foundIn(store, [left, leased]), [undefined, undefined]);
        await moved(store, changeOf(left, { lease: take(SHORT_LEASE_MS) }));
        await pass(PAST_SHORT_LEASE_MS);
        assert.deepEqual(await foundIn(store, [left, leased]), ["running", undefined]);
        await moved(store, changeOf(leased, { lease: { kind: "release" }, wakeAt: { inMs: LONG_LEASE_MS } }));
        assert.deepEqual(await foundIn(store, [leased]), [undefined]);
        await moved(store, changeOf(leased, { wakeAt: null }));
        assert.deepEqual(await foundIn(store, [leased]), ["running"]);
      }
    },
  },
  {
    name: "moveDue and claimDue never take paused and ended executions",
    async run({ store }) {
      for (const status of ["paused", "completed", "partially_completed", "failed", "canceled", "expired"] as const) {
        const execution = await created(store, { status, wakeAt: 1, expiresInMs: 0 });
        for (const { foundIn } of SWEEPS) assert.deepEqual(await foundIn(store, [execution]), [undefined], status);
      }
    },
  },
  {
    name: "moveDue and claimDue go by how long each execution has waited, whenever it was created or changed",
    async run({ store, pass }) {
      for (const { taken } of SWEEPS) {
        await clearDue(store);
        const ids: string[] = [];
        for (const wakeAt of [4, 3, 2, 1]) {
          ids.unshift((await created(store, { status: "scheduled", wakeAt })).id);
          await pass(2);
        }
        for (const id of ids.toReversed()) {
          await moved(store, changeOf({ id }, { reason: "looked at" }));
          await pass(2);
        }
        await moved(store, changeOf({ id: ids[1] ?? "" }, { wakeAt: 5 }));
        for (const id of [ids[0], ids[2], ids[3], ids[1]])
          assert.deepEqual(
            (await taken(store, 1)).map(({ executionId }) => executionId),
            [id],
          );
      }
    },
  },
];
