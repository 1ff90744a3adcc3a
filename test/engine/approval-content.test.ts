import { describe, expect, test } from "vitest";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const price = (amount: string, currency = "USD") => ({ amount, currency });
const LINES = [
  simulatedLine({ expectedPrice: price("100.25") }),
  simulatedLine({ expectedPrice: price("0.75"), priceTolerancePercent: 5, region: "r2" }),
];
const SUBMISSION = { requestKey: "key", createdBy: "ann", lines: LINES };

async function submitted() {
  const fixture = purchaseFixture(CONTRACT.native);
  const seen = await fixture.engine.submit(SUBMISSION);
  return { ...fixture, seen, id: seen.id };
}

describe("an approval that states what the approver saw", () => {
  test("is taken for that content, and its event records the fingerprint, the total and the prices", async () => {
    const { engine, id, seen } = await submitted();
    const expectFingerprint = seen.contentFingerprint;
    expect(await engine.approve(id, { approvedBy: "bob", expectFingerprint })).toMatchObject({ status: "approved" });
    expect((await engine.events(id)).at(-1)).toMatchObject({
      kind: "approved",
      actor: "bob",
      data: {
        fingerprint: expectFingerprint,
        total: price("101"),
        prices: [
          { lineIndex: 0, price: price("100.25"), tolerancePercent: 1 },
          { lineIndex: 1, price: price("0.75"), tolerancePercent: 5 },
        ],
      },
    });
  });

  test.each(["approve", "schedule"] as const)("is refused by %s for any other content", async (verb) => {
    const { engine, id, store } = await submitted();
    const other = await engine.submit({ ...SUBMISSION, requestKey: "other", lines: LINES.slice(1) });
    const approval = { approvedBy: "bob", expectFingerprint: other.contentFingerprint };
    const call = {
      approve: () => engine.approve(id, approval),
      schedule: () => engine.schedule(id, { ...approval, runAt: Date.UTC(2026, 1, 1) }),
    };
    await expect(call[verb]()).rejects.toMatchObject({
      code: "CONTENT_DIFFERS",
      moneyMoved: "no",
      details: { expected: other.contentFingerprint },
      current: { id, status: "pending" },
    });
    expect((await store.get(id))?.version).toBe(1);
  });

  test.each([undefined, null, "", "abc", "F".repeat(64), 7])("is refused if it states %j", async (stated) => {
    const { engine, id, store } = await submitted();
    const approval = { approvedBy: "bob", expectFingerprint: stated } as unknown as { approvedBy: string };
    const problem = { code: "INVALID_REQUEST", message: expect.stringContaining("expectFingerprint") };
    await expect(engine.approve(id, approval)).rejects.toMatchObject(problem);
    await expect(engine.schedule(id, { ...approval, runAt: Date.UTC(2026, 1, 1) })).rejects.toMatchObject(problem);
    expect((await store.get(id))?.version).toBe(1);
  });
});

describe("the event of an approval", () => {
  test("holds the content of a schedule, and of an approval that is given again", async () => {
    const { engine, id, clock, seen } = await submitted();
    await engine.schedule(id, { approvedBy: "bob", runAt: clock.now() + 1 });
    const data = expect.objectContaining({ fingerprint: seen.contentFingerprint, total: price("101") });
    expect((await engine.events(id)).at(-1)).toMatchObject({ kind: "scheduled", data });
    await engine.approve(id, { approvedBy: "bob" });
    clock.advance(8 * 86_400_000);
    await engine.approve(id, { approvedBy: "carol" });
    expect((await engine.events(id)).at(-1)).toMatchObject({ kind: "approval_renewed", actor: "carol", data });
  });

  test("has no total of several currencies", async () => {
    const { engine } = await submitted();
    const lines = [LINES[0] ?? expect.unreachable(), simulatedLine({ expectedPrice: price("1", "EUR") })];
    const { id } = await engine.submit({ ...SUBMISSION, requestKey: "mixed", lines });
    await engine.approve(id, { approvedBy: "bob" });
    expect((await engine.events(id)).at(-1)?.data).not.toHaveProperty("total");
  });
});

test("a retry has the fingerprint of the lines that it has, not of the basket", async () => {
  const fixture = purchaseFixture(
    CONTRACT.native,
    { purchases: [{ kind: "none" }, { kind: "rejected" }] },
    { concurrency: 1 },
  );
  const { engine } = fixture;
  const first = await engine.submit(SUBMISSION);
  await engine.approve(first.id, { approvedBy: "bob" });
  await engine.run(first.id);
  const retry = await engine.retry(first.id, { requestedBy: "dan" });
  expect(retry.contentFingerprint).toMatch(/^[0-9a-f]{64}$/);
  const stale = { approvedBy: "bob", expectFingerprint: first.contentFingerprint };
  await expect(engine.approve(retry.id, stale)).rejects.toMatchObject({ code: "CONTENT_DIFFERS" });
  await engine.approve(retry.id, { approvedBy: "bob", expectFingerprint: retry.contentFingerprint });
  expect((await engine.events(retry.id)).at(-1)?.data).toMatchObject({
    total: price("0.75"),
    prices: [{ lineIndex: 1 }],
  });
});
