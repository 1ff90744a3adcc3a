import { describe, expect, test } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";

const twoLines = [simulatedLine({ offering: { size: "m" } }), simulatedLine({ offering: { size: "l" } })];

/** A provider that does something right after a purchase has left, and answers after that. */
const after = (provider: CommitmentProvider, act: () => void): CommitmentProvider => ({
  ...provider,
  async purchase(permit, context) {
    const outcome = await provider.purchase(permit, context);
    act();
    await new Promise((resolve) => setImmediate(resolve));
    return context.signal.aborted ? { kind: "unknown", reason: "nobody waited for the answer" } : outcome;
  },
});

/** A controller of a polyfill, or of jsdom: its signal is none of Node's own. */
function foreignController(): { readonly signal: AbortSignal; abort(): void } {
  const signal = Object.assign(new EventTarget(), { aborted: false });
  const abort = () => {
    signal.aborted = true;
    signal.dispatchEvent(new Event("abort"));
  };
  return { signal: signal as unknown as AbortSignal, abort };
}

describe("a stop after a purchase has left", () => {
  test.each([
    ["the signal", { concurrency: 1 }],
    ["the signal of a polyfill", { concurrency: 1 }],
    ["the deadline", { concurrency: 1 }],
  ])("by %s lets that purchase end and be recorded, and begins nothing more", async (how, options) => {
    const { approved, another, clock, cloud, engine, store } = purchaseFixture(CONTRACT.none, {}, options);
    const id = await approved(twoLines);
    const controller = how === "the signal" ? new AbortController() : foreignController();
    const stop = how === "the deadline" ? () => clock.advance(5_000) : () => controller.abort();
    const bounds = how === "the deadline" ? { within: 5_000 } : { signal: controller.signal };
    const stopped = await another({ providers: [after(cloud.provider, stop)] }).run(id, bounds);
    expect(stopped).toMatchObject({
      status: "running",
      lines: [{ state: "committed" }, { state: "planned", lastError: null }],
      outcomes: { committed: 1, inDoubt: 0, waiting: { NOT_TRIED: 1 } },
    });
    expect(cloud.requests()).toHaveLength(1);
    expect(await engine.tick(), "the rest is due at once").toMatchObject({ ran: 1, outcomes: { committed: 1 } });
    expect(await store.get(id)).toMatchObject({ status: "completed" });
    expect(cloud.ledger()).toHaveLength(2);
  });

  test("still ends the purchase with the time of its line", async () => {
    const { approved, another, clock, cloud } = purchaseFixture(CONTRACT.none, {
      purchases: [{ kind: "hangs", lands: true }],
    });
    const id = await approved();
    const controller = new AbortController();
    const run = another().run(id, { signal: controller.signal });
    while (cloud.requests().length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    clock.advance(60_000);
    expect(await run).toMatchObject({ status: "in_doubt", outcomes: { inDoubt: 1 } });
  });
});

test.each([
  ["a planned line", []],
  ["a line in doubt", [{ kind: "lost-reply" as const }]],
])("a look at %s that we stop ourselves is not recorded as its failure", async (_, purchases) => {
  const { approved, another, clock, cloud, engine, store } = purchaseFixture(CONTRACT.none, { purchases });
  const id = await approved();
  if (purchases.length > 0) await engine.run(id);
  clock.advance(SETTLE_WAIT_MS);
  const controller = new AbortController();
  const slow: CommitmentProvider = {
    ...cloud.provider,
    lookup: () => {
      controller.abort();
      return new Promise(() => {});
    },
  };
  const before = await store.get(id);
  await another({ providers: [slow] }).run(id, { signal: controller.signal });
  expect(await store.get(id)).toMatchObject({ status: before?.status, lines: before?.lines });
  expect((await store.events(id)).map(({ kind }) => kind)).not.toContain("attempt_failed");
});

test.each([
  ["a signal that has fired", () => ({ signal: AbortSignal.abort() })],
  ["no time left", () => ({ within: 0 })],
  ["less than no time left", () => ({ within: -3_000 })],
  ["a deadline that is over", (now: number) => ({ deadline: now - 1 })],
  ["a deadline that is over, as a Date", (now: number) => ({ deadline: new Date(now - 1) })],
])("nothing is claimed with %s", async (_, boundsAt) => {
  const { approved, clock, cloud, engine, store } = purchaseFixture(CONTRACT.none);
  const id = await approved();
  const bounds = boundsAt(clock.now());
  const before = await store.get(id);
  expect((await engine.run(id, bounds)).version).toBe(before?.version);
  expect(await engine.tick(bounds)).toMatchObject({ ran: 0, more: true });
  expect(await store.get(id)).toEqual(before);
  expect(cloud.requests()).toEqual([]);
});

test.each([
  ["a Date", (now: number) => ({ deadline: new Date(now + 60_000) })],
  ["epoch milliseconds", (now: number) => ({ deadline: now + 60_000 })],
  ["a span", () => ({ within: 60_000 })],
  ["a deadline years ahead", (now: number) => ({ deadline: now + 1e11 })],
])("a run within %s goes through", async (_, boundsAt) => {
  const { approved, clock, engine } = purchaseFixture(CONTRACT.none);
  expect(await engine.run(await approved(), boundsAt(clock.now()))).toMatchObject({ status: "completed" });
});

test.each([
  ["a time as a span", { within: 1_790_000_000_000 }, "within"],
  ["a span that is no number", { within: Number.NaN }, "within"],
  ["a span as a deadline", { deadline: 5_000 }, "deadline"],
  ["a deadline that is no time", { deadline: new Date("never") }, "deadline"],
  ["both", { deadline: Date.UTC(2040, 0, 1), within: 5_000 }, "within"],
  ["a misspelt bound", { withinMs: 5_000 } as object, "withinMs"],
  ["a controller as a signal", { signal: new AbortController() } as object, "signal: must be an AbortSignal; this is"],
  ["a signal that is null", { signal: null } as object, "signal: must be an AbortSignal"],
])("%s is refused before anything is claimed", async (_, bounds, path) => {
  const { approved, engine, store } = purchaseFixture(CONTRACT.none);
  const id = await approved();
  const { version } = (await store.get(id)) ?? {};
  const calls = [
    () => engine.run(id, bounds),
    () => engine.reconcile(id, bounds),
    () => engine.tick(bounds),
    () => engine.drainEvents("mail", () => {}, bounds),
  ];
  for (const call of calls) {
    const refusal: unknown = await call().catch((thrown: unknown) => thrown);
    expect(isBuyonceError(refusal, "INVALID_REQUEST") && refusal.message).toContain(path);
  }
  expect((await store.get(id))?.version).toBe(version);
});
