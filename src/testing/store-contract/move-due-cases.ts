import type { DueMove, DueSweep } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS, PAST_SHORT_LEASE_MS, RACERS, SHORT_LEASE_MS } from "./contract-case.js";
import { sampleLine } from "./samples.js";
import { atOnce, changeOf, created, moved, read, storedAbout } from "./steps.js";
import { assertAliveSince, CLAIMS, clearDue, createdApart, EVERYTHING, MOVES, timesTaken } from "./sweep-steps.js";

const EXPIRE = { from: "pending", to: "expired", reason: "Nobody approved in time.", kind: "expired" } as const;
const FIRE = { from: "scheduled", to: "approved", reason: "Its time has come.", kind: "approved" } as const;

const sweepOf = (moves: readonly DueMove[], limit = EVERYTHING): DueSweep => ({ moves, actor: "sweeper", limit });

/** Sweeps over due executions that wait for no worker. */
export const moveDueCases: readonly ContractCase[] = [
  {
    name: "moveDue moves what is due as its status says, with its event, and leaves the rest of it as it was",
    async run({ store, pass }) {
      const lines = [sampleLine(0), sampleLine(2)];
      const wakeAt = 1_790_000_000_123;
      const expired = await created(store, { status: "pending", expiresInMs: SHORT_LEASE_MS, wakeAt, lines });
      const fired = await created(store, { status: "scheduled", wakeAt: 1, reason: "later" });
      await pass(PAST_SHORT_LEASE_MS);
      const moves = await store.moveDue(sweepOf([EXPIRE, FIRE]));
      for (const [before, { from, to, reason, kind }] of [[expired, EXPIRE] as const, [fired, FIRE] as const]) {
        const mine = moves.filter(({ executionId }) => executionId === before.id);
        const { execution, events } = await storedAbout(store, before.id);
        const at = execution?.updatedAt ?? Number.NaN;
        assert.deepEqual(mine, [{ executionId: before.id, from, to, version: 2, at }]);
        const changed = { status: to, reason, wakeAt: null, version: 2, updatedAt: at, statusChangedAt: at };
        assert.deepEqual(execution, { ...before, ...changed });
        assert.ok(at > before.updatedAt, "the sweep is stamped with its own time");
        const event = { executionId: before.id, version: 2, at, status: to, kind, actor: "sweeper", reason };
        assert.deepEqual(events.slice(1), [event]);
      }
      assert.deepEqual(await CLAIMS.foundIn(store, [expired, fired]), [undefined, "approved"]);
      assert.deepEqual(await MOVES.foundIn(store, [expired, fired]), [undefined, undefined]);
    },
  },
  {
    name: "moveDue and claimDue leave who approved, and from when that counts, as it was",
    async run({ store, pass }) {
      const approvedFrom = 1_790_000_000_123;
      const scheduled = await moved(
        store,
        changeOf(await created(store, { status: "pending" }), {
          status: "scheduled",
          approvedBy: "bob",
          approvedFrom,
          wakeAt: 1,
        }),
      );
      await pass(3);
      await store.moveDue(sweepOf([FIRE]));
      const fired = await read(store, scheduled.id);
      assert.deepEqual([fired.status, fired.approvedBy, fired.approvedAt], ["approved", "bob", approvedFrom]);
      await pass(3);
      const event = { kind: "claimed", actor: "worker-1" } as const;
      const batch = {
        limit: EVERYTHING,
        freshFirst: false,
        except: [],
        owner: "worker-1",
        durationMs: LONG_LEASE_MS,
        event,
      };
      await store.claimDue({ ...batch, from: ["approved"] });
      const claimed = await read(store, scheduled.id);
      assert.deepEqual([claimed.status, claimed.approvedBy, claimed.approvedAt], ["running", "bob", approvedFrom]);
    },
  },
  {
    name: "moveDue leaves alone what is not due, and what is due in a status that it does not name",
    async run({ store, pass }) {
      const executions = [
        await created(store, { status: "pending", expiresInMs: LONG_LEASE_MS }),
        await created(store, { status: "pending", wakeAt: 1 }),
        await created(store, { status: "scheduled", expiresInMs: SHORT_LEASE_MS }),
        await created(store, { status: "notified", expiresInMs: SHORT_LEASE_MS }),
        await created(store, { status: "paused", expiresInMs: SHORT_LEASE_MS, wakeAt: 1 }),
        await created(store, { status: "approved", wakeAt: 1 }),
        await created(store, { status: "canceled", expiresInMs: SHORT_LEASE_MS }),
      ];
      const before = await Promise.all(executions.map(({ id }) => storedAbout(store, id)));
      await pass(PAST_SHORT_LEASE_MS);
      const moves = await store.moveDue(sweepOf([EXPIRE, FIRE]));
      const moved = moves.map(({ executionId }) => executionId);
      assert.deepEqual(timesTaken(executions, moved), [0, 0, 0, 0, 0, 0, 0]);
      assert.deepEqual(await store.moveDue(sweepOf([])), []);
      assert.deepEqual(await Promise.all(executions.map(({ id }) => storedAbout(store, id))), before);
    },
  },
  {
    name: "moveDue takes those first that waited longest, and no more than asked for; other statuses do not count",
    async run(subject) {
      const { store } = subject;
      await clearDue(store);
      await createdApart(subject, { status: "approved" });
      const waiting = await createdApart(subject, { status: "pending", expiresInMs: 1 });
      const takenWith = async (limit: number) => {
        const moves = await store.moveDue(sweepOf([EXPIRE], limit));
        return timesTaken(
          waiting,
          moves.map(({ executionId }) => executionId),
        );
      };
      assert.deepEqual(await takenWith(2), [1, 1, 0]);
      assert.deepEqual(await takenWith(2), [0, 0, 1]);
      assert.deepEqual(await takenWith(2), [0, 0, 0]);
    },
  },
  {
    name: "of many racing sweeps one moves each due execution",
    async run({ store, pass }) {
      await clearDue(store);
      const executions = await atOnce(12, () => created(store, { status: "pending", expiresInMs: 1 }));
      await pass(3);
      const races = await atOnce(RACERS, () => store.moveDue(sweepOf([EXPIRE], 3)));
      const rest = await store.moveDue(sweepOf([EXPIRE]));
      const moved = [...races.flat(), ...rest].map(({ executionId }) => executionId);
      assert.deepEqual(timesTaken(executions, moved), Array(12).fill(1));
      for (const { id } of executions) {
        const { execution, events } = await storedAbout(store, id);
        assert.deepEqual([execution?.status, execution?.version, events.length], ["expired", 2, 2]);
      }
    },
  },
  {
    name: "of a sweep and a decision that race for an execution one wins",
    async run({ store, pass }) {
      const executions = await atOnce(8, () => created(store, { status: "pending", expiresInMs: 1 }));
      await pass(3);
      const approve = { guard: { status: ["pending"] }, status: "approved" } as const;
      const [moves, ...decisions] = await Promise.all([
        store.moveDue(sweepOf([EXPIRE])),
        ...executions.map((execution) => store.commit(changeOf(execution, approve))),
      ]);
      for (const [at, { id }] of executions.entries()) {
        const approved = decisions[at]?.kind === "moved";
        assert.notEqual(
          moves.some(({ executionId }) => executionId === id),
          approved,
          "not exactly one winner",
        );
        const { status, version } = await read(store, id);
        assert.deepEqual([status, version], [approved ? "approved" : "expired", 2]);
      }
    },
  },
  {
    name: "a move by a sweep counts as activity",
    async run({ store, pass }) {
      const execution = await created(store, { status: "scheduled", wakeAt: 1 });
      await pass(PAST_SHORT_LEASE_MS);
      await store.moveDue(sweepOf([FIRE]));
      await assertAliveSince(store, execution, (await read(store, execution.id)).updatedAt);
    },
  },
];
