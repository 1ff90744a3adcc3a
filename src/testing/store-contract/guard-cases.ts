import { PLANNED } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import type { ChangeGuard } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS, PAST_SHORT_LEASE_MS, SHORT_LEASE_MS } from "./contract-case.js";
import { sampleLine, submitting, unique } from "./samples.js";
import { assertRefused, changeOf, created, moved } from "./steps.js";

/** A time later than any store's clock, and an earlier one. */
const [FAR_FUTURE, LONG_AGO] = [Date.UTC(2200, 0, 1), Date.UTC(2000, 0, 1)];

const TAKE = { kind: "take", owner: "worker-1", durationMs: LONG_LEASE_MS } as const;

/** Guards that refuse the change. The change itself is always the same. */
const REFUSED: readonly { readonly when: string; readonly guard: ChangeGuard }[] = [
  { when: "the status is none of the wanted", guard: { status: ["pending", "approved"] } },
  { when: "no status is wanted", guard: { status: [] } },
  { when: "the version is older than the wanted", guard: { version: 3 } },
  { when: "the version is newer than the wanted", guard: { version: 1 } },
  { when: "the fence is newer than the wanted", guard: { fence: 0 } },
  { when: "the fence is older than the wanted", guard: { fence: 2 } },
  { when: "a lease is live and none may be", guard: { leaseFree: true } },
  { when: "the status fits and the version does not", guard: { status: ["running"], version: 1 } },
  { when: "the version fits and the status does not", guard: { status: ["approved"], version: 2 } },
  { when: "the fence fits and the version does not", guard: { fence: 1, version: 1 } },
  { when: "the store's clock does not read as late as is wanted", guard: { after: FAR_FUTURE } },
  { when: "the store's clock does not read as early as is wanted", guard: { before: LONG_AGO } },
  { when: "the wanted time never comes", guard: { after: Number.POSITIVE_INFINITY } },
  { when: "the wanted time has always been over", guard: { before: Number.NEGATIVE_INFINITY } },
  { when: "the time to come after is none", guard: { after: Number.NaN } },
  { when: "the time to come before is none", guard: { before: Number.NaN } },
  { when: "one time fits and the other does not", guard: { after: LONG_AGO, before: LONG_AGO } },
  { when: "the other time fits and the one does not", guard: { after: FAR_FUTURE, before: FAR_FUTURE } },
  { when: "the times fit and the version does not", guard: { after: LONG_AGO, before: FAR_FUTURE, version: 1 } },
  { when: "version and fence fit and the time does not", guard: { version: 2, fence: 1, before: LONG_AGO } },
  {
    when: "status and version fit and the time does not",
    guard: { status: ["running"], version: 2, after: FAR_FUTURE },
  },
];

