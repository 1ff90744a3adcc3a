import { describe, expect, test } from "vitest";
import { BuyonceError } from "../../src/domain/errors.js";
import type { Logger } from "../../src/domain/logger.js";
import type { PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { Decision } from "../../src/guards/authority.js";
import { crashingStore, crashPlan, interceptPort } from "../../src/testing/crashing-store.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";
import { type EngineWorld, onEachStore, QUICK } from "./support/on-each-store.js";

const LONG_MS = 3_600_000;
const BASKET = { requestKey: "key", createdBy: "ann", lines: [simulatedLine()] };
type Verb = "approve" | "cancel";

const linkFor = (engine: PurchaseEngine, id: string, verb: Verb = "approve", recipient = "bob", validForMs = LONG_MS) =>
  engine.issueDecisionToken(id, { verb, recipient, validForMs, issuedBy: "slack-bot" });

/** A basket that waits for approval, and a link for each verb. */
async function waiting({ engine }: Pick<EngineWorld, "engine">, basket = BASKET) {
  const { id } = await engine.submit(basket);
  const [approve, cancel] = [await linkFor(engine, id), await linkFor(engine, id, "cancel")];
  return { id, approve: approve.token, cancel: cancel.token };
}

/** Everything that a caller sees of a refusal. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    return `no refusal: ${JSON.stringify(await call)}`;
  } catch (thrown) {
    if (!(thrown instanceof BuyonceError)) return String(thrown);
    const { code, message, details, moneyMoved, current, cause } = thrown;
    return JSON.stringify({ code, message, details, moneyMoved, current, cause, own: Object.keys(thrown) });
  }
}

onEachStore((open) => {
  test("a link approves as its recipient, once, and its event says so", async () => {
    const { engine, store } = await open(QUICK.native);
    const { id, approve: token } = await waiting({ engine });
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const first = await engine.decideByToken(token, { reason: "as agreed" });
    expect(first).toMatchObject({ kind: "decided", execution: { id, status: "approved", approvedBy: "bob" } });
    const data = { via: "link", fingerprint: first.execution.contentFingerprint, total: expect.anything() };
    const [, issued, , approved] = await engine.events(id);
    expect(approved).toMatchObject({ kind: "approved", actor: "bob", reason: "as agreed", data });
    expect(issued).toMatchObject({ kind: "decision_link_issued", actor: "slack-bot", data: { recipient: "bob" } });
    expect(approved?.data?.["link"]).toBe(issued?.data?.["link"]);
    const version = (await store.get(id))?.version;
    expect(await engine.decideByToken(token)).toMatchObject({ kind: "already_decided", execution: { id } });
    expect((await store.get(id))?.version).toBe(version);
  });

  test("a link gives one of several approvals, to its recipient who is signed in, and is used by it", async () => {
    const { engine, another } = await open(QUICK.native);
    const { id } = await engine.submit({ ...BASKET, approvals: 2 });
    const [bobs, carols] = [await linkFor(engine, id), await linkFor(engine, id, "approve", "carol")];
    const nobody = { code: "ACTOR_REQUIRED" };
    await expect(another({ approvals: 2 }).decideByToken("x".repeat(43))).rejects.toMatchObject(nobody);
    await expect(engine.decideByToken(bobs.token)).rejects.toMatchObject(nobody);
    const first = await engine.decideByToken(bobs.token, { actor: "bob" });
    expect(first).toMatchObject({ kind: "decided", execution: { status: "pending", approvers: ["bob"] } });
    const again = await engine.decideByToken(bobs.token, { actor: "bob" });
    expect(again).toMatchObject({ kind: "already_decided", execution: { version: first.execution.version } });
    const given = (await engine.events(id)).find(({ kind }) => kind === "approval_given");
    expect(given).toMatchObject({ actor: "bob", data: { via: "link", have: 1, needed: 2 } });
    const last = await engine.decideByToken(carols.token, { actor: "carol" });
    expect(last).toMatchObject({ kind: "decided", execution: { status: "approved", approvers: ["bob", "carol"] } });
  });

  test("a link cancels, and says until when it is valid by the store's clock", async () => {
    const { engine, store } = await open(QUICK.native);
    const { id } = await engine.submit(BASKET);
    const { token, expiresAt } = await linkFor(engine, id, "cancel");
    expect(expiresAt).toBe(Number((await store.get(id))?.updatedAt) + LONG_MS);
    expect(await engine.decideByToken(token)).toMatchObject({ kind: "decided", execution: { status: "canceled" } });
    expect((await engine.events(id)).at(-1)).toMatchObject({ kind: "canceled", actor: "bob", data: { via: "link" } });
  });

  test("after somebody has decided, a link shows the outcome and changes nothing", async () => {
    const { engine, store } = await open(QUICK.native);
    const { id, approve, cancel } = await waiting({ engine });
    await engine.schedule(id, { approvedBy: "carol", runAt: Date.UTC(2040, 0, 1) });
    const before = JSON.stringify([await store.get(id), await store.events(id)]);
    for (const token of [approve, cancel])
      expect(await engine.decideByToken(token)).toMatchObject({
        kind: "already_decided",
        execution: { status: "scheduled", approvedBy: "carol" },
      });
    expect(JSON.stringify([await store.get(id), await store.events(id)])).toBe(before);
    await expect(linkFor(engine, id)).rejects.toMatchObject({ code: "EXECUTION_NOT_IN_EXPECTED_STATUS" });
  });

  test("of sixteen uses at the same time one decides, and each other shows what it decided", async () => {
    const { engine } = await open(QUICK.native);
    const { id, approve, cancel } = await waiting({ engine });
    for (const token of [approve, cancel]) {
      const uses = await Promise.all(Array.from({ length: 16 }, () => engine.decideByToken(token)));
      const decided = uses.filter(({ kind }) => kind === "decided");
      expect(decided).toHaveLength(token === approve ? 1 : 0);
      expect(new Set(uses.map(({ execution }) => execution.status))).toEqual(new Set(["approved"]));
    }
    expect((await engine.events(id)).filter(({ kind }) => kind === "approved")).toHaveLength(1);
  });

  test("of a person who has approved before it says that it decided nothing", async () => {
    const { engine, store } = await open(QUICK.native, {}, { approvals: 2 });
    const { id } = await engine.submit(BASKET);
    const { token } = await linkFor(engine, id);
    await engine.approve(id, { approvedBy: "bob" });
    const before = await store.get(id);
    for (let use = 0; use < 2; use += 1)
      expect(await engine.decideByToken(token, { actor: { id: "bob" } })).toMatchObject({ kind: "already_decided" });
    expect(await store.get(id)).toEqual(before);
  });

  test("a link that is expired, revoked, unknown or somebody else's is refused alike", async () => {
    const { engine, pass, store } = await open(QUICK.native);
    const { id } = await engine.submit(BASKET);
    const [revoked, short] = [await linkFor(engine, id), await linkFor(engine, id, "approve", "bob", 50)];
    await engine.revokeDecisionTokens(id, { revokedBy: "ann", reason: "sent to a list" });
    expect((await engine.events(id)).at(-1)).toMatchObject({ kind: "decision_links_revoked", actor: "ann" });
    const expired = await linkFor(engine, id, "approve", "bob", 50);
    const foreign = await linkFor(engine, id);
    await pass(60);
    const before = JSON.stringify([await store.get(id), await store.events(id)]);
    const refusals = [
      await refusal(engine.decideByToken("A".repeat(43))),
      await refusal(engine.decideByToken("")),
      await refusal(engine.decideByToken(revoked.token)),
      await refusal(engine.decideByToken(short.token)),
      await refusal(engine.decideByToken(expired.token)),
      await refusal(engine.decideByToken(foreign.token, { actor: "mallory" })),
    ];
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).toContain("DECISION_TOKEN_INVALID");
    expect(JSON.stringify([await store.get(id), await store.events(id)])).toBe(before);
    expect(await engine.decideByToken(foreign.token, { actor: { id: "Bob ", roles: [] } })).toMatchObject({
      kind: "decided",
      execution: { approvedBy: "bob" },
    });
  });

  test("a link passes the guards of an approval, and one that is refused can be used later", async () => {
    const { another } = await open(QUICK.native);
    const engine = another({ overlapWindowMs: 1 });
    const first = await waiting({ engine });
    const second = await waiting({ engine }, { ...BASKET, requestKey: "second" });
    await engine.decideByToken(first.approve);
    await expect(engine.decideByToken(second.approve)).rejects.toMatchObject({ code: "NEED_ALREADY_COVERED" });
    await engine.pause(second.id, { pausedBy: "carol" });
    await engine.cancel(first.id, { canceledBy: "carol" });
    const paused = { code: "EXECUTION_NOT_IN_EXPECTED_STATUS", current: { status: "paused" } };
    await expect(engine.decideByToken(second.approve)).rejects.toMatchObject(paused);
    await engine.resume(second.id, { resumedBy: "carol" });
    expect(await engine.decideByToken(second.approve)).toMatchObject({ kind: "decided" });
  });
});

describe("who uses a link", () => {
  test("is refused without a call of the store if the token has not the form of one", async () => {
    const { another, store } = purchaseFixture(CONTRACT.native);
    const calls: string[] = [];
    const port = interceptPort(store, { before: async (call) => void calls.push(call), after: async () => {} });
    for (const engine of [another({ store: port }), another({ store: port, fourEyes: true })])
      for (const token of ["", " ", "\0", "a", null, undefined, 7, {}, "A".repeat(44)])
        for (const decision of [{}, { actor: "bob" }])
          await expect(engine.decideByToken(token as string, decision)).rejects.toMatchObject({
            code: "DECISION_TOKEN_INVALID",
          });
    expect(calls).toEqual([]);
  });

  test("must be signed in as the recipient under four eyes, and have made no part of the basket", async () => {
    const { another } = purchaseFixture(CONTRACT.native);
    const engine = another({ fourEyes: true });
    const { id, approve } = await waiting({ engine });
    const own = await linkFor(engine, id, "approve", "ann");
    for (const token of [approve, "A".repeat(43)])
      await expect(engine.decideByToken(token)).rejects.toMatchObject({ code: "ACTOR_REQUIRED" });
    for (const [token, actor] of [
      [approve, "carol"],
      [own.token, "ann"],
      [own.token, "bob"],
    ] as const)
      await expect(engine.decideByToken(token, { actor })).rejects.toMatchObject({ code: "DECISION_TOKEN_INVALID" });
    expect(await engine.decideByToken(approve, { actor: "BOB" })).toMatchObject({ kind: "decided" });
  });

  test("is asked about as the recipient, via the link, with what the session knows of the person", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    const asked: Partial<Decision>[] = [];
    let mayApprove = false;
    const engine = fixture.another({
      authorize: ({ verb, actor, via, at }) => {
        asked.push({ verb, actor, at, ...(via && { via }) });
        return mayApprove || verb !== "approve";
      },
    });
    const { approve } = await waiting({ engine });
    asked.splice(0);
    await expect(engine.decideByToken(approve)).rejects.toMatchObject({ code: "DECISION_TOKEN_INVALID" });
    mayApprove = true;
    await engine.decideByToken(approve, { actor: { id: "Bob", roles: ["approver"] } });
    const about = { verb: "approve", via: "link", at: "decision" };
    expect(asked).toEqual([
      { ...about, actor: { id: "bob" } },
      { ...about, actor: { id: "bob", roles: ["approver"] } },
    ]);
    // A right that is taken away hides the outcome too.
    mayApprove = false;
    await expect(engine.decideByToken(approve)).rejects.toMatchObject({ code: "DECISION_TOKEN_INVALID" });
  });
});

describe("issuing a link", () => {
  test.each([
    { verb: "retry" },
    { verb: undefined },
    { recipient: " " },
    { recipient: "unknown" },
    { recipient: { id: "bob" } },
    { validForMs: 0 },
    { validForMs: Number.POSITIVE_INFINITY },
    { validForMs: "1h" },
    { validFor: 1 },
    { issuedBy: "" },
  ])("is refused with %j", async (wrong) => {
    const { engine } = purchaseFixture(CONTRACT.native);
    const { id } = await engine.submit(BASKET);
    const request = { verb: "approve", recipient: "bob", validForMs: 1_000, issuedBy: "bot", ...wrong } as never;
    await expect(engine.issueDecisionToken(id, request)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    expect(await engine.events(id)).toHaveLength(1);
  });
});

test("a crash at any point leaves a link unused, or used with its decision", async () => {
  for (const verb of ["approve", "cancel"] as const)
    for (let crashAt = 1, passed = false; !passed; crashAt += 1) {
      const { engine, another, store } = purchaseFixture(CONTRACT.native);
      const { id, [verb]: token } = await waiting({ engine });
      const plan = crashPlan(crashAt);
      await another({ store: crashingStore(store, plan) })
        .decideByToken(token)
        .catch(() => undefined);
      passed = !plan.crashed;
      const isUndecided = (await store.get(id))?.status === "pending";
      const { kind } = await engine.decideByToken(token);
      expect(kind).toBe(isUndecided ? "decided" : "already_decided");
      expect((await engine.events(id)).filter(({ data }) => data?.["via"] === "link")).toHaveLength(1);
    }
});

test("the secret stands in no event, log, error or answer but the one that issues it", async () => {
  const logged: unknown[] = [];
  const log = (...said: unknown[]) => void logged.push(said);
  const logger: Logger = { info: log, warn: log, error: log };
  const { another, store } = purchaseFixture(CONTRACT.native);
  const stored: unknown[] = [];
  const recording = new Proxy(store, {
    get(port, name) {
      const call: unknown = Reflect.get(port, name);
      if (typeof call !== "function") return call;
      return (...args: unknown[]) => {
        stored.push(args);
        return Reflect.apply(call, port, args);
      };
    },
  });
  const engine = another({
    store: recording,
    logger,
    authorize: ({ verb }) => {
      if (verb === "cancel") throw new Error("no directory");
      return true;
    },
  });
  const { id, approve, cancel } = await waiting({ engine });
  const seen = [
    await refusal(engine.decideByToken(cancel)),
    await refusal(engine.decideByToken(approve, { actor: "mallory" })),
    await engine.decideByToken(approve),
    await engine.decideByToken(approve),
    await engine.events(id),
    await engine.explain(id),
    await engine.history(),
  ];
  const text = JSON.stringify([seen, logged, stored]);
  expect(logged).not.toEqual([]);
  for (const secret of [approve, cancel]) expect(text).not.toContain(secret);
});
