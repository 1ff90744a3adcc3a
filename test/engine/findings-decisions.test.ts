import { describe, expect, test, vi } from "vitest";
import type { Resolution } from "../../src/engine/decisions/resolve.js";
import { reapStuckExecutions } from "../../src/state-machine/reap-stuck-executions.js";
import { transitionExecutionStatus } from "../../src/state-machine/transition-execution-status.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";

const LOST_REPLY = { purchases: [{ kind: "lost-reply" }] } as const;
const REFUSED = { purchases: [{ kind: "rejected" }] } as const;
const MINUTE = 60_000;

const submission = (requestKey: string) => ({ requestKey, createdBy: "ann", lines: [simulatedLine()] });

describe("transitionExecutionStatus", () => {
  test("hands no execution back of which something may have been bought, so that it cannot be canceled", async () => {
    const { store, cloud, clock, engine, another, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    const frozen = {
      ...cloud.provider,
      purchase: async (...call: Parameters<typeof cloud.provider.purchase>) => {
        await cloud.provider.purchase(...call);
        return new Promise<never>(() => {});
      },
    };
    void another({ providers: [frozen] }).run(id);
    await vi.waitFor(() => expect(cloud.requests()).toHaveLength(1), { interval: 1 });
    clock.advance(5 * MINUTE);
    await expect(
      transitionExecutionStatus(store, { executionId: id, from: ["running"], to: "approved", actor: "ops" }),
    ).rejects.toMatchObject({ code: "STATUS_NOT_PROVED_BY_LINES", details: { proved: "in_doubt" } });
    expect(await engine.cancel(id, { canceledBy: "ann" })).toMatchObject({
      status: "running",
      lines: [{ state: "submitting", withdrawn: { by: "ann" } }],
    });
    clock.advance(SETTLE_WAIT_MS);
    await engine.tick();
    expect(await store.get(id)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
  });
});

describe("resolve", () => {
  test('refuses "not bought" while a request may still land, by the bounds it was sent under, also without its provider', async () => {
    const { engine, another, cloud, clock, approved } = purchaseFixture(CONTRACT.none, {
      purchases: [{ kind: "late-landing", ms: 240_000 }],
    });
    const id = await approved();
    await engine.run(id);
    const resolution = { outcome: "rejected", evidence: { note: "not in the console" }, resolvedBy: "carol" } as const;
    await expect(another({ providers: [] }).resolve(id, 0, resolution)).rejects.toMatchObject({
      code: "RESOLUTION_REFUSED",
      message: expect.stringContaining("may land or stay hidden until"),
      moneyMoved: "maybe",
    });
    clock.advance(SETTLE_WAIT_MS + 1);
    // Somebody said something that could not be taken, so it is for a person to end it.
    expect(await engine.run(id)).toMatchObject({ status: "in_doubt", lines: [{ doubt: { needsPerson: true } }] });
    const truth = { outcome: "committed", evidence: { commitmentIds: ["c-1"] }, resolvedBy: "carol" } as const;
    expect((await engine.resolve(id, 0, truth)).status).toBe("completed");
    expect(cloud.ledger()).toHaveLength(1);
  });

  test.each([
    ["a charge that is no amount of money", { commitmentIds: ["c-1"], charge: { amount: -5.1, currency: "euros" } }],
    ["evidence of unknown fields", { commitmentIds: ["c-1"], secret: "x" }],
    ["an empty id", { commitmentIds: [""] }],
  ])("refuses %s", async (_, evidence) => {
    const { engine, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    const id = await approved();
    await engine.run(id);
    const resolution = { outcome: "committed", evidence, resolvedBy: "carol" } as Resolution;
    await expect(engine.resolve(id, 0, resolution)).rejects.toMatchObject({ code: "RESOLUTION_REFUSED" });
    expect((await engine.explain(id)).status).toBe("in_doubt");
  });
});

describe("schedule", () => {
  test.each([
    ["nothing", null],
    ["text", ""],
    ["seconds", 1_798_761_600],
    ["an invalid date", new Date(Number.NaN)],
  ])("refuses %s for the time instead of buying at once", async (_, runAt) => {
    const { engine, cloud } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit(submission("k"));
    await expect(engine.schedule(id, { approvedBy: "bob", runAt: runAt as number })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
    await engine.tick();
    expect(cloud.requests()).toHaveLength(0);
  });
});

test.each(["approve", "schedule"] as const)("%s refuses a basket whose time has run out", async (decision) => {
  const { engine, cloud, clock } = purchaseFixture(CONTRACT.none);
  const { id } = await engine.submit({ ...submission("k"), expiresInMs: 1_000 });
  clock.advance(24 * 60 * MINUTE);
  const decided =
    decision === "approve"
      ? engine.approve(id, { approvedBy: "bob" })
      : engine.schedule(id, { approvedBy: "bob", runAt: clock.now() });
  await expect(decided).rejects.toMatchObject({ code: "EXECUTION_NOT_IN_EXPECTED_STATUS" });
  await engine.tick();
  expect(cloud.requests()).toHaveLength(0);
  expect((await engine.explain(id)).status).toBe("expired");
});

describe("retry", () => {
  test("cannot be blocked by a request key that somebody else has taken", async () => {
    const { engine, approved } = purchaseFixture(CONTRACT.none, REFUSED);
    const id = await approved();
    await engine.run(id);
    await engine.submit(submission(`${id}/retry`));
    await expect(engine.submit(submission(`buyonce/retry/${id}`))).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    expect(await engine.retry(id, { requestedBy: "dan" })).toMatchObject({ status: "pending", retryOf: id });
  });

  test("is not refused for what a line met before it was bought after all", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const refusals = ["AuthFailure", "InsufficientCapacity"];
    const provider: typeof fixture.cloud.provider = {
      ...fixture.cloud.provider,
      async purchase(_permit, context) {
        context.beforeWire();
        return { kind: "rejected", rejection: { code: refusals.shift() ?? "none", message: "" } };
      },
    };
    const engine = fixture.another({ providers: [provider], concurrency: 1 });
    const id = await fixture.approved([simulatedLine({ offering: { size: "s" } }), simulatedLine()]);
    const failed = await engine.run(id);
    const [first] = failed.lines;
    if (first === undefined) throw new Error("no line");
    const { index, request: _, fingerprint: __, ...progress } = first;
    const commitment = { commitmentIds: ["c-9"], adopted: true };
    await fixture.store.commit({
      executionId: id,
      guard: { version: failed.version },
      status: "partially_completed",
      lines: [{ index, progress: { ...progress, state: "committed", commitment } }],
      event: { kind: "late_evidence", actor: "w1" },
    });
    expect(await engine.retry(id, { requestedBy: "dan" })).toMatchObject({ lines: [{ index: 1 }] });
  });

  test("goes on from a successor that was withdrawn", async () => {
    const { engine, approved } = purchaseFixture(CONTRACT.none, REFUSED);
    const id = await approved();
    await engine.run(id);
    const withdrawn = await engine.retry(id, { requestedBy: "dan" });
    await engine.cancel(withdrawn.id, { canceledBy: "ann" });
    const next = await engine.retry(withdrawn.id, { requestedBy: "dan" });
    await engine.approve(next.id, { approvedBy: "bob" });
    expect((await engine.run(next.id)).status).toBe("completed");
  });
});

test("a pause between tries that the reaper would not wait for is refused", () => {
  const { another } = purchaseFixture(CONTRACT.none);
  expect(() => another({ retryDelayMs: 10 * MINUTE, reapAfterMs: 10 * MINUTE })).toThrowError(
    expect.objectContaining({ code: "INVALID_REQUEST", message: expect.stringContaining("retryDelayMs") }),
  );
});

test("tick does not reap what it handed back until later", async () => {
  const { engine, clock, store, approved } = purchaseFixture(
    CONTRACT.none,
    { lookups: Array<boolean>(20).fill(true) },
    { retryDelayMs: 9 * MINUTE },
  );
  const id = await approved();
  for (let round = 0; round < 600; round += 1) {
    clock.advance(MINUTE);
    await engine.tick();
  }
  expect(await store.get(id)).toMatchObject({ status: "completed" });
});

test("an engine without the provider of a line leaves it to one that has it", async () => {
  const { engine, another, clock, approved } = purchaseFixture(CONTRACT.none);
  const id = await approved();
  expect(await another({ providers: [] }).run(id)).toMatchObject({
    status: "approved",
    lines: [{ state: "planned", lastError: { code: "PROVIDER_NOT_REGISTERED" } }],
  });
  clock.advance(MINUTE);
  await engine.tick();
  expect((await engine.explain(id)).status).toBe("completed");
});

test.each([
  ["a NUL", "a\u0000b"],
  ["a control character", "a\u0007b"],
  ["a lone surrogate", "x\ud800"],
])("submit refuses %s in the offering, which a store or a cloud may not take", async (_, size) => {
  const { engine } = purchaseFixture(CONTRACT.none);
  const lines = [simulatedLine({ offering: { size } })];
  await expect(engine.submit({ ...submission("k"), lines })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
});

test("the memory store refuses a change of lines that no version guards", async () => {
  const { engine, store, approved } = purchaseFixture(CONTRACT.none);
  const { id } = await engine.run(await approved());
  const execution = await store.get(id);
  const [line] = execution?.lines ?? [];
  if (execution === undefined || line === undefined) throw new Error("no line");
  const { index, request: _, fingerprint: __, ...progress } = line;
  const lines = [{ index, progress: { ...progress, state: "planned", commitment: null } as const }];
  const event = { kind: "transitioned", actor: "ops" } as const;
  await expect(store.commit({ executionId: execution.id, guard: {}, lines, event })).rejects.toThrow(TypeError);
  expect(await store.get(execution.id)).toEqual(execution);
});

describe("explain", () => {
  const NEXT_OF_RESEND =
    "Tick looks for the line's token at the cloud. If the token is absent, tick sends again under the same token.";

  test("says that a line which was never sent waits for a retry once its execution has ended", async () => {
    const { engine, clock, store, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    expect((await engine.explain(id)).lines[0]?.next).toBe("The next run buys it.");
    clock.advance(20 * MINUTE);
    await reapStuckExecutions(store);
    expect(await engine.explain(id)).toMatchObject({
      status: "failed",
      lines: [{ known: "Nothing was bought.", next: "Nothing by itself; a retry buys it." }],
    });
  });

  test("promises no purchase while each attempt fails, and says what ends that", async () => {
    const thrown = new Error("no credentials");
    const { engine, approved, another } = purchaseFixture(CONTRACT.none, { lookups: [{ kind: "throws", thrown }] });
    const id = await approved();
    await engine.run(id);
    const fails = "The next run tries again; it fails as long as the cause of LOOKUP_FAILED lasts.";
    expect(await engine.explain(id)).toMatchObject({
      next: "The next run or tick tries again; the lines say what has failed so far.",
      lines: [{ next: `${fails} Restore read access to the service's commitments. The next tick looks again.` }],
    });
    const opsHints = { LOOKUP_FAILED: { text: "Ask the platform team." } };
    expect((await another({ opsHints }).explain(id)).lines[0]?.next).toBe(`${fails} Ask the platform team.`);
  });

  test("says that too many attempts were made for a retry without force", async () => {
    const purchases = Array.from({ length: 5 }, () => ({ kind: "rejected" }) as const);
    const { engine, approved } = purchaseFixture(CONTRACT.native, { purchases });
    let id = await approved();
    for (let attempt = 1; attempt < 5; attempt += 1) {
      await engine.run(id);
      expect((await engine.explain(id)).next).toBe("Nothing by itself; a person may retry it.");
      ({ id } = await engine.retry(id, { requestedBy: "dan" }));
      await engine.approve(id, { approvedBy: "bob" });
    }
    await engine.run(id);
    expect((await engine.explain(id)).next).toBe("Nothing by itself: 5 attempts were made; force the next one.");
  });

  test("promises a resend only while the window of the token allows one", async () => {
    const { engine, clock, approved } = purchaseFixture(CONTRACT.native, {
      purchases: [{ kind: "lost-request" }],
      lookups: [false, true],
    });
    const id = await approved();
    await engine.run(id);
    expect((await engine.explain(id)).lines[0]?.next).toBe(NEXT_OF_RESEND);
    clock.advance(55 * MINUTE);
    await engine.run(id);
    expect(await engine.explain(id)).toMatchObject({
      status: "in_doubt",
      lines: [{ next: expect.stringMatching(/^After .* tick looks at the cloud/) }],
    });
  });

  test("says when a basket that waits for approval expires", async () => {
    const { engine, clock } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit({ ...submission("k"), expiresInMs: MINUTE });
    expect(await engine.explain(id)).toMatchObject({ nextAt: clock.now() + MINUTE, status: "pending" });
  });
});
