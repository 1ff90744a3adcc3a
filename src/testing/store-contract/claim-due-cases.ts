import type { Execution } from "../../domain/execution.js";
import type { ClaimBatch } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS, PAST_SHORT_LEASE_MS, RACERS, SHORT_LEASE_MS } from "./contract-case.js";
import { sampleLine, submitting } from "./samples.js";
import {
  assertRefused,
  atOnce,
  changeOf,
  created,
  inEitherOrder,
  lineChange,
  moved,
  read,
  storedAbout,
} from "./steps.js";
import { assertAliveSince, clearDue, createdApart, EVERYTHING, SWEEPS, take, timesTaken } from "./sweep-steps.js";

const EVENT = { kind: "claimed", actor: "worker-1", reason: "by a batch", data: { round: 1 } } as const;

const batchOf = (parts: Partial<ClaimBatch> = {}): ClaimBatch => ({
  from: ["approved", "running", "in_doubt"],
  limit: EVERYTHING,
  freshFirst: false,
  except: [],
  owner: "worker-1",
  durationMs: LONG_LEASE_MS,
  event: EVENT,
  ...parts,
});

const idsIn = (claims: readonly { readonly execution: Execution }[]): readonly string[] =>
  claims.map(({ execution }) => execution.id);

/** Claims of many due executions at once. */
export const claimDueCases: readonly ContractCase[] = [
  {
    name: "claimDue hands out due executions as they are then: running, the next fence, a lease, no time to wake, an event",
    async run({ store, pass }) {
      const doubtful = { ...sampleLine(3), ...submitting(), state: "in_doubt" } as const;
      const executions = [
        await created(store, { wakeAt: 1, reason: "approved at last" }),
        await created(store, { status: "in_doubt", lines: [sampleLine(0), doubtful] }),
        await moved(store, changeOf(await created(store), { status: "running", lease: take(SHORT_LEASE_MS) })),
      ];
      await pass(PAST_SHORT_LEASE_MS);
      const claims = await store.claimDue(batchOf());
      for (const before of executions) {
        const claim = claims.find(({ execution }) => execution.id === before.id);
        const { execution, events } = await storedAbout(store, before.id);
        const at = execution?.updatedAt ?? Number.NaN;
        assert.deepEqual(execution, {
          ...before,
          status: "running",
          version: before.version + 1,
          fence: before.fence + 1,
          lease: { owner: "worker-1", expiresAt: at + LONG_LEASE_MS },
          wakeAt: null,
          updatedAt: at,
          statusChangedAt: before.status === "running" ? before.statusChangedAt : at,
        });
        assert.ok(at > before.updatedAt, "the claim is stamped with its own time");
        assert.deepEqual(claim, { execution, from: before.status });
        const { version, status } = execution;
        assert.deepEqual(events.slice(before.version), [{ executionId: before.id, version, at, status, ...EVENT }]);
      }
    },
  },
  {
    name: "claimDue leaves alone what is not due, has none of the wanted statuses, is excepted or has a live lease",
    async run({ store, pass }) {
      const excepted = await created(store);
      const running = await created(store);
      const executions = [
        excepted,
        await moved(store, changeOf(running, { status: "running", lease: take(LONG_LEASE_MS) })),
        await moved(store, changeOf(await created(store), { wakeAt: { inMs: LONG_LEASE_MS } })),
        await created(store, { status: "in_doubt" }),
        await created(store, { status: "paused" }),
        await created(store, { status: "failed" }),
      ];
      const before = await Promise.all(executions.map(({ id }) => storedAbout(store, id)));
      await pass(3);
      const batch = batchOf({ from: ["approved", "running"], except: [excepted.id, "exec-absent"] });
      assert.deepEqual(timesTaken(executions, idsIn(await store.claimDue(batch))), [0, 0, 0, 0, 0, 0]);
      assert.deepEqual(await store.claimDue(batchOf({ from: [] })), []);
      assert.deepEqual(await Promise.all(executions.map(({ id }) => storedAbout(store, id))), before);
    },
  },
  {
    name: "claimDue takes those first that waited longest, and no more than asked for; what it passes over does not count",
    async run(subject) {
      const { store } = subject;
      await clearDue(store);
      await createdApart(subject, { status: "in_doubt" });
      const [excepted, ...waiting] = [
        ...(await createdApart(subject, { status: "approved" })),
        ...(await createdApart(subject, { status: "approved" })),
      ];
      const batch = batchOf({ from: ["approved"], limit: 3, except: [excepted?.id ?? ""] });
      assert.deepEqual(timesTaken(waiting, idsIn(await store.claimDue(batch))), [1, 1, 1, 0, 0]);
      assert.deepEqual(timesTaken(waiting, idsIn(await store.claimDue(batch))), [0, 0, 0, 1, 1]);
      assert.deepEqual(await store.claimDue(batch), []);
    },
  },
  {
    name: "claimDue takes those first that have not slept, where it is asked for, and those that have for what room is left",
    async run({ store, pass }) {
      await clearDue(store);
      const slept = await atOnce(4, () => created(store, { status: "in_doubt", wakeAt: 1 }));
      await pass(2);
      const later = await created(store, { status: "approved" });
      await moved(store, changeOf(later, { wakeAt: { inMs: LONG_LEASE_MS } }));
      const fresh = await atOnce(2, () => created(store, { status: "approved" }));
      await pass(2);
      const [excepted] = fresh;
      const take = async (parts: Partial<ClaimBatch>) => idsIn(await store.claimDue(batchOf(parts)));
      const one = await take({ freshFirst: true, limit: 1, except: [excepted?.id ?? ""] });
      assert.deepEqual(timesTaken([...fresh, ...slept, later], one), [0, 1, 0, 0, 0, 0, 0]);
      const oldest = await take({ limit: 1 });
      assert.equal(timesTaken(slept, oldest).filter((times) => times === 1).length, 1);
      const three = await take({ freshFirst: true, limit: 3 });
      assert.deepEqual(timesTaken(fresh, three), [1, 0]);
      assert.equal(new Set(three).size, 3);
      const rest = await take({ freshFirst: true });
      assert.deepEqual(timesTaken(slept, [...oldest, ...three, ...rest]), [1, 1, 1, 1]);
      assert.deepEqual(timesTaken([later], rest), [0]);
    },
  },
  {
    name: "many racing workers get different executions: none twice, none lost",
    async run({ store, pass }) {
      await clearDue(store);
      const executions = await atOnce(30, () => created(store));
      await pass(3);
      const races = await atOnce(RACERS, async (racer) => {
        const owner = `worker-${racer}`;
        const claims = await store.claimDue(batchOf({ limit: 3, owner }));
        for (const { execution } of claims) assert.equal(execution.lease?.owner, owner);
        return claims;
      });
      assert.ok(
        races.every((claims) => claims.length <= 3),
        "more than asked for",
      );
      const rest = await store.claimDue(batchOf());
      assert.deepEqual(timesTaken(executions, idsIn([...races.flat(), ...rest])), Array(30).fill(1));
      for (const { execution } of [...races.flat(), ...rest]) {
        assert.deepEqual([execution.version, execution.fence], [2, 1]);
        assert.deepEqual(await store.get(execution.id), execution);
      }
    },
  },
  {
    name: "of a batch and claims by name that race for executions one wins each",
    async run({ store, pass }) {
      const executions = await atOnce(8, () => created(store));
      await pass(3);
      const guard = { status: ["approved", "running"], leaseFree: true } as const;
      const byName = {
        guard,
        status: "running",
        lease: { kind: "take", owner: "by name", durationMs: LONG_LEASE_MS },
      } as const;
      const [batch, ...claims] = await Promise.all([
        store.claimDue(batchOf()),
        ...executions.map((execution) => store.commit(changeOf(execution, byName))),
      ]);
      for (const [at, { id }] of executions.entries()) {
        const named = claims[at]?.kind === "moved";
        assert.notEqual(idsIn(batch).includes(id), named, "not exactly one winner");
        const { fence, lease } = await read(store, id);
        assert.deepEqual([fence, lease?.owner], [1, named ? "by name" : "worker-1"]);
      }
    },
  },
  {
    name: "a claimed execution is its worker's until the lease is over; then the next claim shuts that worker out",
    async run({ store, pass }) {
      const mine = await created(store);
      await pass(3);
      assert.deepEqual(timesTaken([mine], idsIn(await store.claimDue(batchOf()))), [1]);
      for (const { foundIn } of SWEEPS) assert.deepEqual(await foundIn(store, [mine]), [undefined]);
      await assertRefused(store, changeOf(mine, { guard: { leaseFree: true } }), "guard");
      await moved(store, changeOf(mine, { guard: { fence: 1 }, lease: { kind: "renew", durationMs: SHORT_LEASE_MS } }));
      await pass(PAST_SHORT_LEASE_MS);
      const second = await store.claimDue(batchOf({ owner: "worker-2" }));
      const again = second.find(({ execution }) => execution.id === mine.id);
      assert.deepEqual([again?.from, again?.execution.fence], ["running", 2]);
      await assertRefused(store, changeOf(mine, { guard: { fence: 1 } }), "guard");
      await moved(store, changeOf(mine, { guard: { fence: 2 }, lease: { kind: "release" } }));
    },
  },
  {
    name: "the lines that claimDue hands out are those of the version it hands out",
    async run({ store, pass }) {
      for (let round = 0; round < 6; round += 1) {
        const executions = await atOnce(RACERS, () => created(store));
        await pass(2);
        const [changes, claims] = await inEitherOrder(
          round,
          () => Promise.all(executions.map((before) => store.commit(lineChange(before, submitting())))),
          () => atOnce(RACERS / 2, () => store.claimDue(batchOf())),
        );
        const all = [...claims.flat(), ...(await store.claimDue(batchOf()))];
        for (const [at, before] of executions.entries()) {
          const change = changes[at] ?? assert.fail();
          const claim = all.find(({ execution }) => execution.id === before.id);
          const wasFirst = change.kind === "moved";
          assert.deepEqual(claim?.execution.lines, wasFirst ? change.execution.lines : before.lines);
          assert.equal(claim?.execution.version, wasFirst ? 3 : 2);
        }
      }
    },
  },
  {
    name: "a claim by a batch counts as activity",
    async run({ store, pass }) {
      const execution = await created(store, { status: "running" });
      await pass(PAST_SHORT_LEASE_MS);
      await store.claimDue(batchOf({ durationMs: 0 }));
      await assertAliveSince(store, execution, (await read(store, execution.id)).updatedAt);
    },
  },
];
