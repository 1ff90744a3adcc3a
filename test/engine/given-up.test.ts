import { describe, expect, test } from "vitest";
import type { PurchaseFault } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, type PurchaseFixture, purchaseFixture, SETTLE_WAIT_MS } from "../support/purchase-fixture.js";

const LOST: PurchaseFault = { kind: "lost-request" };
/** More than anybody sends. */
const ALL_LOST = { purchases: Array.from({ length: 50 }, () => LOST) };
const GIVEN_UP = { state: "rejected", attempt: 10, rejection: { code: "GIVEN_UP" }, unprovedSince: null };

/** Each round is long enough to prove that a request never landed, and to send the next one. */
async function rounds({ engine, clock }: PurchaseFixture, count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) {
    clock.advance(SETTLE_WAIT_MS + 1);
    await engine.tick();
  }
}

/** An approved line that has been run, and 30 rounds. */
async function played(fixture: PurchaseFixture): Promise<string> {
  const id = await fixture.approved();
  await fixture.engine.run(id);
  await rounds(fixture, 30);
  return id;
}

describe.each([
  ["dedupes nothing", CONTRACT.none],
  ["forgets a token before a resend could land", { ...CONTRACT.native, windowMs: 60_000 }],
])("a line whose requests are never answered by a cloud that %s", (_, contract) => {
  test("is given up once its tenth request is proved not to have landed", async () => {
    const fixture = purchaseFixture(contract, ALL_LOST);
    const { store, cloud, engine } = fixture;
    const id = await played(fixture);
    expect(await store.get(id)).toMatchObject({ status: "failed", lines: [GIVEN_UP] });
    expect(cloud.requests()).toHaveLength(10);
    expect(cloud.ledger()).toEqual([]);
    const told = (await engine.events(id)).filter(({ kind }) => kind === "rejected");
    expect(told).toMatchObject([{ lineIndex: 0, reason: expect.stringMatching(/^GIVEN_UP: 10 requests/) }]);
  });

  test("is bought by a person's retry, which has ten requests of its own", async () => {
    const fixture = purchaseFixture(contract, ALL_LOST);
    const { store, cloud, engine } = fixture;
    const { id: second } = await engine.retry(await played(fixture), { requestedBy: "ann" });
    await engine.approve(second, { approvedBy: "bob" });
    await rounds(fixture, 30);
    expect(await store.get(second)).toMatchObject({ status: "failed", lines: [GIVEN_UP] });
    expect(cloud.requests()).toHaveLength(20);
    cloud.heal();
    const { id: third } = await engine.retry(second, { requestedBy: "ann" });
    await engine.approve(third, { approvedBy: "bob" });
    expect(await engine.run(third)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
    await rounds(fixture, 3);
    expect(cloud.requests()).toHaveLength(21);
    expect(cloud.ledger()).toHaveLength(1);
  });

  test.each<readonly [string, PurchaseFault]>([
    ["landed while its reply was lost", { kind: "lost-reply" }],
    ["lands late", { kind: "late-landing", ms: 200_000 }],
  ])("is adopted where the tenth %s", async (_what, tenth) => {
    const fixture = purchaseFixture(contract, { purchases: [...Array.from({ length: 9 }, () => LOST), tenth] });
    const { store, cloud } = fixture;
    const id = await played(fixture);
    expect(await store.get(id)).toMatchObject({
      status: "completed",
      lines: [{ state: "committed", attempt: 10, commitment: { commitmentIds: ["c-1"], adopted: true } }],
    });
    expect(cloud.requests()).toHaveLength(10);
    expect(cloud.ledger()).toHaveLength(1);
  });
});

test("requests that were never sent do not count towards giving up", async () => {
  const kept = { off: true };
  const fixture = purchaseFixture(CONTRACT.none, { purchases: [LOST] }, { killSwitch: () => kept.off });
  const { store, cloud } = fixture;
  const id = await fixture.approved();
  await rounds(fixture, 15);
  // With the kill switch on nothing is even announced.
  expect((await store.get(id))?.lines[0]).toMatchObject({
    attempt: 0,
    submittedAt: null,
    lastError: { code: "NOT_SENT" },
  });
  expect(cloud.requests()).toEqual([]);
  kept.off = false;
  await rounds(fixture, 30);
  expect(await store.get(id)).toMatchObject({ status: "completed" });
  expect(cloud.requests()).toHaveLength(2);
});
