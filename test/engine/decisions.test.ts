import { describe, expect, test } from "vitest";
import type { Submission } from "../../src/engine/decisions/submit.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";

const submission = (requestKey = "key-1") => ({
  requestKey,
  createdBy: "ann",
  source: "plan-7",
  lines: [simulatedLine()],
});

describe("submit", () => {
  test("stores a pending execution and nothing else", async () => {
    const { engine, cloud } = purchaseFixture(CONTRACT.none);
    const execution = await engine.submit(submission());
    expect(execution).toMatchObject({
      status: "pending",
      version: 1,
      createdBy: "ann",
      source: "plan-7",
      lines: [{ index: 0, state: "planned" }],
    });
    expect(cloud.requests()).toHaveLength(0);
  });

  test("gives the same execution for the same request key, whatever its status, and refuses another content", async () => {
    const { engine } = purchaseFixture(CONTRACT.none);
    const first = await engine.submit(submission());
    await engine.cancel(first.id, { canceledBy: "ann" });
    expect(await engine.submit(submission())).toMatchObject({ id: first.id, status: "canceled" });
    const other = { ...submission(), lines: [simulatedLine({ quantity: 3 })] };
    await expect(engine.submit(other)).rejects.toMatchObject({
      code: "REQUEST_KEY_CONFLICT",
      current: { id: first.id },
    });
  });

  test.each<readonly [Partial<Submission>, readonly string[]]>([
    [{ lines: [simulatedLine({ quantity: 3 })] }, ["lines"]],
    [{ lines: [simulatedLine(), simulatedLine({ region: "r2" })] }, ["lines"]],
    [{ createdBy: "zoe", source: "other" }, ["createdBy", "source"]],
    [{ plan: { id: "p", step: 1 } }, ["plan"]],
    [{ approvals: 2 }, ["approvals", "expiresInMs"]],
  ])("names the parts in which another content of a request key differs: %j", async (other, differs) => {
    const { engine } = purchaseFixture(CONTRACT.none);
    await engine.submit(submission());
    await expect(engine.submit({ ...submission(), ...other })).rejects.toMatchObject({
      code: "REQUEST_KEY_CONFLICT",
      message: expect.stringContaining(`what differs: ${differs.join(", ")}.`),
      details: { differs },
    });
  });

  test("lets one of many racing submissions store it", async () => {
    const { engine, store } = purchaseFixture(CONTRACT.none);
    const executions = await Promise.all(Array.from({ length: 16 }, () => engine.submit(submission())));
    expect(new Set(executions.map((execution) => execution.id)).size).toBe(1);
    expect((await store.history({})).executions).toHaveLength(1);
  });

  test.each([
    ["no lines", { lines: [] }, "lines"],
    ["an empty request key", { requestKey: "" }, "requestKey"],
    ["an unknown field", { priority: 1 }, "priority"],
    ["a line of quantity 0", { lines: [simulatedLine({ quantity: 0 })] }, "lines[0].quantity"],
    [
      "a price of 0",
      { lines: [simulatedLine({ expectedPrice: { amount: "0", currency: "USD" } })] },
      "lines[0].expectedPrice.amount",
    ],
  ])("refuses %s by path before anything is stored", async (_, change, path) => {
    const { engine, store } = purchaseFixture(CONTRACT.none);
    await expect(engine.submit({ ...submission(), ...change })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
      details: { problems: expect.arrayContaining([expect.objectContaining({ path })]) },
    });
    expect((await store.history({})).executions).toHaveLength(0);
  });

  test("refuses a service it has no provider for", async () => {
    const { engine } = purchaseFixture(CONTRACT.none);
    const lines = [simulatedLine({ service: "custom.other" })];
    await expect(engine.submit({ ...submission(), lines })).rejects.toMatchObject({ code: "PROVIDER_NOT_REGISTERED" });
  });
});

