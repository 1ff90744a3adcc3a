import { describe, expect, test } from "vitest";
import type { PurchaseEngine } from "../../src/engine/purchase-engine.js";
import { transitionExecutionStatus } from "../../src/state-machine/transition-execution-status.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { CONTRACT, purchaseFixture } from "../support/purchase-fixture.js";

type Calls = Readonly<Partial<Record<keyof PurchaseEngine, (engine: PurchaseEngine, id: string) => Promise<unknown>>>>;

const EVIDENCE = { commitmentIds: ["c-1"] };

/** The methods that take an id, each with arguments that are sound but for the id. */
const TAKE_AN_ID: Calls = {
  approve: (engine, id) => engine.approve(id, { approvedBy: "bob" }),
  schedule: (engine, id) => engine.schedule(id, { approvedBy: "bob", runAt: Date.UTC(2030, 0, 1) }),
  pause: (engine, id) => engine.pause(id, { pausedBy: "bob" }),
  resume: (engine, id) => engine.resume(id, { resumedBy: "bob" }),
  cancel: (engine, id) => engine.cancel(id, { canceledBy: "bob" }),
  cancelQueued: (engine, id) => engine.cancelQueued(id, 0, { canceledBy: "bob" }),
  retry: (engine, id) => engine.retry(id, { requestedBy: "bob" }),
  resolve: (engine, id) => engine.resolve(id, 0, { outcome: "committed", evidence: EVIDENCE, resolvedBy: "bob" }),
  markNotified: (engine, id) => engine.markNotified(id, { channel: "#buyers", notifiedBy: "bob" }),
  issueDecisionToken: (engine, id) =>
    engine.issueDecisionToken(id, { verb: "approve", recipient: "bob", validForMs: 1_000, issuedBy: "bob" }),
  revokeDecisionTokens: (engine, id) => engine.revokeDecisionTokens(id, { revokedBy: "bob" }),
  get: (engine, id) => engine.get(id),
  explain: (engine, id) => engine.explain(id),
  events: (engine, id) => engine.events(id),
  run: (engine, id) => engine.run(id),
  reconcile: (engine, id) => engine.reconcile(id),
  waitUntilSettled: (engine, id) => engine.waitUntilSettled(id),
};

const TAKE_NONE: readonly (keyof PurchaseEngine)[] = [
  "changeLimits",
  "decideByToken",
  "drainEvents",
  "feed",
  "forgetConsumer",
  "freeze",
  "freezes",
  "history",
  "limits",
  "submit",
  "suppressions",
  "suppressionsOf",
  "tick",
  "unfreeze",
  "withStore",
];

const WRONG: readonly (readonly [what: string, value: unknown])[] = [
  ["an object (did you mean .id?)", { id: "exec_1", status: "pending" }],
  ["a promise (did you forget await?)", Promise.resolve("exec_1")],
  ["undefined", undefined],
  ["null", null],
  ["a number", 7],
  ["a list", ["exec_1"]],
  ["an empty text", ""],
];

/** A store, and which of its functions were called. */
function watched(store: ExecutionStore) {
  const calls: PropertyKey[] = [];
  const spied = new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        calls.push(name);
        return Reflect.apply(value, target, args);
      };
    },
  });
  return { store: spied, calls };
}

/** What a call is refused with. The call must not throw synchronously. */
const refusalOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.unreachable("it was not refused"),
    (error) => error,
  );

const refused = (got: string) => ({
  code: "INVALID_REQUEST",
  message: expect.stringContaining("executionId: must be the `id` that submit returned; got"),
  details: { problems: [{ path: "executionId", problem: expect.stringMatching(new RegExp(`got ${quoted(got)}$`)) }] },
});

const quoted = (text: string): string => text.replace(/[.?()]/g, "\\$&");

test("every function of an engine stands in one of the lists", () => {
  const { engine } = purchaseFixture(CONTRACT.native);
  expect(Object.keys(engine).sort()).toEqual([...Object.keys(TAKE_AN_ID), ...TAKE_NONE].sort());
});

describe("what is no execution id is refused before anything is read", () => {
  test.each(Object.entries(TAKE_AN_ID))("by %s", async (name, call) => {
    const fixture = purchaseFixture(CONTRACT.native);
    const { store, calls } = watched(fixture.store);
    const engine = fixture.another({ store, authorize: () => expect.unreachable("nobody is asked") });
    const decisions = engine.withStore(store);
    for (const [got, value] of WRONG) {
      expect(await refusalOf(call(engine, value as string))).toMatchObject(refused(got));
      if (name in decisions)
        expect(await refusalOf(call({ ...engine, ...decisions }, value as string))).toMatchObject(refused(got));
    }
    expect(calls).toEqual([]);
  });

  test.each(WRONG)("by transitionExecutionStatus: %s", async (got, value) => {
    const { store, calls } = watched(purchaseFixture(CONTRACT.native).store);
    const move = { executionId: value as string, from: ["pending"], to: "canceled" } as const;
    expect(await refusalOf(transitionExecutionStatus(store, move))).toMatchObject(refused(got));
    expect(calls).toEqual([]);
  });
});

test("a batch of reconcile is still told what it lacks", async () => {
  const { engine } = purchaseFixture(CONTRACT.native);
  const batch = { limt: 1 } as unknown as { limit: number };
  await expect(engine.reconcile(batch)).rejects.toThrow('batch.limt: is not known; did you mean "limit"?');
});
