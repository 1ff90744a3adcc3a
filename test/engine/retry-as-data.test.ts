import { describe, expect, test } from "vitest";
import type { PurchaseEngineOptions } from "../../src/engine/engine-options.js";
import { CONTRACT, purchaseFixture } from "../support/purchase-fixture.js";

const BY_DAN = { requestedBy: "dan" };
const DENIED = { code: "Denied", message: "no", persistent: true, hint: "Ask the owner of the shop." };

/** An execution whose only line the cloud refused so, and so again with each retry. */
async function refused(rejection: object, options: Partial<PurchaseEngineOptions> = {}) {
  const outcome = { kind: "rejected", rejection };
  const purchases = Array.from({ length: 8 }, () => ({ kind: "odd-answer", outcome, lands: false }) as const);
  const fixture = purchaseFixture(CONTRACT.native, { purchases }, options);
  const id = await fixture.approved();
  await fixture.engine.run(id);
  return { ...fixture, id };
}

describe("a refused retry", () => {
  test("says the gate, the numbers and what an operator can do, as data", async () => {
    const { engine, id } = await refused(DENIED);
    await expect(engine.retry(id, BY_DAN)).rejects.toMatchObject({
      code: "RETRY_REFUSED",
      details: {
        gate: "persistent_cause",
        retryAttempt: 1,
        threshold: 5,
        successorId: null,
        opsHint: { code: "Denied", text: "Ask the owner of the shop.", docs: null },
      },
    });
  });

  test("names the limit that would not let anybody approve the retry, forced or not", async () => {
    const { another, id, store } = await refused({ code: "Busy", message: "no" });
    const limited = (amount: string) =>
      another({ limits: [{ name: "cap", scope: {}, per: "year", max: { amount, currency: "USD" } }] });
    await limited("1").limits();
    const gate = { code: "RETRY_REFUSED", details: { gate: "limits", retryAttempt: 1, opsHint: { code: "limits" } } };
    for (const force of [false, true])
      await expect(another({}).retry(id, { ...BY_DAN, force })).rejects.toMatchObject(gate);
    expect((await store.get(id))?.successorId).toBeNull();
    await limited("1000000").changeLimits({ changedBy: "dora", reason: "a new year" });
    expect(await another({}).retry(id, BY_DAN)).toMatchObject({ status: "pending", retryOf: id });
  });

  test("has the embedder's hint before the provider's, in the explanation too", async () => {
    const opsHints = { Denied: { text: "Open a ticket with the platform team.", docs: "https://wiki/denied" } };
    const { engine, id } = await refused(DENIED, { opsHints });
    await expect(engine.retry(id, BY_DAN)).rejects.toMatchObject({
      details: { opsHint: { code: "Denied", text: opsHints.Denied.text, docs: opsHints.Denied.docs } },
    });
    expect(await engine.explain(id)).toMatchObject({ lines: [{ next: opsHints.Denied.text }] });
  });

  test.each<readonly [string, object, object]>([
    [
      "a code of this library has its remediation",
      { code: "OFFERING_NOT_FOUND", message: "none" },
      {
        code: "OFFERING_NOT_FOUND",
        text: "Check the line against the cloud's offerings in that region, then submit a corrected basket.",
        docs: "docs/errors.md#offering_not_found",
      },
    ],
    [
      "a code that nobody knows has a general text",
      { code: "constructor", message: "no", persistent: true },
      { code: "constructor", text: expect.stringContaining("then force the retry"), docs: null },
    ],
  ])("is never without a hint: %s", async (_, rejection, opsHint) => {
    const { engine, id } = await refused(rejection);
    await expect(engine.retry(id, BY_DAN)).rejects.toMatchObject({ details: { opsHint } });
  });

  test("names its successor, and has a hint that a registry may replace by the name of the gate", async () => {
    const { engine, another, id } = await refused({ code: "Busy", message: "later" });
    const { id: successorId } = await engine.retry(id, BY_DAN);
    const details = { gate: "retried", retryAttempt: 1, threshold: 5, successorId };
    await expect(engine.retry(id, BY_DAN)).rejects.toMatchObject({
      details: { ...details, opsHint: { code: "retried", docs: "docs/errors.md#retry_refused" } },
    });
    const own = another({ opsHints: { retried: { text: "Look at the newest attempt." } } });
    await expect(own.retry(id, BY_DAN)).rejects.toMatchObject({
      details: { ...details, opsHint: { code: "retried", text: "Look at the newest attempt.", docs: null } },
    });
  });

  test("of a line in doubt has its gate and hint", async () => {
    const { engine, store, approved, cloud } = purchaseFixture(CONTRACT.native, {
      purchases: [{ kind: "lost-reply" }],
    });
    const id = await approved();
    await engine.run(id);
    const { version } = (await store.get(id)) ?? expect.unreachable();
    await store.commit({
      executionId: id,
      guard: { version },
      status: "failed",
      event: { kind: "transitioned", actor: "x" },
    });
    await expect(engine.retry(id, { ...BY_DAN, force: true })).rejects.toMatchObject({
      details: { gate: "in_doubt", retryAttempt: 1, threshold: 5, successorId: null, opsHint: { code: "in_doubt" } },
    });
    expect(cloud.ledger()).toHaveLength(1);
  });
});

