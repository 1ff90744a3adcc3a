import { describe, expect, test } from "vitest";
import { BuyonceError } from "../../src/domain/errors.js";
import type { PurchaseLine } from "../../src/domain/execution.js";
import type { ExecutionStatus } from "../../src/domain/execution-status.js";
import type { LinkVerb } from "../../src/domain/link-verb.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { ActorOrId } from "../../src/guards/actor.js";
import { anyOwnPolicy, type Permission } from "../../src/guards/any-own-policy.js";
import { VERBS, type Verb } from "../../src/guards/authority.js";
import { fingerprint } from "../../src/idempotency/fingerprint.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { newInput, sampleLine } from "../../src/testing/store-contract/samples.js";
import { CONTRACT, simulatedLine } from "../support/purchase-fixture.js";

const ID = "exec_00000000-0000-4000-8000-000000000001";
/** Who asks. The actor of each call has roles beside its id, because nothing may depend on a plain text. */
const ANN: ActorOrId = { id: "ann", roles: ["buyer"], tenant: "t-1" };

interface Call {
  /** The right that the policy wants. */
  readonly right: string;
  /** How the execution stands that the call is made for. */
  readonly status: ExecutionStatus;
  readonly line?: Partial<PurchaseLine>;
  /** How the call ends once it is allowed, if it does not succeed: the rest of the engine's rules speak then. */
  readonly ends?: string;
  make(engine: PurchaseEngine, by: ActorOrId): Promise<unknown>;
}

const evidence = { commitmentIds: ["c-1"] };
const DOUBT = { reason: "no answer" };
const REJECTION = { code: "Odd", message: "no" };

/** One call of each verb; `read` has three. */
const CALLS: Readonly<Record<Exclude<Verb, "submit" | "freeze" | "unfreeze" | "changeLimits">, readonly Call[]>> = {
  approve: [{ right: "approve", status: "pending", make: (engine, by) => engine.approve(ID, { approvedBy: by }) }],
  schedule: [
    {
      right: "approve",
      status: "notified",
      make: (engine, by) => engine.schedule(ID, { approvedBy: by, runAt: manualClock().now() + 1 }),
    },
  ],
  pause: [{ right: "cancel", status: "pending", make: (engine, by) => engine.pause(ID, { pausedBy: by }) }],
  resume: [{ right: "cancel", status: "paused", make: (engine, by) => engine.resume(ID, { resumedBy: by }) }],
  cancel: [{ right: "cancel", status: "approved", make: (engine, by) => engine.cancel(ID, { canceledBy: by }) }],
  cancelQueued: [
    {
      right: "cancel",
      status: "completed",
      ends: "CANCEL_QUEUED_REFUSED",
      make: (engine, by) => engine.cancelQueued(ID, 0, { canceledBy: by }),
    },
  ],
  retry: [
    {
      right: "retry",
      status: "failed",
      line: { state: "rejected", rejection: REJECTION },
      make: (engine, by) => engine.retry(ID, { requestedBy: by, force: true }),
    },
    {
      right: "retry",
      status: "pending",
      ends: "EXECUTION_NOT_IN_EXPECTED_STATUS",
      make: (engine, by) => engine.retry(ID, { requestedBy: by }),
    },
  ],
  resolve: [
    {
      right: "resolve",
      status: "in_doubt",
      line: { state: "in_doubt", doubt: DOUBT },
      make: (engine, by) => engine.resolve(ID, 0, { outcome: "committed", evidence, resolvedBy: by }),
    },
    {
      right: "resolve",
      status: "pending",
      ends: "RESOLUTION_REFUSED",
      make: (engine, by) => engine.resolve(ID, 7, { outcome: "committed", evidence, resolvedBy: by }),
    },
  ],
  markNotified: [
    {
      right: "notify",
      status: "pending",
      make: (engine, by) => engine.markNotified(ID, { channel: "#buyers", notifiedBy: by }),
    },
  ],
  issueDecisionToken: [
    {
      right: "issue",
      status: "notified",
      make: async (engine, by) => {
        const request = { verb: "approve", recipient: "bob", validForMs: 1_000, issuedBy: by } as const;
        const { expiresAt } = await engine.issueDecisionToken(ID, request);
        return expiresAt;
      },
    },
  ],
  revokeDecisionTokens: [
    {
      right: "revoke",
      status: "approved",
      make: (engine, by) => engine.revokeDecisionTokens(ID, { revokedBy: by }),
    },
  ],
  read: [
    { right: "read", status: "pending", make: (engine, by) => engine.explain(ID, { readBy: by }) },
    { right: "read", status: "completed", make: (engine, by) => engine.events(ID, { readBy: by }) },
  ],
};

