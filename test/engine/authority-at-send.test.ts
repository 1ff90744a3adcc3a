import { describe, expect, test } from "vitest";
import type { PurchaseEngineOptions } from "../../src/engine/engine-options.js";
import { anyOwnPolicy, type Permission } from "../../src/guards/any-own-policy.js";
import type { Decision } from "../../src/guards/authority.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

/** An engine whose approvers' rights can be taken away. */
function world(options: Partial<PurchaseEngineOptions> = {}, faults: Parameters<typeof purchaseFixture>[1] = {}) {
  const rights = new Map<string, readonly Permission[]>([
    ["ann", ["submit-own", "read-own", "retry-own"]],
    ["bob", ["approve-any"]],
    ["carol", ["approve-any"]],
  ]);
  const authorize = anyOwnPolicy({ permissionsOf: async ({ id }) => rights.get(id) ?? [] });
  const fixture = purchaseFixture(CONTRACT.native, faults, { authorize, ...options });
  const lineOf = async (id: string) => (await fixture.store.get(id))?.lines[0];
  return { ...fixture, rights, lineOf };
}

const LAPSED = {
  code: "APPROVER_NOT_AUTHORIZED",
  message:
    "Nothing was sent: the execution is approved, but the rules do not let bob approve it; let somebody else approve it.",
};

describe("a right that is taken away after the approval", () => {
  test.each(["run", "tick"] as const)("buys nothing by %s: the line stays planned and says why", async (call) => {
    const { engine, approved, rights, cloud, store, lineOf } = world();
    const id = await approved();
    rights.delete("bob");
    await (call === "run" ? engine.run(id) : engine.tick());
    expect(cloud.requests()).toEqual([]);
    expect(cloud.ledger()).toEqual([]);
    expect(await lineOf(id)).toMatchObject({ state: "planned", attempt: 0, lastError: LAPSED, submittedAt: null });
    expect(await store.get(id)).toMatchObject({ status: "approved", approvedBy: "bob" });
    expect(await engine.explain(id)).toMatchObject({ lines: [{ known: expect.stringContaining(LAPSED.message) }] });
    expect(await engine.events(id)).not.toContainEqual(expect.objectContaining({ kind: "write_ahead" }));
  });

  test("while the purchase is prepared is seen before the write-ahead", async () => {
    const { another, approved, rights, cloud, engine, lineOf } = world();
    const provider = {
      ...cloud.provider,
      prepare: (...args: Parameters<typeof cloud.provider.prepare>) => {
        rights.delete("bob");
        return cloud.provider.prepare(...args);
      },
    };
    const id = await approved();
    await another({ providers: [provider] }).run(id);
    expect(cloud.requests()).toEqual([]);
    expect(await lineOf(id)).toMatchObject({ state: "planned", attempt: 0, lastError: LAPSED });
    expect(await engine.events(id)).not.toContainEqual(expect.objectContaining({ kind: "write_ahead" }));
  });

  test("sends no line in doubt again, and leaves its doubt to the proof", async () => {
    const { engine, approved, rights, cloud, clock, lineOf } = world({}, { purchases: [{ kind: "lost-request" }] });
    const id = await approved();
    await engine.run(id);
    rights.delete("bob");
    clock.advance(60_000);
    await engine.tick();
    expect(cloud.requests()).toHaveLength(1);
    expect(await lineOf(id)).toMatchObject({ state: "in_doubt" });
    clock.advance(400_000);
    await engine.tick();
    expect(await lineOf(id)).toMatchObject({ state: "planned" });
    expect(cloud.requests()).toHaveLength(1);
  });

  test("does not keep evidence of a purchase from being recorded", async () => {
    const { engine, approved, rights, cloud, clock } = world({}, { purchases: [{ kind: "lost-reply" }] });
    const id = await approved();
    await engine.run(id);
    rights.delete("bob");
    clock.advance(60_000);
    await engine.tick();
    expect(cloud.ledger()).toHaveLength(1);
    expect((await engine.explain(id)).status).toBe("completed");
  });

  test("can be replaced at once: somebody else approves again, and nobody else needs to wait", async () => {
    const { engine, approved, rights, cloud } = world();
    const id = await approved();
    await expect(engine.approve(id, { approvedBy: "carol" })).rejects.toMatchObject({
      code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
      message: expect.stringContaining("bob has approved it"),
    });
    rights.delete("bob");
    await engine.run(id);
    expect(await engine.approve(id, { approvedBy: "carol" })).toMatchObject({
      status: "approved",
      approvedBy: "carol",
    });
    await engine.run(id);
    expect(cloud.ledger()).toHaveLength(1);
    expect(await engine.events(id)).toContainEqual(
      expect.objectContaining({
        kind: "approval_renewed",
        actor: "carol",
        data: expect.objectContaining({ total: { amount: "100", currency: "USD" } }),
      }),
    );
  });

  test("buys once it is given back", async () => {
    const { engine, approved, rights, cloud, clock } = world();
    await approved();
    const held = rights.get("bob") ?? [];
    rights.delete("bob");
    await engine.tick();
    rights.set("bob", held);
    clock.advance(60_000);
    await engine.tick();
    expect(cloud.ledger()).toHaveLength(1);
  });
});