describe("decisions of people", () => {
  test("approve needs a name and wins once", async () => {
    const { engine } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit(submission());
    await expect(engine.approve(id, { approvedBy: " " })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    const ends = await Promise.allSettled(
      Array.from({ length: 8 }, (_, by) => engine.approve(id, { approvedBy: `p${by}` })),
    );
    expect(ends.filter((end) => end.status === "fulfilled")).toHaveLength(1);
    for (const end of ends)
      if (end.status === "rejected")
        expect(end.reason).toMatchObject({ code: "EXECUTION_NOT_IN_EXPECTED_STATUS", current: { status: "approved" } });
  });

  test("a canceled execution is never bought, and its lines are skipped", async () => {
    const { engine, cloud, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    expect(await engine.cancel(id, { canceledBy: "ann", reason: "changed our mind" })).toMatchObject({
      status: "canceled",
      reason: "changed our mind",
      lines: [{ state: "skipped" }],
    });
    await engine.tick();
    expect(cloud.requests()).toHaveLength(0);
  });

  test("cancel refuses once something was bought", async () => {
    const { engine, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    await engine.run(id);
    await expect(engine.cancel(id, { canceledBy: "ann" })).rejects.toMatchObject({
      code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
    });
  });

  test("schedule buys at its time and not before, pause and resume go back to pending", async () => {
    const { engine, cloud, clock, store } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit(submission());
    await engine.pause(id, { pausedBy: "ann" });
    expect((await engine.resume(id, { resumedBy: "ann" })).status).toBe("pending");
    await engine.schedule(id, { approvedBy: "bob", runAt: clock.now() + 1_000 });
    clock.advance(999);
    expect(await engine.tick()).toMatchObject({ fired: 0, ran: 0 });
    clock.advance(1);
    expect(await engine.tick()).toMatchObject({ fired: 1 });
    expect(cloud.ledger()).toHaveLength(1);
    expect((await store.get(id))?.status).toBe("completed");
  });

  test("tick expires what nobody approved in time", async () => {
    const { engine, clock, store } = purchaseFixture(CONTRACT.none);
    const { id } = await engine.submit({ ...submission(), expiresInMs: 1_000 });
    clock.advance(1_000);
    expect(await engine.tick()).toMatchObject({ expired: 1 });
    expect((await store.get(id))?.status).toBe("expired");
  });
});

describe("resolve", () => {
  const doubtful = async () => {
    const fixture = purchaseFixture(CONTRACT.none, { purchases: [{ kind: "lost-reply" }] });
    const id = await fixture.approved();
    await fixture.engine.run(id);
    return { ...fixture, id };
  };

  test("records a person's evidence of the commitment and completes", async () => {
    const { engine, id } = await doubtful();
    const evidence = { commitmentIds: ["c-1"], note: "seen in the console" };
    const execution = await engine.resolve(id, 0, { outcome: "committed", evidence, resolvedBy: "carol" });
    expect(execution).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: ["c-1"], adopted: true } }],
    });
    expect(await engine.events(id)).toContainEqual(
      expect.objectContaining({ kind: "resolved", actor: "carol", reason: "seen in the console" }),
    );
  });

  test('refuses "not bought" until the settle wait has ended', async () => {
    const { engine, clock, id } = await doubtful();
    const resolution = { outcome: "rejected", evidence: { note: "not in the console" }, resolvedBy: "carol" } as const;
    await expect(engine.resolve(id, 0, resolution)).rejects.toMatchObject({ code: "RESOLUTION_REFUSED" });
    expect((await engine.explain(id)).status).toBe("in_doubt");
    clock.advance(SETTLE_WAIT_MS + 1);
    expect(await engine.resolve(id, 0, resolution)).toMatchObject({
      status: "failed",
      lines: [{ rejection: { code: "RESOLVED_NOT_BOUGHT" } }],
    });
  });

  test("refuses a commitment that is another line's, missing evidence, and a line that is not in doubt", async () => {
    const { engine, id, approved } = await doubtful();
    const other = await approved([simulatedLine({ region: "r2" })]);
    await engine.run(other);
    const refused = { code: "RESOLUTION_REFUSED" };
    await expect(
      engine.resolve(id, 0, { outcome: "committed", evidence: { commitmentIds: ["c-2"] }, resolvedBy: "c" }),
    ).rejects.toMatchObject(refused);
    await expect(
      engine.resolve(id, 0, { outcome: "committed", evidence: { commitmentIds: [] }, resolvedBy: "c" }),
    ).rejects.toMatchObject(refused);
    await expect(
      engine.resolve(id, 7, { outcome: "committed", evidence: { commitmentIds: ["x"] }, resolvedBy: "c" }),
    ).rejects.toMatchObject(refused);
    await expect(
      engine.resolve(other, 0, { outcome: "committed", evidence: { commitmentIds: ["x"] }, resolvedBy: "c" }),
    ).rejects.toMatchObject(refused);
    expect((await engine.explain(id)).status).toBe("in_doubt");
  });
});