const CREATORS = { own: "ann", other: "zoe", missing: "", blank: " " } as const;
type Creator = keyof typeof CREATORS;

/** An engine whose policy gives ann these permissions, over a store with one execution or with none. */
async function world(held: readonly string[], stored?: { readonly call: Call; readonly creator: Creator }) {
  const clock = manualClock();
  const store = memoryStore({ clock });
  const cloud = simulatedCloud({ contract: CONTRACT.native, clock });
  const engine = createPurchaseEngine({
    store,
    providers: [cloud.provider],
    clock,
    logger: silentLogger,
    authorize: anyOwnPolicy({ permissionsOf: ({ id }) => (id === "ann" ? (held as readonly Permission[]) : []) }),
  });
  if (stored !== undefined) {
    const { call, creator } = stored;
    const request = simulatedLine();
    const line = { ...sampleLine(0, request), fingerprint: fingerprint(request), ...call.line };
    await store.create(newInput({ id: ID, status: call.status, createdBy: CREATORS[creator], lines: [line] }));
  }
  return { engine, store, cloud, clock };
}

/** Everything that a caller can see of how a call ended, apart from the stack. */
async function ending(call: Promise<unknown>): Promise<{ readonly code: string; readonly bytes: string }> {
  try {
    return { code: "none", bytes: JSON.stringify(await call) };
  } catch (thrown) {
    if (!(thrown instanceof BuyonceError)) return { code: (thrown as Error).name, bytes: String(thrown) };
    const { name, code, message, details, retryable, moneyMoved, remediation, current, cause } = thrown;
    const shown = { name, message, details, retryable, moneyMoved, remediation, current, cause };
    return { code, bytes: JSON.stringify({ code, ...shown, own: Object.keys(thrown) }) };
  }
}

const isAllowed = (held: string, right: string, creator: Creator): boolean =>
  held === `${right}-any` || (held === `${right}-own` && creator === "own");

const cases = Object.entries(CALLS).flatMap(([verb, calls]) =>
  calls.flatMap((call) =>
    (["any", "own", "none"] as const).flatMap((scope) =>
      (Object.keys(CREATORS) as Creator[]).map((creator) => ({ verb, call, scope, creator, status: call.status })),
    ),
  ),
);

describe("a call by an actor with a permission", () => {
  test("is made for every verb", () => {
    expect(Object.keys(CALLS)).toEqual(
      VERBS.filter((verb) => !["submit", "freeze", "unfreeze", "changeLimits"].includes(verb)),
    );
  });

  test.each(cases)("$verb of a $status execution, permission $scope, creator $creator", async (one) => {
    const { call, scope, creator, verb } = one;
    const held = scope === "none" ? "unrelated" : `${call.right}-${scope}`;
    const { engine, store } = await world([held], { call, creator });
    const before = JSON.stringify([await store.get(ID), await store.events(ID)]);
    const { code, bytes } = await ending(call.make(engine, ANN));
    if (isAllowed(held, call.right, creator)) return expect(code).toBe(call.ends ?? "none");
    // A refusal is the same to the byte where there is nothing.
    const nothing = await world([held]);
    expect(bytes).toBe((await ending(call.make(nothing.engine, ANN))).bytes);
    expect(code).toBe(verb === "read" ? "EXECUTION_NOT_FOUND" : "NOT_AUTHORIZED");
    expect(JSON.stringify([await store.get(ID), await store.events(ID)])).toBe(before);
  });

  test("is refused for every right but that of its verb", async () => {
    const rights = ["submit", "approve", "cancel", "retry", "resolve", "notify", "issue", "revoke", "freeze", "read"];
    for (const [verb, calls] of Object.entries(CALLS))
      for (const call of calls) {
        const others = rights.filter((right) => right !== call.right).map((right) => `${right}-any`);
        const { engine } = await world(others, { call, creator: "own" });
        const expected = verb === "read" ? "EXECUTION_NOT_FOUND" : "NOT_AUTHORIZED";
        expect(await ending(call.make(engine, ANN)), verb).toMatchObject({ code: expected });
      }
  });

  test("is refused with the verb and the id alone", async () => {
    const [call] = CALLS.approve;
    const { engine } = await world([], { call: call ?? expect.unreachable(), creator: "own" });
    await expect(engine.approve(ID, { approvedBy: ANN })).rejects.toMatchObject({
      code: "NOT_AUTHORIZED",
      message: `Not authorized to approve ${ID}.`,
      details: { verb: "approve", executionId: ID },
      current: undefined,
    });
  });
});