describe("the rules of an engine", () => {
  test.each<readonly [object, string]>([
    [{ authorize: undefined }, "authorize"],
    [{ authorize: true }, "authorize"],
    [{ authorise: () => true }, "authorise"],
    [{ fourEyes: undefined }, "fourEyes"],
    [{ fourEyes: "true" }, "fourEyes"],
    [{ fourEyes: 1 }, "fourEyes"],
    [{ approvals: undefined }, "approvals"],
    [{ approvals: 0 }, "approvals"],
    [{ onPriceDrift: "wait" }, "onPriceDrift"],
  ])("are refused if they would be off without a word: %j", (options, path) => {
    const { another } = purchaseFixture(CONTRACT.native);
    expect(() => another(options)).toThrowError(
      expect.objectContaining({ details: { problems: [expect.objectContaining({ path })] } }),
    );
  });
});

describe("the authorize option at the send", () => {
  test("is asked about the approver's id alone, with a frozen copy of the execution", async () => {
    const seen: Decision[] = [];
    const { engine, cloud } = purchaseFixture(
      CONTRACT.native,
      {},
      {
        authorize: (decision) => {
          if (decision.at === "send") seen.push(decision);
          return true;
        },
      },
    );
    const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [simulatedLine()] });
    await engine.approve(id, { approvedBy: { id: "ann", roles: ["admin"] } });
    await engine.run(id);
    expect(seen).toHaveLength(2);
    const [{ execution, ...asked }] = [seen[0] ?? expect.unreachable()];
    expect(asked).toEqual({ verb: "approve", actor: { id: "ann" }, at: "send", own: true, executionId: id });
    expect(execution).toMatchObject({ id, status: "running", retryAttempt: 0 });
    expect(execution).not.toHaveProperty("lineageKey");
    expect(Object.isFrozen(execution?.lines[0]?.request)).toBe(true);
    expect(cloud.ledger()).toHaveLength(1);
  });

  const odd: readonly (readonly [string, (decision: Decision) => unknown])[] = [
    ["throws", () => expect.fail("the directory is down")],
    ["rejects", async () => expect.fail("the directory is down")],
    ["answers with a truthy value", () => "yes"],
    ["answers nothing", () => undefined],
    ["answers with an object", () => ({ allowed: true })],
  ];
  test.each(odd)("that %s refuses, in decisions too", async (_, answer) => {
    const fixture = purchaseFixture(CONTRACT.native);
    const id = await fixture.approved();
    const engine = fixture.another({ authorize: answer as () => boolean });
    await engine.run(id);
    expect(fixture.cloud.requests()).toEqual([]);
    await expect(engine.cancel(id, { canceledBy: "ann" })).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
  });

  test("that never answers refuses after lineTimeoutMs", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    const id = await fixture.approved();
    let running: Promise<unknown> = Promise.resolve();
    await new Promise<void>((asked) => {
      const never = () => {
        asked();
        return new Promise<boolean>(() => {});
      };
      running = fixture.another({ authorize: never }).run(id);
    });
    fixture.clock.advance(60_000);
    await running;
    expect(fixture.cloud.requests()).toEqual([]);
    expect((await fixture.store.get(id))?.lines[0]?.lastError?.code).toBe("APPROVER_NOT_AUTHORIZED");
  });

  test("judges the approver of the write-ahead, not one who approved while it was asked", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    const id = await fixture.approved();
    let asked = 0;
    const engine = fixture.another({
      authorize: async ({ actor }) => {
        asked += 1;
        if (asked === 2)
          await fixture.store.commit({
            executionId: id,
            guard: {},
            approvedBy: "mallory",
            event: { kind: "approval_renewed", actor: "mallory" },
          });
        return actor.id === "bob";
      },
    });
    await engine.run(id);
    fixture.clock.advance(60_000);
    await engine.tick();
    expect(asked).toBeGreaterThan(2);
    expect(fixture.cloud.requests()).toEqual([]);
  });

  test("may be left out: a plain approval is bought", async () => {
    const { engine, approved, cloud } = purchaseFixture(CONTRACT.native);
    await engine.run(await approved());
    expect(cloud.ledger()).toHaveLength(1);
  });
});
