import { describe, expect, test } from "vitest";
import type { PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { Decision } from "../../src/guards/authority.js";
import * as library from "../../src/index.js";
import { CONTRACT, type PurchaseFixture, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";
import { OVER_A_STORE, PURE } from "./support/public-functions.js";

const BOB = { approvedBy: "bob" };
const SUBMISSION = { requestKey: "key", createdBy: "ann", lines: [simulatedLine()] };
const ANSWER = { outcome: "committed", evidence: { commitmentIds: ["c-1"] }, resolvedBy: "ann" } as const;

type Name = keyof PurchaseEngine;
type Decisions = ReturnType<PurchaseEngine["withStore"]>;

/** What people decide: asked of `authorize` before anything else. */
const DECIDES: Readonly<Partial<Record<Name, (engine: PurchaseEngine, id: string) => Promise<unknown>>>> = {
  submit: (engine) => engine.submit(SUBMISSION),
  approve: (engine, id) => engine.approve(id, BOB),
  schedule: (engine, id) => engine.schedule(id, { ...BOB, runAt: Date.UTC(2030, 0, 1) }),
  pause: (engine, id) => engine.pause(id, { pausedBy: "bob" }),
  resume: (engine, id) => engine.resume(id, { resumedBy: "bob" }),
  cancel: (engine, id) => engine.cancel(id, { canceledBy: "bob" }),
  cancelQueued: (engine, id) => engine.cancelQueued(id, 0, { canceledBy: "bob" }),
  retry: (engine, id) => engine.retry(id, { requestedBy: "bob", force: true }),
  resolve: (engine, id) => engine.resolve(id, 0, ANSWER),
  markNotified: (engine, id) => engine.markNotified(id, { channel: "#buyers", notifiedBy: "bob" }),
  issueDecisionToken: (engine, id) =>
    engine.issueDecisionToken(id, { verb: "approve", recipient: "bob", validForMs: 1_000, issuedBy: "bob" }),
  revokeDecisionTokens: (engine, id) => engine.revokeDecisionTokens(id, { revokedBy: "bob" }),
  freeze: (engine) => engine.freeze({ scope: {}, frozenBy: "bob", reason: "an audit" }),
  unfreeze: (engine) => engine.unfreeze("freeze-1", { liftedBy: "bob", reason: "it is over" }),
  changeLimits: (engine) => engine.changeLimits({ changedBy: "bob", reason: "a new year" }),
};

/** What decides by a link: `authorize` is asked about the verb of the link, and its refusal looks like an unknown link. */
const LINKS: readonly Name[] = ["decideByToken"];

/** What sends: `authorize` is asked about the approver before the write-ahead. */
const SENDS: Readonly<Partial<Record<Name, (engine: PurchaseEngine, id: string) => Promise<unknown>>>> = {
  run: (engine, id) => engine.run(id),
  reconcile: (engine, id) => engine.reconcile(id),
  tick: (engine) => engine.tick(),
};

/** What only reads. It changes nothing, so it leads to no purchase. */
const READS: Readonly<Partial<Record<Name, (engine: PurchaseEngine, id: string) => Promise<unknown>>>> = {
  explain: (engine, id) => engine.explain(id),
  events: (engine, id) => engine.events(id),
  history: (engine) => engine.history(),
  freezes: (engine) => engine.freezes(),
  limits: (engine) => engine.limits(),
  suppressions: (engine) => engine.suppressions(),
  suppressionsOf: (engine) => engine.suppressionsOf([]),
  feed: (engine) => engine.feed(),
  drainEvents: (engine) => engine.drainEvents("mail", () => {}),
  forgetConsumer: (engine) => engine.forgetConsumer("mail"),
  get: (engine, id) => engine.get(id),
  waitUntilSettled: (engine, id) => engine.waitUntilSettled(id, { signal: AbortSignal.abort() }).catch(() => {}),
};

/** An engine whose policy says what `answer` says, and what it was asked. */
function guarded({ another }: PurchaseFixture, answer = false) {
  const asked: Pick<Decision, "verb" | "actor" | "at" | "own">[] = [];
  const engine = another({
    authorize: ({ verb, actor, at, own }) => {
      asked.push({ verb, actor, at, own });
      return answer;
    },
  });
  return { engine, asked };
}

const stateOf = async ({ store }: PurchaseFixture): Promise<string> => {
  const { executions } = await store.history({});
  return JSON.stringify([executions, await Promise.all(executions.map(({ id }) => store.events(id)))]);
};

test("every function of an engine stands in one of the lists", () => {
  const { engine } = purchaseFixture(CONTRACT.native);
  const listed = [...Object.keys(DECIDES), ...LINKS, ...Object.keys(SENDS), ...Object.keys(READS), "withStore"];
  expect(Object.keys(engine).sort()).toEqual(listed.sort());
});

describe("a decision asks authorize, and a refusal changes nothing", () => {
  test.each(Object.entries(DECIDES))("%s", async (verb, decide) => {
    const fixture = purchaseFixture(CONTRACT.native);
    const { id } = await fixture.engine.submit({ ...SUBMISSION, requestKey: "before" });
    const before = await stateOf(fixture);
    const { engine, asked } = guarded(fixture);
    await expect(decide(engine, id)).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
    expect(asked).toMatchObject([{ verb, at: "decision" }]);
    expect(await stateOf(fixture)).toBe(before);
  });

  const { engine: any, store: anyStore } = purchaseFixture(CONTRACT.native);
  const overAnother = Object.keys(any.withStore(anyStore)).filter((name) => name in DECIDES);
  test.each(overAnother)("%s over another store", async (name) => {
    const fixture = purchaseFixture(CONTRACT.native);
    const { id } = await fixture.engine.submit({ ...SUBMISSION, requestKey: "before" });
    const { engine, asked } = guarded(fixture);
    const decisions: Decisions = engine.withStore(fixture.store);
    const decide = DECIDES[name as Name] ?? expect.unreachable();
    await expect(decide({ ...engine, ...decisions }, id)).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
    expect(asked).toMatchObject([{ verb: name, at: "decision" }]);
  });
});

describe("a decision by link asks authorize, and a refusal changes nothing", () => {
  test.each([
    ["approve", false],
    ["cancel", false],
    ["approve", true],
  ] as const)("%s, over another store: %s", async (verb, isOver) => {
    const fixture = purchaseFixture(CONTRACT.native);
    const { id } = await fixture.engine.submit(SUBMISSION);
    const request = { verb, recipient: "bob", validForMs: 1_000, issuedBy: "bot" };
    const { token } = await fixture.engine.issueDecisionToken(id, request);
    const before = await stateOf(fixture);
    const { engine, asked } = guarded(fixture);
    const decisions = isOver ? engine.withStore(fixture.store) : engine;
    await expect(decisions.decideByToken(token)).rejects.toMatchObject({ code: "DECISION_TOKEN_INVALID" });
    expect(asked).toEqual([{ verb, actor: { id: "bob" }, at: "decision", own: false }]);
    expect(await stateOf(fixture)).toBe(before);
  });
});

describe("a call that sends asks authorize about the approver, and a refusal buys nothing", () => {
  const ABOUT_BOB = { verb: "approve", actor: { id: "bob" }, at: "send", own: false };

  test.each(["run", "tick"] as const)("%s", async (name) => {
    const fixture = purchaseFixture(CONTRACT.native);
    const id = await fixture.approved();
    const { engine, asked } = guarded(fixture);
    await SENDS[name]?.(engine, id);
    expect(asked).toEqual([ABOUT_BOB]);
    expect(fixture.cloud.requests()).toEqual([]);
    const allowing = guarded(fixture, true);
    fixture.clock.advance(60_000);
    await SENDS[name]?.(allowing.engine, id);
    // Once before the cloud is asked anything, and once right before the write-ahead.
    expect(allowing.asked).toEqual([ABOUT_BOB, ABOUT_BOB]);
    expect(fixture.cloud.ledger()).toHaveLength(1);
  });

  test.each(["run", "tick", "reconcile"] as const)("%s, before it sends a line in doubt again", async (name) => {
    const fixture = purchaseFixture(CONTRACT.native, { purchases: [{ kind: "lost-request" }] });
    const id = await fixture.approved();
    await fixture.engine.run(id);
    expect((await fixture.store.get(id))?.status).toBe("in_doubt");
    fixture.clock.advance(60_000);
    const { engine, asked } = guarded(fixture);
    await SENDS[name]?.(engine, id);
    expect(asked).toEqual([ABOUT_BOB]);
    expect(fixture.cloud.requests()).toHaveLength(1);
    expect((await fixture.store.get(id))?.status).toBe("in_doubt");
    fixture.clock.advance(60_000);
    await SENDS[name]?.(guarded(fixture, true).engine, id);
    expect(fixture.cloud.ledger()).toHaveLength(1);
  });

  test("tick, for an execution whose time has come", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    const { id } = await fixture.engine.submit(SUBMISSION);
    await fixture.engine.schedule(id, { ...BOB, runAt: fixture.clock.now() + 1 });
    fixture.clock.advance(1);
    const { engine, asked } = guarded(fixture);
    expect(await engine.tick()).toMatchObject({ fired: 1 });
    expect(asked).toEqual([ABOUT_BOB]);
    expect(fixture.cloud.requests()).toEqual([]);
  });
});

describe("a call that reads leads to no purchase", () => {
  test.each(Object.entries(READS))("%s", async (_, read) => {
    const fixture = purchaseFixture(CONTRACT.native);
    const id = await fixture.approved();
    const before = await stateOf(fixture);
    await read(fixture.engine, id);
    expect(await stateOf(fixture)).toBe(before);
    expect(fixture.cloud.requests()).toEqual([]);
  });
});

describe("a function beside the engine", () => {
  test("stands in one of the lists", () => {
    const functions = Object.entries(library).flatMap(([name, one]) => (typeof one === "function" ? [name] : []));
    expect(functions.sort()).toEqual([...OVER_A_STORE, ...PURE].sort());
  });

  test.each(["approved", "scheduled"] as const)("moves an execution to %s, and nothing of it is bought", async (to) => {
    const fixture = purchaseFixture(CONTRACT.native);
    const { id } = await fixture.engine.submit(SUBMISSION);
    await library.transitionExecutionStatus(fixture.store, {
      executionId: id,
      from: ["pending"],
      to,
      approvedBy: "mallory",
      ...(to === "scheduled" && { wakeAt: fixture.clock.now() + 1 }),
    });
    fixture.clock.advance(1);
    const { engine, asked } = guarded(fixture);
    await engine.tick();
    expect(asked).toEqual([{ verb: "approve", actor: { id: "mallory" }, at: "send", own: false }]);
    expect(fixture.cloud.requests()).toEqual([]);
  });

  test("reaps and prunes, and nothing is bought", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    await fixture.approved();
    fixture.clock.advance(3_600_000);
    await library.reapStuckExecutions(fixture.store, {});
    await library.pruneExecutions(fixture.store, {});
    expect(fixture.cloud.requests()).toEqual([]);
  });
});