describe("a link for an actor with a permission", () => {
  const linkCases = (["approve", "cancel"] as const).flatMap((verb) =>
    (["any", "own", "none"] as const).flatMap((scope) =>
      (Object.keys(CREATORS) as Creator[]).map((creator) => ({ verb, scope, creator })),
    ),
  );

  /** A link for ann that an engine without rules has issued. */
  const linkFor = async (
    { store, cloud, clock }: Awaited<ReturnType<typeof world>>,
    verb: LinkVerb,
  ): Promise<string> => {
    const open = createPurchaseEngine({ store, providers: [cloud.provider], clock, logger: silentLogger });
    const request = { verb, recipient: "ann", validForMs: 1_000, issuedBy: "bot" };
    return (await open.issueDecisionToken(ID, request)).token;
  };

  test.each(linkCases)("to $verb, permission $scope, creator $creator", async ({ verb, scope, creator }) => {
    const held = scope === "none" ? "unrelated" : `${verb}-${scope}`;
    const [call] = CALLS[verb];
    const one = await world([held], { call: { ...(call ?? expect.unreachable()), status: "pending" }, creator });
    const token = await linkFor(one, verb);
    const before = JSON.stringify([await one.store.get(ID), await one.store.events(ID)]);
    for (const decision of [{}, { actor: ANN }]) {
      const { code, bytes } = await ending(one.engine.decideByToken(token, decision));
      if (isAllowed(held, verb, creator)) {
        expect(code).toBe("none");
        continue;
      }
      // A refusal is the same to the byte where there is nothing.
      const nothing = await world([held]);
      expect(bytes).toBe((await ending(nothing.engine.decideByToken(token, decision))).bytes);
      expect(code).toBe("DECISION_TOKEN_INVALID");
      expect(JSON.stringify([await one.store.get(ID), await one.store.events(ID)])).toBe(before);
    }
  });
});

describe("submit", () => {
  const submission = (createdBy: ActorOrId, quantity = 2) => ({
    requestKey: "key",
    createdBy,
    lines: [simulatedLine({ quantity })],
  });

  test.each([["submit-any"], ["submit-own"]])("is allowed by %s, and keeps the id alone", async (held) => {
    const { engine } = await world([held]);
    const first = await engine.submit(submission(ANN));
    expect(first).toMatchObject({ createdBy: "ann", status: "pending" });
    expect(await engine.submit(submission("ann"))).toEqual({ ...first, created: false });
  });

  test("is refused alike whether or not the key is in use", async () => {
    const { engine, store } = await world([]);
    const refused = await ending(engine.submit(submission(ANN)));
    await store.create(newInput({ requestKey: "key", createdBy: "ann" }));
    expect(await ending(engine.submit(submission(ANN)))).toEqual(refused);
    expect(refused.code).toBe("NOT_AUTHORIZED");
  });

  test("shows the basket that has the key to those only who may read it", async () => {
    const hidden = await world(["submit-any", "read-own"]);
    await hidden.store.create(newInput({ id: ID, requestKey: "key", createdBy: "zoe" }));
    const { code, bytes } = await ending(hidden.engine.submit(submission(ANN)));
    expect(code).toBe("REQUEST_KEY_CONFLICT");
    expect(bytes).not.toMatch(/zoe|exec_/);
    const shown = await world(["submit-any", "read-any"]);
    await shown.store.create(newInput({ id: ID, requestKey: "key", createdBy: "zoe" }));
    await expect(shown.engine.submit(submission(ANN))).rejects.toMatchObject({ current: { id: ID } });
  });
});

describe("freeze and unfreeze", () => {
  const FREEZE = { scope: { account: "acct-1" }, frozenBy: ANN, reason: "an audit" };

  test("need the right over any execution, and keep the id alone", async () => {
    const { engine } = await world(["freeze-any"]);
    const freeze = await engine.freeze(FREEZE);
    expect(freeze.frozenBy).toBe("ann");
    expect(await engine.unfreeze(freeze.id, { liftedBy: ANN, reason: "over" })).toBe(true);
  });

  test.each([["freeze-own"], ["approve-any"], ["unrelated"]])("are refused to %s", async (held) => {
    const { engine, store } = await world([held]);
    await store.freeze({ id: "f-1", scope: {}, frozenBy: "zoe", reason: "an audit" });
    const code = "NOT_AUTHORIZED";
    await expect(engine.freeze(FREEZE)).rejects.toMatchObject({ code, details: { verb: "freeze" } });
    await expect(engine.unfreeze("f-1", { liftedBy: ANN, reason: "over" })).rejects.toMatchObject({ code });
    expect(await store.freezes()).toHaveLength(1);
  });
});