describe("the number of a retry", () => {
  test("is on every execution, grows to the threshold, and stands in the refusal there", async () => {
    const { engine, id: first } = await refused({ code: "Busy", message: "later" });
    const numbers = [(await engine.history()).executions[0]?.retryAttempt];
    let id = first;
    for (let retry = 1; retry < 5; retry += 1) {
      const view = await engine.retry(id, BY_DAN);
      numbers.push(view.retryAttempt);
      id = view.id;
      await engine.approve(id, { approvedBy: "bob" });
      expect(await engine.run(id)).toMatchObject({ status: "failed", retryAttempt: retry });
    }
    expect(numbers).toEqual([0, 1, 2, 3, 4]);
    await expect(engine.retry(id, BY_DAN)).rejects.toMatchObject({
      message: expect.stringContaining("5 attempts were made; force the next one"),
      details: { gate: "attempts", retryAttempt: 5, threshold: 5, opsHint: { code: "attempts" } },
    });
    const forced = await engine.retry(id, { ...BY_DAN, force: true });
    expect(forced.retryAttempt).toBe(5);
    const overruled = [{ gate: "attempts", why: "5 attempts were made; force the next one" }];
    expect(await engine.events(forced.id)).toMatchObject([{ kind: "submitted", actor: "dan", data: { overruled } }]);
    expect((await engine.events(id)).at(-1)).toMatchObject({ kind: "retried", actor: "dan", data: { overruled } });
  });
});

describe("a forced retry", () => {
  test("says which gates it overruled, with the code of the refusal", async () => {
    const { engine, id } = await refused(DENIED);
    const retry = await engine.retry(id, { ...BY_DAN, force: true });
    const why =
      "line 0 was refused with Denied, which a retry meets again; Ask the owner of the shop; correct the cause, then force the retry";
    const data = { overruled: [{ gate: "persistent_cause", why, code: "Denied" }] };
    expect(await engine.events(retry.id)).toMatchObject([{ kind: "submitted", data }]);
    expect((await engine.events(id)).at(-1)).toMatchObject({ kind: "retried", data });
  });

  test("that overrules nothing says nothing", async () => {
    const { engine, id } = await refused({ code: "Busy", message: "later" });
    const retry = await engine.retry(id, { ...BY_DAN, force: true });
    expect((await engine.events(retry.id))[0]).not.toHaveProperty("data");
    expect((await engine.events(id)).at(-1)).not.toHaveProperty("data");
  });

  test("is refused before any gate shows, if its actor may not retry", async () => {
    const { another, id } = await refused(DENIED);
    const engine = another({ authorize: ({ verb }) => verb !== "retry" });
    await expect(engine.retry(id, { ...BY_DAN, force: true })).rejects.toMatchObject({
      code: "NOT_AUTHORIZED",
      details: { verb: "retry", executionId: id },
      current: undefined,
    });
  });
});

describe("opsHints", () => {
  test.each<readonly [unknown, string]>([
    [7, "opsHints"],
    [{ Denied: "text" }, "opsHints.Denied.text"],
    [{ Denied: { text: " " } }, "opsHints.Denied.text"],
    [{ Denied: { text: "x", docs: 7 } }, "opsHints.Denied.docs"],
    [{ Denied: null }, "opsHints.Denied.text"],
  ])("that is %j is refused", (opsHints, path) => {
    const { another } = purchaseFixture(CONTRACT.native);
    const problems = [expect.objectContaining({ path })];
    expect(() => another({ opsHints } as object)).toThrowError(
      expect.objectContaining({ code: "INVALID_REQUEST", details: { problems } }),
    );
  });
});