describe("retry", () => {
  const failed = async () => {
    const fixture = purchaseFixture(
      CONTRACT.native,
      { purchases: [{ kind: "none" }, { kind: "rejected" }] },
      { concurrency: 1 },
    );
    const id = await fixture.approved([simulatedLine({ quantity: 1 }), simulatedLine()]);
    expect((await fixture.engine.run(id)).status).toBe("partially_completed");
    return { ...fixture, id };
  };

  test("carries the lineage, the unbought lines and their indices, so the token stays", async () => {
    const { engine, cloud, id } = await failed();
    const [before] = (await engine.history()).executions;
    const successor = await engine.retry(id, { requestedBy: "dan" });
    expect(successor).toMatchObject({
      status: "pending",
      lineageId: before?.lineageId,
      retryOf: id,
      lines: [{ index: 1, state: "planned" }],
    });
    await engine.approve(successor.id, { approvedBy: "bob" });
    expect((await engine.run(successor.id)).status).toBe("completed");
    expect(cloud.requests().map((request) => request.token)[2]).toBe(cloud.requests()[1]?.token);
    expect(cloud.ledger()).toHaveLength(2);
  });

  test("lets one of racing retries win; the others learn its id", async () => {
    const { engine, id } = await failed();
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => engine.retry(id, { requestedBy: "dan" })));
    const [winner, ...more] = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value.id] : []));
    expect(more).toEqual([]);
    for (const end of ends)
      if (end.status === "rejected")
        expect(end.reason).toMatchObject({ code: "RETRY_REFUSED", details: { gate: "retried", successorId: winner } });
  });

  test("is refused from every other status", async () => {
    const { engine, approved } = purchaseFixture(CONTRACT.none);
    const id = await approved();
    await expect(engine.retry(id, { requestedBy: "dan" })).rejects.toMatchObject({
      code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
      current: { status: "approved" },
    });
    await expect(engine.retry("nope", { requestedBy: "dan" })).rejects.toMatchObject({ code: "EXECUTION_NOT_FOUND" });
  });
});

describe("options", () => {
  test.each([
    [{ concurrency: 0 }, "concurrency"],
    [{ leaseMs: 0 }, "leaseMs"],
    [{ leaseMs: 10_000, lineTimeoutMs: 9_000 }, "lineTimeoutMs"],
    [{ leaseMs: 10_000, sendWithinMs: 9_000 }, "sendWithinMs"],
    [{ retryDelayMs: -1 }, "retryDelayMs"],
    [{ reapAfterMs: 0 }, "reapAfterMs"],
  ])("refuses %j", (options, path) => {
    const { another } = purchaseFixture(CONTRACT.none);
    const make = () => another(options);
    expect(make).toThrowError(
      expect.objectContaining({
        code: "INVALID_REQUEST",
        details: { problems: expect.arrayContaining([expect.objectContaining({ path })]) },
      }),
    );
  });
});