describe("what is about no execution", () => {
  test("is changed by those who may, and refused to the same byte in every state of the store", async () => {
    const change = (engine: PurchaseEngine) => engine.changeLimits({ changedBy: ANN, reason: "a new year" });
    const empty = await world(["limits-own", "freeze-any", "read-any"]);
    const refused = await ending(change(empty.engine));
    expect(refused).toMatchObject({ code: "NOT_AUTHORIZED" });
    const set = { fingerprint: "f-1", limits: [] };
    await empty.store.changeLimits({ set, replaces: null, changedBy: "zoe", reason: "the first" });
    expect(await ending(change(empty.engine))).toEqual(refused);
    const allowed = await world(["limits-any"]);
    // The engine has no limits of its own to store.
    expect(await ending(change(allowed.engine))).toMatchObject({ code: "INVALID_REQUEST" });
  });

  test("is read by those who may read any execution", async () => {
    const own = await world(["read-own"]);
    const any = await world(["read-any"]);
    for (const read of ["freezes", "limits"] as const) {
      expect(await any.engine[read]({ readBy: ANN })).toEqual([]);
      expect((await ending(own.engine[read]({ readBy: ANN }))).code).toBe("NOT_AUTHORIZED");
    }
    expect((await any.engine.feed({}, { readBy: ANN })).events).toEqual([]);
    expect((await ending(own.engine.feed({}, { readBy: ANN }))).code).toBe("NOT_AUTHORIZED");
  });
});

describe("a basket in the way", () => {
  const submission = (requestKey: string, createdBy: ActorOrId) => ({
    requestKey,
    createdBy,
    lines: [simulatedLine()],
  });

  /** Two baskets for one need: zoe's, and one of ann, who has these permissions. */
  async function baskets(held: readonly string[]) {
    const { engine, store, cloud } = await world(["submit-own", "approve-any", ...held]);
    const open = createPurchaseEngine({ store, providers: [cloud.provider], logger: silentLogger });
    const { id: other } = await open.submit(submission("zoe's", "zoe"));
    const own = await engine.submit(submission("ann's", ANN));
    await open.approve(other, { approvedBy: "zed" });
    return { engine, other, own };
  }

  test("is named to those who may read it", async () => {
    const { engine, other, own } = await baskets(["read-any"]);
    expect(own.overlaps).toMatchObject([{ executionId: other }]);
    const refusal = await ending(engine.approve(own.id, { approvedBy: ANN }));
    expect([refusal.code, refusal.bytes.includes(other)]).toEqual(["NEED_ALREADY_COVERED", true]);
  });

  test("shows to others as nothing but a basket", async () => {
    const { engine, other, own } = await baskets(["read-own"]);
    expect(own.overlaps).toEqual([]);
    for (const call of [engine.approve(own.id, { approvedBy: ANN }), engine.submit(submission("again", ANN))]) {
      const refusal = await ending(call);
      expect([refusal.code, refusal.bytes.includes(other)]).toEqual(["NEED_ALREADY_COVERED", false]);
    }
  });
});

describe("history for a reader", () => {
  /** A store with as many executions of each creator, in turn. */
  async function filled(held: readonly string[], each: number) {
    const { engine, store } = await world(held);
    for (let count = 0; count < each; count += 1)
      for (const createdBy of ["zoe", "ann", ""]) await store.create(newInput({ createdBy }));
    return engine;
  }

  test("holds what the reader may see, in full pages, and says nothing of the rest", async () => {
    const engine = await filled(["read-own"], 7);
    const first = await engine.history({ limit: 5 }, { readBy: ANN });
    expect(first.executions.map(({ createdBy }) => createdBy)).toEqual(["ann", "ann", "ann", "ann", "ann"]);
    const rest = await engine.history({ limit: 5, cursor: first.nextCursor ?? "" }, { readBy: ANN });
    expect(rest.executions).toHaveLength(2);
    expect(rest.nextCursor).toBeUndefined();
    expect((await (await filled(["read-any"], 7)).history({ limit: 200 }, { readBy: ANN })).executions).toHaveLength(
      21,
    );
    expect((await engine.history({ limit: 200 })).executions).toHaveLength(21);
  });

  test("gives a cursor only where the reader may see more, and it names nothing that is hidden", async () => {
    const engine = await filled(["read-own"], 3);
    const whole = await engine.history({ limit: 3 }, { readBy: ANN });
    expect(whole.executions).toHaveLength(3);
    expect(whole).not.toHaveProperty("nextCursor");
    const part = await engine.history({ limit: 2 }, { readBy: ANN });
    expect(part.nextCursor).toContain(part.executions.at(-1)?.id);
  });

  test("is the same to the byte over hidden executions and over none", async () => {
    const hidden = await filled(["unrelated"], 9);
    const { engine: empty } = await world(["unrelated"]);
    for (const limit of [1, 2, 9, 50])
      expect(JSON.stringify(await hidden.history({ limit }, { readBy: ANN }))).toBe(
        JSON.stringify(await empty.history({ limit }, { readBy: ANN })),
      );
  });
});
