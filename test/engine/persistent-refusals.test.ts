import { describe, expect, test } from "vitest";
import { BuyonceError } from "../../src/domain/errors.js";
import type { Rejection } from "../../src/domain/evidence.js";
import { CONTRACT, purchaseFixture } from "../support/purchase-fixture.js";

const BY_DAN = { requestedBy: "dan" };

/** An execution whose only line a provider refused so. */
async function refusedWith(rejection: Rejection | object) {
  const outcome = { kind: "rejected", rejection };
  const fixture = purchaseFixture(CONTRACT.native, { purchases: [{ kind: "odd-answer", outcome, lands: false }] });
  const id = await fixture.approved();
  expect(await fixture.engine.run(id)).toMatchObject({ status: "failed", lines: [{ state: "rejected" }] });
  return { ...fixture, id, kept: async () => (await fixture.store.get(id))?.lines[0]?.rejection };
}

const DENIED = { code: "Denied", message: "no", persistent: true, hint: "Ask the owner of the shop." };

describe("a refusal that its provider calls persistent", () => {
  test("is stored as the provider gave it", async () => {
    const { kept } = await refusedWith(DENIED);
    expect(await kept()).toEqual(DENIED);
  });

  test("is met again by a retry, unless that is forced", async () => {
    const { engine, id } = await refusedWith(DENIED);
    await expect(engine.retry(id, BY_DAN)).rejects.toMatchObject({
      code: "RETRY_REFUSED",
      details: { gate: "persistent_cause" },
      message: expect.stringContaining("refused with Denied, which a retry meets again; Ask the owner of the shop;"),
    });
    expect(await engine.retry(id, { ...BY_DAN, force: true })).toMatchObject({ status: "pending", retryOf: id });
  });

  test("has its hint in the explanation", async () => {
    const { engine, id } = await refusedWith(DENIED);
    expect(await engine.explain(id)).toMatchObject({
      next: "Nothing by itself: line 0 was refused with Denied, which a retry meets again; Ask the owner of the shop; correct the cause, then force the retry.",
      lines: [{ known: "Not bought: Denied: no", next: "Ask the owner of the shop." }],
    });
  });
});

describe("a refusal that its provider does not call persistent", () => {
  test.each<readonly [string, Rejection | object]>([
    ["nothing is said of it", { code: "Denied", message: "no" }],
    ["it may pass", { code: "Denied", message: "no", persistent: false }],
    ["an older version stored it with the code of a cloud", { code: "AccessDenied", message: "no" }],
  ])("may be retried: %s", async (_, rejection) => {
    const { engine, id } = await refusedWith(rejection);
    expect(await engine.retry(id, BY_DAN)).toMatchObject({ status: "pending", retryOf: id });
    expect(await engine.explain(id)).toMatchObject({
      next: expect.stringMatching(/^Nothing by itself: it has been retried as exec_/),
      lines: [{ next: "Nothing." }],
    });
  });

  test.each<readonly [string, object]>([
    ["a word for a truth value", { persistent: "yes" }],
    ["a number for a sentence", { hint: 7 }],
    ["an empty sentence", { hint: "" }],
    ["a sentence without an end", { hint: "x".repeat(10_000) }],
  ])("loses what cannot be read, and stays a refusal: %s", async (_, odd) => {
    const { kept } = await refusedWith({ code: "Denied", message: "no", ...odd });
    expect(await kept()).toEqual({ code: "Denied", message: "no" });
  });
});

test("a refusal of this library has its remediation in the explanation", async () => {
  const thrown = new BuyonceError("ACCOUNT_MISMATCH", "The credentials are of account 2.");
  const { engine, approved } = purchaseFixture(CONTRACT.native, { prepares: [{ kind: "throws", thrown }] });
  const id = await approved();
  await engine.run(id);
  expect(await engine.explain(id)).toMatchObject({
    next: "Nothing by itself: line 0 was refused with ACCOUNT_MISMATCH, which a retry meets again; correct the cause, then force the retry.",
    lines: [
      { next: "Make clientFor(target) return a client with credentials of target.account, set to target.region." },
    ],
  });
});

test("a refusal of this library before sending persists by its code", async () => {
  const thrown = new BuyonceError("OFFERING_NOT_FOUND", "Nobody sells it.");
  const { engine, approved } = purchaseFixture(CONTRACT.native, { prepares: [{ kind: "throws", thrown }] });
  const id = await approved();
  expect(await engine.run(id)).toMatchObject({ lines: [{ state: "rejected" }] });
  await expect(engine.retry(id, BY_DAN)).rejects.toMatchObject({ details: { gate: "persistent_cause" } });
});