/** Cases about guards that refuse a change. */
export const guardCases: readonly ContractCase[] = [
  ...REFUSED.map(
    ({ when, guard }): ContractCase => ({
      name: `commit changes nothing where ${when}`,
      async run({ store }) {
        const running = await created(store);
        await moved(store, changeOf(running, { status: "running", lease: TAKE }));
        await assertRefused(store, changeOf(running, { guard, status: "failed", reason: "must not be" }), "guard");
      },
    }),
  ),
  {
    name: "commit changes nothing where the execution does not exist",
    async run({ store }) {
      await assertRefused(store, changeOf({ id: unique("exec") }), "guard");
    },
  },
  {
    name: "commit goes through where every stated guard holds",
    async run({ store }) {
      const execution = await created(store);
      const free = { status: ["pending", "approved"], version: 1, leaseFree: true } as const;
      const running = await moved(store, changeOf(execution, { guard: free, status: "running", lease: TAKE }));
      const times = { after: LONG_AGO, before: FAR_FUTURE };
      const held = { status: ["running"], version: running.version, fence: running.fence, ...times } as const;
      assert.equal((await moved(store, changeOf(execution, { guard: held }))).version, 3);
      const always = { after: Number.NEGATIVE_INFINITY, before: Number.POSITIVE_INFINITY };
      assert.equal((await moved(store, changeOf(execution, { guard: always }))).version, 4);
    },
  },
  {
    name: "commit guards that an execution has not expired, by the store's clock",
    async run({ store, pass }) {
      const unexpired = { guard: { unexpired: true }, status: "approved" } as const;
      const forEver = await created(store, { status: "pending" });
      const long = await created(store, { status: "pending", expiresInMs: LONG_LEASE_MS });
      const short = await created(store, { status: "pending", expiresInMs: SHORT_LEASE_MS });
      await pass(PAST_SHORT_LEASE_MS);
      for (const execution of [forEver, long]) await moved(store, changeOf(execution, unexpired));
      await assertRefused(store, changeOf(short, unexpired), "guard");
      await assertRefused(store, changeOf(short, { ...unexpired, wakeAt: { inMs: 1 } }), "guard");
    },
  },
  ...[{}, { wakeAt: null }].map(
    (part): ContractCase => ({
      name: `commit compares times with the store's clock to the millisecond, in a change of ${"wakeAt" in part ? "more than " : ""}the status alone`,
      async run({ store, pass }) {
        const execution = await created(store);
        const given = (guard: ChangeGuard) => changeOf(execution, { ...part, guard });
        const { updatedAt: at } = await moved(store, given({}));
        await assertRefused(store, given({ before: at }), "guard");
        await assertRefused(store, given({ after: at + LONG_LEASE_MS }), "guard");
        const sameTime = await store.commit(given({ after: at }));
        const { updatedAt: now } = await moved(store, given({ after: at - 1, before: at + LONG_LEASE_MS }));
        if (now === at)
          assert.equal(sameTime.kind, "refused", "a change went through although the clock did not read later");
        await pass(3);
        await assertRefused(store, given({ before: at + 1 }), "guard");
        await moved(store, given({ after: at }));
      },
    }),
  ),
  {
    name: "a write-ahead comes too late once the time before which it must be made has come, however live the lease",
    async run({ store, pass }) {
      const execution = await created(store);
      const { updatedAt, fence } = await moved(store, changeOf(execution, { status: "running", lease: TAKE }));
      const writeAhead = (version: number, before: number) =>
        changeOf(execution, {
          guard: { version, fence, before },
          lines: [{ index: 0, progress: submitting(), stampSubmission: true }],
        });
      await moved(store, writeAhead(2, updatedAt + LONG_LEASE_MS));
      await pass(PAST_SHORT_LEASE_MS);
      await assertRefused(store, writeAhead(3, updatedAt + SHORT_LEASE_MS), "guard");
    },
  },
  {
    name: "a change of lines without a guarded version is a TypeError and changes nothing",
    async run({ store }) {
      const execution = await created(store);
      const change = changeOf(execution, { guard: { status: ["approved"] }, lines: [{ index: 0, progress: PLANNED }] });
      await assert.rejects(async () => await store.commit(change), TypeError);
      assert.deepEqual(await store.get(execution.id), execution);
    },
  },
  {
    name: "a change that names one line twice is a TypeError and changes nothing",
    async run({ store }) {
      const execution = await created(store);
      const lines = [submitting(), PLANNED].map((progress) => ({ index: 0, progress }));
      const change = changeOf(execution, { guard: { version: 1 }, lines });
      await assert.rejects(async () => await store.commit(change), TypeError);
      assert.deepEqual(await store.get(execution.id), execution);
    },
  },
  {
    name: "a change of a line that the execution does not have changes nothing, not even its other lines",
    async run({ store }) {
      const execution = await created(store, { lines: [sampleLine(0), sampleLine(2)] });
      const lines = [0, 1].map((index) => ({ index, progress: submitting() }));
      await assertRefused(store, changeOf(execution, { guard: { version: 1 }, status: "running", lines }), "guard");
    },
  },
  {
    name: "a fence holds only while the execution is running",
    async run({ store }) {
      const execution = await created(store);
      const running = await moved(store, changeOf(execution, { status: "running", lease: TAKE }));
      for (const status of ["approved", "in_doubt", "completed"] satisfies ExecutionStatus[]) {
        await moved(store, changeOf(execution, { status }));
        await assertRefused(store, changeOf(execution, { guard: { fence: running.fence } }), "guard");
      }
    },
  },
];
