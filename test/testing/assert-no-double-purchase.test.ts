import { describe, expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import type { PurchaseOnLedger } from "../../src/testing/assert-no-double-purchase/purchase-on-ledger.js";
import { assertNoDoublePurchase } from "../../src/testing/assert-no-double-purchase.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

/** Buys a basket under a request key, as an embedder does that lets baskets overlap. */
async function bought(fixture: ReturnType<typeof purchaseFixture>, requestKey: string, lines = [simulatedLine()]) {
  const { id } = await fixture.engine.submit({ requestKey, createdBy: "shop", lines });
  await fixture.engine.approve(id, { approvedBy: "ann" });
  await fixture.engine.run(id);
}

const entry = (changes: Partial<PurchaseOnLedger>): PurchaseOnLedger => ({
  commitmentId: "c-1",
  service: "aws.ec2",
  account: "123456789012",
  region: "eu-west-1",
  offeringId: "offering-1",
  quantity: 1,
  ...changes,
});

const wanted = { service: "aws.ec2", account: "123456789012", region: "eu-west-1" };

describe("assertNoDoublePurchase with what was expected", () => {
  test("finds a basket that was submitted again under another request key, and names both keys", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    await bought(fixture, "order-1");
    await bought(fixture, "order-1/again");
    const ledger = fixture.cloud.ledger();
    const { executions } = await fixture.engine.history();
    expect(() => assertNoDoublePurchase(ledger)).not.toThrow();
    const judge = () => assertNoDoublePurchase(ledger, { expected: [simulatedLine()], executions });
    expect(judge).toThrow(
      /bought 2 times, expected 1: 2 of custom\.simulated .*"m".*: c-1 \(token \w{8}\.{3}, request key "order-1"\), c-2 \(token \w{8}\.{3}, request key "order-1\/again"\)/,
    );
  });

  test("takes two baskets that were both wanted, and one of them that is not bought yet", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const expected = [simulatedLine(), simulatedLine(), simulatedLine({ region: "r2" })];
    await bought(fixture, "order-1");
    await bought(fixture, "order-2");
    expect(() => assertNoDoublePurchase(fixture.cloud.ledger(), { expected })).not.toThrow();
  });

  test("takes a line that the cloud split for one purchase, with its whole quantity", async () => {
    const fixture = purchaseFixture(CONTRACT.none, { purchases: [{ kind: "split" }] });
    await bought(fixture, "order-1");
    expect(fixture.cloud.ledger()).toHaveLength(2);
    expect(() => assertNoDoublePurchase(fixture.cloud.ledger(), { expected: [simulatedLine()] })).not.toThrow();
  });

  test.each([
    ["another quantity", { quantity: 3 }],
    ["another region", { region: "r2" }],
    ["another account", { account: "acct-2" }],
    ["another offering", { offering: { size: "l" } }],
  ] as const)("finds a purchase in %s", async (_, changes) => {
    const fixture = purchaseFixture(CONTRACT.named);
    await bought(fixture, "order-1", [simulatedLine(changes)]);
    const judge = () => assertNoDoublePurchase(fixture.cloud.ledger(), { expected: [simulatedLine()] });
    expect(judge).toThrow(/bought, but not expected: \d of custom\.simulated .*: c-1/);
  });

  test("does not count what is void", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    await bought(fixture, "order-1");
    fixture.cloud.setState("c-1", { meaning: "void", state: "payment-failed" });
    await bought(fixture, "order-2");
    expect(() => assertNoDoublePurchase(fixture.cloud.ledger(), { expected: [simulatedLine()] })).not.toThrow();
  });

  test("compares only what both the line and the ledger state", () => {
    const ledger = [entry({ commitment: "5.50" }), entry({ commitmentId: "c-2", region: undefined })];
    const expected = [{ ...wanted, hourlyCommitment: "5.5" }, wanted];
    expect(() => assertNoDoublePurchase(ledger, { expected })).not.toThrow();
    expect(() => assertNoDoublePurchase(ledger, { expected: [wanted] })).toThrow("bought 2 times, expected 1");
  });

  test("gives each purchase a line of its own where lines state little", () => {
    const ledger = [entry({ offeringId: "offering-1" }), entry({ commitmentId: "c-2", offeringId: "offering-2" })];
    const expected = [wanted, { ...wanted, offeringId: "offering-1" }];
    expect(() => assertNoDoublePurchase(ledger, { expected })).not.toThrow();
    const doubled = [...ledger, entry({ commitmentId: "c-3", offeringId: "offering-2" })];
    expect(() => assertNoDoublePurchase(doubled, { expected })).toThrow("bought 3 times, expected 2");
  });

  test("knows the request key by the token if the store has not recorded the purchase yet", () => {
    const token = deriveIdempotencyToken("lin-1", 0);
    const execution = { requestKey: "order-9", lineageKey: "lin-1", lines: [{ index: 0, commitment: null }] };
    const ledger = [entry({ token })];
    expect(() => assertNoDoublePurchase(ledger, { expected: [], executions: [execution] })).toThrow(
      'c-1 (token 8de8ab58..., request key "order-9")',
    );
  });

  test.each<readonly [object | null, string]>([
    [{ expect: [] }, "options.expect"],
    [{ expected: 1 }, "options.expected"],
    [{ expected: [{ region: "r1" }] }, "options.expected.0"],
    [null, "options"],
  ])("refuses %o, by which it would find nothing", (options, path) => {
    expect(() => assertNoDoublePurchase([], options as object)).toThrow(
      expect.objectContaining({
        code: "INVALID_REQUEST",
        details: { problems: [expect.objectContaining({ path })] },
      }),
    );
  });
});

describe("assertNoDoublePurchase by token", () => {
  test.each([
    [Promise.resolve([]), "this is a promise: did you forget await?"],
    [undefined, "must be a list"],
  ] as const)("refuses the ledger %o", (ledger, problem) => {
    expect(() => assertNoDoublePurchase(ledger as never)).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST", message: expect.stringContaining(problem) }),
    );
  });

  test("counts a purchase that carries its token only as a tag", () => {
    const tags = { "buyonce:token": "t".repeat(64) };
    const ledger = [entry({ tags, purchaseId: "p-1" }), entry({ tags, purchaseId: "p-2", commitmentId: "c-2" })];
    expect(() => assertNoDoublePurchase(ledger)).toThrow("bought more than once: tttttttt...: p-1, p-2");
  });

  test("counts the parts of a split purchase once, on a simulator's ledger too", () => {
    const tags = { "buyonce:token": "t".repeat(64) };
    const ledger = [entry({ tags, purchaseId: "p-1" }), entry({ tags, purchaseId: "p-1", commitmentId: "c-2" })];
    expect(() => assertNoDoublePurchase(ledger)).not.toThrow();
  });
});
