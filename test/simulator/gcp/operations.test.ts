import { describe, expect, it } from "vitest";
import {
  ask,
  COMMITMENT,
  compute,
  get,
  insert,
  listedNames,
  OTHER_PROJECT,
  REQUEST_ID,
  simulatedGcp,
} from "./simulated-gcp.js";

const FAILURE = { operation: "InsertCommitment", kind: "operation-fails", code: "QUOTA_EXCEEDED" } as const;

describe("an operation", () => {
  it("runs for the time that was set, and is waited for in vain until then", async () => {
    const simulator = await simulatedGcp({ operationMs: 1000 });
    const { body: operation } = await insert(simulator);
    const path = compute(`operations/${operation.name}`);
    await simulator.clock.advance(999);
    expect(await ask(simulator, `${path}/wait`, { method: "POST", body: '""' })).toEqual({
      status: 200,
      body: operation,
    });
    expect(await ask(simulator, path)).toEqual({ status: 200, body: operation });
    await simulator.clock.advance(1);
    const done = { ...operation, status: "DONE", progress: 100, endTime: "2026-01-15T10:00:01.000-08:00" };
    expect(await ask(simulator, path)).toEqual({ status: 200, body: done });
    expect(await ask(simulator, `${path}/wait`, { method: "POST" })).toEqual({ status: 200, body: done });
  });

  it("is found by its name in its own project and region, and by nothing else", async () => {
    const simulator = await simulatedGcp();
    const { body: operation } = await insert(simulator);
    const elsewhere = [
      compute(`operations/${operation.id}`),
      compute("operations/unknown"),
      compute(`operations/${operation.name}`, { region: "europe-west1" }),
      compute(`operations/${operation.name}`, { project: OTHER_PROJECT }),
    ];
    for (const path of elsewhere) {
      expect(await ask(simulator, path)).toMatchObject({
        status: 404,
        body: { error: { errors: [{ reason: "notFound" }] } },
      });
    }
  });

  it("shows its commitment when it is done, and as CREATING before if the setting says so", async () => {
    for (const visibleWhileRunning of [false, true]) {
      const simulator = await simulatedGcp({ operationMs: 1000, visibleWhileRunning });
      await insert(simulator);
      expect(await listedNames(simulator)).toEqual(visibleWhileRunning ? [COMMITMENT.name] : []);
      expect((await get(simulator)).body.status).toBe(visibleWhileRunning ? "CREATING" : undefined);
      expect(await simulator.ledger.purchases()).toMatchObject([{ state: "CREATING" }]);
      await simulator.clock.advance(1000);
      expect((await get(simulator)).body.status).toBe("NOT_YET_ACTIVE");
    }
  });
});

describe("an operation that fails", () => {
  it("is done with the error, at HTTP 200, and leaves no commitment", async () => {
    const simulator = await simulatedGcp();
    const message = "Quota 'COMMITTED_E2_CPUS' exceeded.";
    await simulator.faults.add({ ...FAILURE, message });
    const { status, body: operation } = await insert(simulator);
    expect({ status, state: operation.status, error: operation.error }).toEqual({ status: 200, state: "RUNNING" });
    expect(await ask(simulator, compute(`operations/${operation.name}`))).toMatchObject({
      status: 200,
      body: {
        status: "DONE",
        progress: 100,
        httpErrorStatusCode: 403,
        httpErrorMessage: "FORBIDDEN",
        error: { errors: [{ code: "QUOTA_EXCEEDED", message }] },
      },
    });
    expect(await get(simulator)).toMatchObject({ status: 404 });
    expect(await simulator.ledger.purchases()).toEqual([]);
    await expect(simulator.states.set(COMMITMENT.name, "ACTIVE")).rejects.toThrow(TypeError);
  });

  it("states the HTTP status that was asked for", async () => {
    const simulator = await simulatedGcp();
    await simulator.faults.add({ ...FAILURE, code: "RESOURCE_POOL_EXHAUSTED", status: 503 });
    const { body: operation } = await insert(simulator);
    expect((await ask(simulator, compute(`operations/${operation.name}`))).body).toMatchObject({
      httpErrorStatusCode: 503,
      httpErrorMessage: "SERVICE UNAVAILABLE",
      error: { errors: [{ code: "RESOURCE_POOL_EXHAUSTED", message: "RESOURCE_POOL_EXHAUSTED" }] },
    });
  });

  it("makes a commitment that was shown while it ran disappear", async () => {
    const simulator = await simulatedGcp({ operationMs: 1000, visibleWhileRunning: true });
    await simulator.faults.add(FAILURE);
    await insert(simulator);
    expect((await get(simulator)).body.status).toBe("CREATING");
    expect(await simulator.ledger.purchases()).toEqual([]);
    await simulator.clock.advance(1000);
    expect(await get(simulator)).toMatchObject({ status: 404 });
  });

  it("frees its name when it is done, and not before", async () => {
    const simulator = await simulatedGcp({ operationMs: 1000 });
    await simulator.faults.add(FAILURE);
    await insert(simulator, { requestId: REQUEST_ID });
    await simulator.clock.advance(999);
    expect(await insert(simulator)).toMatchObject({ status: 409 });
    await simulator.clock.advance(1);
    expect(await insert(simulator)).toMatchObject({ status: 200 });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("keeps its name if the setting says so", async () => {
    const simulator = await simulatedGcp({ failedInsertKeepsName: true });
    await simulator.faults.add(FAILURE);
    await insert(simulator);
    expect(await insert(simulator)).toMatchObject({ status: 409 });
  });

  it("is answered again under its request id, which therefore buys nothing more", async () => {
    const simulator = await simulatedGcp();
    await simulator.faults.add(FAILURE);
    const first = await insert(simulator, { requestId: REQUEST_ID });
    const again = await insert(simulator, { requestId: REQUEST_ID });
    expect(again.body).toMatchObject({
      name: first.body.name,
      status: "DONE",
      error: { errors: [{ code: "QUOTA_EXCEEDED" }] },
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });
});
