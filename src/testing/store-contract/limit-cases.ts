import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { PurchaseLine } from "../../domain/execution.js";
import type { LimitScope, StoredLimit } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, RACERS } from "./contract-case.js";
import {
  approval,
  approved,
  assertUse,
  limitOn,
  pricedLine,
  setLimits,
  setOf,
  usd,
  useOf,
  waiting,
} from "./limit-steps.js";
import { unique } from "./samples.js";
import { atOnce, changeOf, countOf, created, moved, storedAbout } from "./steps.js";

/** A line of an account whose price cannot be counted. */
const UNREADABLE: Readonly<Record<string, Partial<CommitmentRequest>>> = {
  "is in another currency": { expectedPrice: { amount: "1", currency: "EUR" } },
  "is missing": { expectedPrice: undefined } as unknown as Partial<CommitmentRequest>,
  "is not a decimal": { expectedPrice: usd("1e3") },
};

/** Cases about what approvals hold of limits. */
export const limitCases: readonly ContractCase[] = [
  {
    name: "limits tells the limits in the order of their names, with who set them and what they have counted",
    async run({ store }) {
      const account = unique("account");
      const [first, second] = [limitOn(account, { name: unique("a") }), limitOn(account, { name: unique("b") })];
      const set = await setLimits(store, second, first);
      const { uses, changedAt, ...stored } = (await store.limits()) ?? assert.fail("there are no limits");
      assert.deepEqual(stored, { fingerprint: set.fingerprint, changedBy: "alice", reason: "for a test" });
      assert.equal(typeof changedAt, "number");
      assert.deepEqual(
        uses,
        [first, second].map((limit) => ({ limit, period: "0", used: "0", held: "0", overrun: "0" })),
      );
    },
  },
  {
    name: "limitChanges tells the sets that were stored, the latest first, with who set them and why",
    async run({ store, pass }) {
      const account = unique("account");
      const first = await setLimits(store, limitOn(account));
      const second = setOf();
      const by = { changedBy: "carol", reason: "no limit is needed" };
      await store.changeLimits({ set: second, replaces: first.fingerprint, ...by });
      await store.changeLimits({ set: setOf(), replaces: unique("another"), ...by });
      const changes = await store.limitChanges({ limit: 2 });
      const [latest] = changes;
      assert.equal(latest?.changedAt, (await store.limits())?.changedAt);
      assert.deepEqual(
        changes.map(({ changedAt, ...change }) => change),
        [
          { ...second, ...by },
          { ...first, changedBy: "alice", reason: "for a test" },
        ],
      );
      await pass(2);
      const third = setOf();
      await store.changeLimits({ set: third, replaces: second.fingerprint, ...by });
      const since = async (time: number) =>
        (await store.limitChanges({ since: time })).map(({ fingerprint }) => fingerprint).slice(0, 3);
      const changedAt = latest?.changedAt ?? 0;
      assert.deepEqual(await since(changedAt + 1), [third.fingerprint, second.fingerprint]);
      assert.deepEqual(await since(changedAt), [third.fingerprint, second.fingerprint, first.fingerprint]);
    },
  },
  {
    name: "limits names the day, the month and the year of a time zone",
    async run({ store }) {
      const account = unique("account");
      const limits = (["day", "month", "year"] as const).map((per) =>
        limitOn(account, { per, timeZone: "Asia/Tokyo" }),
      );
      await setLimits(store, ...limits);
      const { updatedAt } = await created(store);
      const tokyo = new Date(updatedAt + 9 * 3_600_000).toISOString();
      const periods = await Promise.all(limits.map(async (limit) => (await useOf(store, limit)).period));
      assert.deepEqual(periods, [tokyo.slice(0, 10), tokyo.slice(0, 7), tokyo.slice(0, 4)]);
    },
  },
  {
    name: "a set of limits replaces the one that its change names, and of racing changes one wins",
    async run({ store }) {
      const account = unique("account");
      const { fingerprint: old } = await setLimits(store, limitOn(account));
      const by = { changedBy: "carol", reason: "more" };
      const sets = Array.from({ length: RACERS }, () => setOf(limitOn(account)));
      const results = await Promise.all(sets.map((set) => store.changeLimits({ set, replaces: old, ...by })));
      const winner = sets[results.findIndex(({ kind }) => kind === "stored")];
      assert.equal(countOf(results, "stored"), 1);
      assert.deepEqual(
        results.filter(({ kind }) => kind === "differs"),
        Array.from({ length: RACERS - 1 }, () => ({ kind: "differs", fingerprint: winner?.fingerprint })),
      );
      const stored = await store.limits();
      assert.deepEqual(await store.changeLimits({ set: setOf(), replaces: null, ...by }), {
        kind: "differs",
        fingerprint: winner?.fingerprint,
      });
      assert.ok(winner);
      assert.deepEqual(await store.changeLimits({ set: winner, replaces: null, changedBy: "dora", reason: "again" }), {
        kind: "stored",
      });
      assert.deepEqual(await store.limits(), stored);
    },
  },
  {
    name: "an approval holds the highest price of its planned lines, now or for a later time",
    async run({ store }) {
      const account = unique("account");
      const limit = limitOn(account, { max: usd("10000") });
      await setLimits(store, limit);
      const skipped: PurchaseLine = { ...pricedLine(account, "7", 2), state: "skipped" };
      const lines = [
        pricedLine(account, "1234.567", 0, { priceTolerancePercent: 2.5 }),
        pricedLine(account, "10", 1, { priceTolerancePercent: undefined } as Partial<CommitmentRequest>),
        skipped,
      ];
      const first = await waiting(store, account, [], { lines });
      await assertUse(store, limit, {});
      await moved(store, approval(first));
      await assertUse(store, limit, { held: "1275.54" });
      const second = await waiting(store, account, ["0.125"]);
      await moved(store, approval(second, { status: "scheduled", wakeAt: Date.now() + 3_600_000 }));
      await assertUse(store, limit, { held: "1275.67" });
      await moved(store, changeOf(second, { guard: { status: ["scheduled"] }, status: "approved", wakeAt: null }));
      await assertUse(store, limit, { held: "1275.67" });
    },
  },
  {
    name: "an approval that a limit does not allow is refused and changes nothing, and what is left can be used up",
    async run({ store }) {
      const account = unique("account");
      const limit = limitOn(account, { max: usd("100.5") });
      await setLimits(store, limit);
      await approved(store, account, ["60"]);
      const tooMuch = await waiting(store, account, ["40", "0.51"]);
      const before = await storedAbout(store, tooMuch.id);
      for (const parts of [{}, { status: "scheduled", wakeAt: Date.now() + 3_600_000 } as const])
        assert.deepEqual(await store.commit(approval(tooMuch, parts)), {
          kind: "refused",
          because: "limit",
          exceeded: [
            { limit: limit.name, period: "0", max: "100.5", currency: "USD", used: "0", held: "60", asked: "40.51" },
          ],
        });
      assert.deepEqual(await storedAbout(store, tooMuch.id), before, "a refused approval left a trace");
      await assertUse(store, limit, { held: "60" });
      await approved(store, account, ["40.5"]);
      await assertUse(store, limit, { held: "100.5" });
    },
  },
  {
    name: "a limit counts what all parts of its scope match, and nothing else",
    async run({ store }) {
      const account = unique("account");
      const [createdBy, source] = [unique("person"), unique("ticket")];
      const own: LimitScope = { cloud: "aws", service: "aws.ec2", account, createdBy, source };
      const scopes: readonly { readonly scope: LimitScope; readonly counts: boolean }[] = [
        ...Object.entries(own).map(([part, value]) => ({ scope: { account, [part]: value }, counts: true })),
        ...Object.keys(own).map((part) => ({ scope: { account, [part]: "another" }, counts: false })),
        { scope: own, counts: true },
      ];
      const limits = scopes.map(({ scope }) => limitOn(account, { scope }));
      await setLimits(store, ...limits);
      const lines = [pricedLine(account, "1", 0, { service: "aws.ec2" }), pricedLine(unique("account"), "5", 1)];
      await approved(store, account, [], { lines, createdBy, source });
      const held = await Promise.all(limits.map(async (limit) => (await useOf(store, limit)).held));
      assert.deepEqual(
        held,
        scopes.map(({ counts }) => (counts ? "1" : "0")),
      );
      const sourceless = limitOn(account, { scope: { account, source } });
      await setLimits(store, sourceless);
      await approved(store, account, ["1"]);
      await assertUse(store, sourceless, {});
    },
  },
  ...Object.entries(UNREADABLE).map(
    ([what, request]): ContractCase => ({
      name: `an approval is refused if the price of a line ${what}, and a limit counts the line`,
      async run({ store }) {
        const account = unique("account");
        const limit = limitOn(account);
        await setLimits(store, limit);
        const lines = [pricedLine(account, "1", 0), pricedLine(account, "1", 3, request)];
        const execution = await waiting(store, account, [], { lines });
        const before = await storedAbout(store, execution.id);
        assert.deepEqual(await store.commit(approval(execution)), {
          kind: "refused",
          because: "amount",
          uncounted: [{ limit: limit.name, lineIndex: 3 }],
        });
        assert.deepEqual(await storedAbout(store, execution.id), before, "a refused approval left a trace");
        await assertUse(store, limit, {});
      },
    }),
  ),
  {
    name: "an approval that knows other limits than those stored is refused",
    async run({ store }) {
      const account = unique("account");
      const { fingerprint } = await setLimits(store, limitOn(account));
      const execution = await waiting(store, account, ["1"]);
      const before = await storedAbout(store, execution.id);
      assert.deepEqual(await store.commit(approval(execution, { limits: unique("other") })), {
        kind: "refused",
        because: "definitions",
        fingerprint,
      });
      assert.deepEqual(await storedAbout(store, execution.id), before, "a refused approval left a trace");
      await moved(store, approval(execution, { limits: fingerprint }));
    },
  },
  {
    name: "a new maximum goes on with the count, a new count starts at 0, and both hold from the next approval on",
    async run({ store }) {
      const account = unique("account");
      const limit = limitOn(account);
      await setLimits(store, limit);
      await approved(store, account, ["80"]);
      const raised: StoredLimit = { ...limit, max: usd("110") };
      await setLimits(store, raised);
      await assertUse(store, raised, { held: "80" });
      await approved(store, account, ["30"]);
      const other: StoredLimit = { ...raised, countKey: unique("count") };
      await setLimits(store, other);
      await assertUse(store, other, {});
      await approved(store, account, ["110"]);
      await setLimits(store, { ...other, max: usd("1") });
      const refused = await store.commit(approval(await waiting(store, account, ["1"])));
      assert.equal(refused.kind === "refused" && refused.because, "limit");
    },
  },
  {
    name: "an approval that several guards refuse is refused for the first of them",
    async run({ store }) {
      const account = unique("account");
      const { fingerprint } = await setLimits(store, limitOn(account));
      const plan = { id: unique("plan"), step: 1 };
      const need = { key: unique("need"), windowMs: 3_600_000, allowOverlap: null };
      await approved(store, account, [], { plan, lines: [{ ...pricedLine(account, "60"), need }] });
      const tooMuch = pricedLine(account, "60", 0);
      const unreadable = pricedLine(account, "1e3", 1);
      const other = { limits: unique("other") };
      for (const [because, overrides, parts] of [
        ["guard", { plan, lines: [{ ...tooMuch, need }, unreadable] }, { ...other, guard: { version: 7 } }],
        ["plan", { plan, lines: [{ ...tooMuch, need }, unreadable] }, other],
        ["need", { lines: [{ ...tooMuch, need }, unreadable] }, other],
        ["definitions", { lines: [tooMuch, unreadable] }, other],
        ["amount", { lines: [tooMuch, unreadable] }, { limits: fingerprint }],
        ["limit", { lines: [tooMuch] }, { limits: fingerprint }],
      ] as const) {
        const result = await store.commit(approval(await waiting(store, account, [], overrides), parts));
        assert.equal(result.kind === "refused" && result.because, because);
      }
    },
  },
  {
    name: "racing approvals never exceed a limit, and use it up",
    async run({ store }) {
      const account = unique("account");
      const limit = limitOn(account, { max: usd("50") });
      await setLimits(store, limit);
      const executions = await atOnce(RACERS, () => waiting(store, account, ["4", "6"]));
      const results = await Promise.all(executions.map((execution) => store.commit(approval(execution))));
      assert.equal(countOf(results, "moved"), 5);
      await assertUse(store, limit, { held: "50" });
      for (const result of results) if (result.kind === "refused") assert.equal(result.because, "limit");
    },
  },
  {
    name: "racing approvals of lines in several limits, in any order, all end",
    async run({ store }) {
      const accounts = [unique("account"), unique("account"), unique("account")];
      const limits = accounts.map((account) => limitOn(account, { max: usd("8") }));
      await setLimits(store, ...limits);
      const executions = await atOnce(RACERS, (racer) => {
        const turned = racer % 2 === 0 ? accounts : accounts.toReversed();
        return waiting(store, "", [], { lines: turned.map((account, index) => pricedLine(account, "1", index)) });
      });
      const results = await Promise.all(executions.map((execution) => store.commit(approval(execution))));
      assert.equal(countOf(results, "moved"), 8);
      for (const limit of limits) await assertUse(store, limit, { held: "8" });
    },
  },
  {
    name: "racing approvals of one execution hold its lines once",
    async run({ store }) {
      const account = unique("account");
      const limit = limitOn(account);
      await setLimits(store, limit);
      const execution = await waiting(store, account, ["60"]);
      const results = await atOnce(RACERS, () => store.commit(approval(execution)));
      assert.equal(countOf(results, "moved"), 1);
      for (const result of results) if (result.kind === "refused") assert.equal(result.because, "guard");
      await assertUse(store, limit, { held: "60" });
    },
  },
];
