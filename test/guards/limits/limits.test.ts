import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import { PLANNED } from "../../../src/domain/execution.js";
import type { Limit } from "../../../src/domain/limit.js";
import { holdAmount, newHold, nextHold } from "../../../src/guards/limits/hold.js";
import { limitProblems } from "../../../src/guards/limits/limit-schema.js";
import { limitSet } from "../../../src/guards/limits/limit-set.js";
import { periodOf } from "../../../src/guards/limits/period-of.js";

const usd = (amount: string) => ({ amount, currency: "USD" });

const LIMIT: Limit = { name: "cap", scope: { cloud: "aws" }, per: "month", max: usd("1000") };

const problemsOf = (parts: object): readonly string[] =>
  limitProblems([{ ...LIMIT, ...parts }]).map(({ path }) => path);

describe("the definition of a limit", () => {
  test("is taken in every form that the documentation names", () => {
    expect(limitProblems([LIMIT])).toEqual([]);
    for (const parts of [
      { scope: {} },
      { scope: { cloud: "aws", service: "aws.ec2", account: "1", createdBy: "ann", source: "ticket" } },
      { per: "day" },
      { per: "year", timeZone: "Europe/Berlin" },
      { per: 3_600_000, timeZone: "UTC" },
      { timeZone: "America/Argentina/Buenos_Aires" },
      { max: usd("0") },
    ])
      expect(problemsOf(parts)).toEqual([]);
  });

  test.each([
    [{ name: " " }, "limits[0].name"],
    [{ scope: { region: "eu" } }, "limits[0].scope"],
    [{ scope: { account: "" } }, "limits[0].scope.account"],
    [{ per: "week" }, "limits[0].per"],
    [{ per: 0 }, "limits[0].per"],
    [{ per: 1_500.5 }, "limits[0].per"],
    [{ max: usd("-1") }, "limits[0].max.amount"],
    [{ max: usd("1e3") }, "limits[0].max.amount"],
    [{ max: { amount: "1", currency: "usd" } }, "limits[0].max.currency"],
    [{ timeZone: "CET" }, "limits[0].timeZone"],
    [{ timeZone: "+05:30" }, "limits[0].timeZone"],
    [{ timeZone: "Europe/Berlinn" }, "limits[0].timeZone"],
    [{ maximum: 1 }, "limits[0]"],
  ])("is refused for %j", (parts, path) => {
    expect(problemsOf(parts)).toEqual([path]);
  });

  test("has a name that no other limit has", () => {
    expect(limitProblems([LIMIT, { ...LIMIT, per: "day" }])).toHaveLength(1);
    expect(limitProblems("none")).toHaveLength(1);
  });

  test("has a fingerprint that depends on every part, and on nothing else", () => {
    const same = limitSet([{ ...LIMIT, timeZone: "UTC", scope: { cloud: "aws" } }]);
    expect(same).toEqual(limitSet([LIMIT]));
    const other = { ...LIMIT, name: "a" };
    expect(limitSet([LIMIT, other])).toEqual(limitSet([other, LIMIT]));
    const changed = [{ name: "b" }, { scope: {} }, { per: "day" }, { max: usd("1001") }, { timeZone: "Asia/Tokyo" }];
    const sets = [LIMIT, ...changed.map((parts) => ({ ...LIMIT, ...parts }) as Limit)].map((limit) =>
      limitSet([limit]),
    );
    expect(new Set(sets.map(({ fingerprint }) => fingerprint)).size).toBe(sets.length);
  });

  test("counts on under another maximum only", () => {
    const keyOf = (parts: Partial<Limit>) => limitSet([{ ...LIMIT, ...parts }]).limits[0]?.countKey;
    expect(keyOf({ max: usd("2000") })).toBe(keyOf({}));
    for (const parts of [
      { scope: {} },
      { per: "day" },
      { timeZone: "Asia/Tokyo" },
      { max: { amount: "1000", currency: "EUR" } },
    ] as const)
      expect(keyOf(parts)).not.toBe(keyOf({}));
  });
});

describe("the period of a moment", () => {
  test.each([
    ["day", "UTC", "2027-03-31T23:59:59.999Z", "2027-03-31"],
    ["day", "Europe/Berlin", "2027-03-31T22:00:00Z", "2027-04-01"],
    ["day", "Europe/Berlin", "2027-01-31T22:59:59Z", "2027-01-31"],
    ["month", "Asia/Tokyo", "2027-03-31T15:00:00Z", "2027-04"],
    ["month", "America/Los_Angeles", "2027-04-01T06:59:59Z", "2027-03"],
    ["year", "Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027"],
    ["year", "UTC", "2026-12-31T10:00:00Z", "2026"],
    [86_400_000, "Asia/Tokyo", "2027-03-31T23:59:59.999Z", String(Date.parse("2027-03-31T00:00:00Z"))],
    [1_000, "UTC", "2027-03-31T23:59:59.999Z", String(Date.parse("2027-03-31T23:59:59Z"))],
  ] as const)("per %s in %s at %s is %s", (per, timeZone, at, period) => {
    expect(periodOf({ per, timeZone }, Date.parse(at))).toBe(period);
  });
});

describe("what a line holds", () => {
  const request = (parts: object) => ({ expectedPrice: usd("100"), ...parts }) as unknown as CommitmentRequest;

  test.each([
    [{}, "101.00"],
    [{ priceTolerancePercent: 0 }, "100.00"],
    [{ expectedPrice: usd("0.001"), priceTolerancePercent: 20 }, "0.01"],
    [{ expectedPrice: usd("99999999999.99"), priceTolerancePercent: 0.1 }, "100099999999.99"],
  ])("is the price plus the tolerance, rounded up: %j", (parts, amount) => {
    expect(holdAmount(request(parts))).toEqual(usd(amount));
  });

  test.each([
    [{ expectedPrice: undefined }],
    [{ expectedPrice: { amount: 100, currency: "USD" } }],
    [{ expectedPrice: usd("1e3") }],
    [{ expectedPrice: { amount: "100" } }],
    [{ priceTolerancePercent: -1 }],
    [{ priceTolerancePercent: "1" }],
  ])("is unknown for %j", (parts) => {
    expect(holdAmount(request(parts))).toBeUndefined();
  });

  test("is used once, with what is above it as an overrun", () => {
    const price = (amount: string) => ({ reference: "o", price: usd(amount) });
    const used = nextHold(newHold(usd("100")), { ...PLANNED, state: "committed", prepared: price("120") }, "running");
    expect(used).toEqual({ state: "used", amount: usd("100"), used: "120", overrun: "20" });
    expect(nextHold(used, { ...PLANNED, state: "committed", prepared: price("130") }, "completed")).toBe(used);
    const released = nextHold(newHold(usd("100")), PLANNED, "failed");
    expect(released.state).toBe("released");
    assert.equal(nextHold(released, PLANNED, "approved").state, "released");
    expect(nextHold(released, { ...PLANNED, state: "committed" }, "failed")).toMatchObject({
      used: "100",
      overrun: "100",
    });
  });
});
