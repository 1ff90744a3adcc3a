import { describe, expect, test } from "vitest";
import { transitionExecutionStatus } from "../../src/state-machine/transition-execution-status.js";
import { interceptPort } from "../../src/testing/crashing-store.js";
import { newInput } from "../../src/testing/store-contract/samples.js";
import { CONTRACT, type PurchaseFixture, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const SUBMISSION = { requestKey: "key", createdBy: "ann", lines: [simulatedLine()] };
const REFUSED = { code: "NOT_AUTHORIZED" };

/** An engine under `fourEyes` beside one without, over one store. */
function world(faults: Parameters<typeof purchaseFixture>[1] = {}) {
  const fixture = purchaseFixture(CONTRACT.native, faults);
  return { ...fixture, strict: fixture.another({ fourEyes: true }), loose: fixture.engine };
}

/** The retry of an execution that ann created, bob approved and dan retried. */
async function retried(force = false) {
  const fixture = world({ purchases: [{ kind: "rejected" }] });
  const first = await fixture.approved();
  expect(await fixture.loose.run(first)).toMatchObject({ status: "failed" });
  const { id } = await fixture.strict.retry(first, { requestedBy: "dan", force });
  return { ...fixture, first, id };
}

/** An execution that bob approved, and that stood still until bob lifted a freeze. */
async function frozenAfterApproval() {
  const fixture = world();
  const { strict } = fixture;
  const { id } = await strict.submit(SUBMISSION);
  await strict.approve(id, { approvedBy: "bob" });
  const freeze = await strict.freeze({ scope: {}, frozenBy: "fred", reason: "audit" });
  await strict.run(id);
  await strict.unfreeze(freeze.id, { liftedBy: "bob", reason: "over" });
  fixture.clock.advance(600_000);
  return { ...fixture, id };
}

const lastErrorOf = async ({ store }: PurchaseFixture, id: string) => (await store.get(id))?.lines[0]?.lastError?.code;

describe("under fourEyes", () => {
  test("the creator neither approves nor schedules, and another person does", async () => {
    const { strict, store } = world();
    const { id } = await strict.submit(SUBMISSION);
    const runAt = Date.UTC(2026, 0, 2);
    for (const approvedBy of ["ann", "ANN", " ann ", "ａnn", { id: "ann", roles: ["admin"] }]) {
      await expect(strict.approve(id, { approvedBy })).rejects.toMatchObject(REFUSED);
      await expect(strict.schedule(id, { approvedBy, runAt })).rejects.toMatchObject(REFUSED);
      await expect(strict.withStore(store).approve(id, { approvedBy })).rejects.toMatchObject(REFUSED);
    }
    expect((await store.get(id))?.version).toBe(1);
    expect(await strict.approve(id, { approvedBy: "bob" })).toMatchObject({ status: "approved", approvedBy: "bob" });
  });

  test("everybody who made a part of the lineage is refused: each creator, and who asked for the retry", async () => {
    const { strict, id, cloud } = await retried();
    for (const approvedBy of ["ann", "dan"])
      await expect(strict.approve(id, { approvedBy })).rejects.toMatchObject(REFUSED);
    await strict.approve(id, { approvedBy: "bob" });
    expect(await strict.run(id)).toMatchObject({ status: "completed" });
    expect(cloud.ledger()).toHaveLength(1);
  });

  test("the trail counts besides the creators", async () => {
    const { strict, id, store } = await retried();
    const { version } = (await store.get(id)) ?? expect.unreachable();
    const overruled = [{ gate: "a gate", why: "a reason" }];
    const event = { kind: "transitioned", actor: "eve", data: { overruled } } as const;
    await store.commit({ executionId: id, guard: { version }, event });
    await expect(strict.approve(id, { approvedBy: "eve" })).rejects.toMatchObject(REFUSED);
    // An execution that somebody wrote for another creator is the writer's too.
    const { execution } = newInput({ id: "exec_written", status: "pending", createdBy: "a service" });
    await store.create({ execution, event: { kind: "submitted", actor: "mallory" } });
    for (const approvedBy of ["mallory", "a service"])
      await expect(strict.approve("exec_written", { approvedBy })).rejects.toMatchObject(REFUSED);
  });

  test("who lifts a freeze of its scope, or raises a limit that counts it, does not approve it", async () => {
    const { strict, another, clock } = world();
    const limited = (amount: string) =>
      another({ fourEyes: true, limits: [{ name: "all", scope: {}, per: "day", max: { amount, currency: "USD" } }] });
    await limited("1").limits();
    await limited("2").changeLimits({ changedBy: "earlier", reason: "before the basket" });
    clock.advance(1);
    const { id } = await strict.submit(SUBMISSION);
    const freeze = await strict.freeze({
      scope: { account: simulatedLine().account },
      frozenBy: "fred",
      reason: "audit",
    });
    const elsewhere = await strict.freeze({ scope: { account: "elsewhere" }, frozenBy: "fred", reason: "audit" });
    await strict.unfreeze(freeze.id, { liftedBy: "lea", reason: "over" });
    await strict.unfreeze(elsewhere.id, { liftedBy: "leo", reason: "over" });
    await limited("9000").changeLimits({ changedBy: { id: "rae" }, reason: "more" });
    await limited("8000").changeLimits({ changedBy: "low", reason: "less" });
    for (const approvedBy of ["lea", "LEA", "rae"])
      await expect(strict.approve(id, { approvedBy })).rejects.toMatchObject(REFUSED);
    for (const approvedBy of ["earlier", "fred", "leo"])
      await expect(strict.approve(id, { approvedBy, expectFingerprint: "f".repeat(64) })).rejects.toMatchObject({
        code: "CONTENT_DIFFERS",
      });
    expect(await strict.approve(id, { approvedBy: "low" })).toMatchObject({ approvedBy: "low" });
  });

  test("an approver who lifts the freeze while the purchase is being prepared buys nothing", async () => {
    const fixture = world();
    const { strict, cloud } = fixture;
    const { id } = await strict.submit(SUBMISSION);
    await strict.approve(id, { approvedBy: "bob" });
    const freeze = await strict.freeze({ scope: {}, frozenBy: "fred", reason: "audit" });
    const provider: typeof cloud.provider = {
      ...cloud.provider,
      async prepare(...asked) {
        await strict.unfreeze(freeze.id, { liftedBy: "bob", reason: "over" });
        return cloud.provider.prepare(...asked);
      },
    };
    await fixture.another({ fourEyes: true, providers: [provider] }).run(id);
    expect(cloud.requests()).toEqual([]);
    expect(await lastErrorOf(fixture, id)).toBe("APPROVER_NOT_AUTHORIZED");
  });

  test("an approver who then lifts the freeze that holds it up is no other person any more", async () => {
    const { strict, id, cloud } = await frozenAfterApproval();
    expect(await strict.run(id)).toMatchObject({ status: "approved" });
    expect(cloud.ledger()).toEqual([]);
    await strict.approve(id, { approvedBy: "carol" });
    await strict.run(id);
    expect(cloud.ledger()).toHaveLength(1);
  });

  test.each(["", " ", "unknown"])("nobody approves where the creator is %j", async (createdBy) => {
    const { strict, store } = world();
    await store.create(newInput({ id: "exec_nobodys", status: "pending", createdBy }));
    await expect(strict.approve("exec_nobodys", { approvedBy: "bob" })).rejects.toMatchObject(REFUSED);
  });

  test("an approver whom nobody knows is refused", async () => {
    const { strict } = world();
    const { id } = await strict.submit(SUBMISSION);
    await expect(strict.approve(id, { approvedBy: "unknown" })).rejects.toMatchObject(REFUSED);
    await expect(strict.approve(id, { approvedBy: " " })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  test("an approval that is given again needs another person too", async () => {
    const { strict, clock } = world();
    const { id } = await strict.submit(SUBMISSION);
    await strict.approve(id, { approvedBy: "bob" });
    clock.advance(8 * 86_400_000);
    await expect(strict.approve(id, { approvedBy: "ann" })).rejects.toMatchObject(REFUSED);
    expect(await strict.approve(id, { approvedBy: "bob" })).toMatchObject({ approvedBy: "bob" });
  });
});

describe("an approval by a maker that went past fourEyes buys nothing", () => {
  type World = ReturnType<typeof world>;
  const paths: readonly (readonly [string, (world: World, id: string) => Promise<unknown>])[] = [
    ["an engine without the option", ({ loose }, id) => loose.approve(id, { approvedBy: "ann" })],
    [
      "a schedule of such an engine",
      ({ loose, clock }, id) => loose.schedule(id, { approvedBy: "ann", runAt: clock.now() }),
    ],
    [
      "transitionExecutionStatus",
      ({ store }, executionId) =>
        transitionExecutionStatus(store, { executionId, from: ["pending"], to: "approved", approvedBy: "ann" }),
    ],
    [
      "a write to the store",
      ({ store }, executionId) =>
        store.commit({
          executionId,
          guard: {},
          status: "approved",
          approvedBy: "ann",
          event: { kind: "approved", actor: "bob" },
        }),
    ],
  ];

  test.each(paths)("by %s", async (_, approve) => {
    const fixture = world();
    const { strict, cloud } = fixture;
    const { id } = await strict.submit(SUBMISSION);
    await approve(fixture, id);
    await strict.tick();
    expect(cloud.requests()).toEqual([]);
    expect(await lastErrorOf(fixture, id)).toBe("APPROVER_NOT_AUTHORIZED");
    await expect(strict.approve(id, { approvedBy: "ann" })).rejects.toMatchObject(REFUSED);
    expect(await strict.approve(id, { approvedBy: "bob" })).toMatchObject({ status: "approved", approvedBy: "bob" });
    await strict.tick();
    expect(cloud.ledger()).toHaveLength(1);
  });

  test("by the creator of an earlier execution of the lineage", async () => {
    const fixture = await retried();
    const { strict, loose, cloud, id } = fixture;
    await loose.approve(id, { approvedBy: "ann" });
    await strict.run(id);
    expect(cloud.ledger()).toEqual([]);
    expect(await lastErrorOf(fixture, id)).toBe("APPROVER_NOT_AUTHORIZED");
  });
});

describe("without rules", () => {
  test("the creator may approve, and the store is not asked once more", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    const calls: string[] = [];
    const store = interceptPort(fixture.store, {
      before: async (name) => void calls.push(name),
      after: async () => {},
    });
    const engine = fixture.another({ store });
    const { id } = await engine.submit(SUBMISSION);
    await engine.approve(id, { approvedBy: "ann" });
    // The audit event holds what is approved, so the approval reads it once.
    expect(calls.splice(0)).toEqual(["create", "get", "commit"]);
    await engine.run(id);
    expect(calls.splice(0)).toEqual(["commit", "commit", "commit"]);
    const asked = fixture.another({ store, authorize: () => true });
    const second = await asked.submit({ ...SUBMISSION, requestKey: "second" });
    await asked.approve(second.id, { approvedBy: "ann" });
    calls.splice(0);
    await asked.run(second.id);
    expect(calls).toEqual(["commit", "commit", "commit"]);
  });
});
