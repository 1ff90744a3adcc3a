import type { ConnectedGcpSimulator } from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { ask, COMMITMENT, compute, get, insert, REQUEST_ID, simulatedGcp } from "./simulated-gcp.js";

const HOUR_MS = 3_600_000;
/** From the start of a test to the next midnight at UTC-8. */
const TO_MIDNIGHT_MS = 14 * HOUR_MS;

const patch = (simulator: ConnectedGcpSimulator, body: object, query = "", name: string = COMMITMENT.name) =>
  ask(simulator, compute(`commitments/${name}${query}`), { method: "PATCH", body });

async function withOne(options: Parameters<typeof simulatedGcp>[0] = {}) {
  const simulator = await simulatedGcp(options);
  await insert(simulator);
  return simulator;
}

describe("a change of a commitment", () => {
  it("is answered with an operation, and turns the renewal on or off", async () => {
    const simulator = await withOne();
    const { status, body } = await patch(simulator, { autoRenew: true }, "?updateMask=autoRenew");
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { kind: "compute#operation", operationType: "update", status: "RUNNING", user: "anonymous" },
    });
    expect((await ask(simulator, compute(`operations/${body.name}`))).body).toMatchObject({ status: "DONE" });
    expect((await get(simulator)).body).toMatchObject({ autoRenew: true });
    await patch(simulator, { autoRenew: false });
    expect((await get(simulator)).body).toMatchObject({ autoRenew: false });
  });

  it("to a longer plan or to a later end counts from the next midnight on", async () => {
    const simulator = await withOne();
    await patch(simulator, { plan: "THIRTY_SIX_MONTH" }, "?paths=plan");
    expect((await get(simulator)).body).toMatchObject({ plan: "TWELVE_MONTH" });
    await simulator.clock.advance(TO_MIDNIGHT_MS);
    expect((await get(simulator)).body).toMatchObject({
      plan: "THIRTY_SIX_MONTH",
      endTimestamp: "2029-01-16T00:00:00.000-08:00",
    });
    await patch(simulator, { customEndTimestamp: "2030-06-01T00:00:00-08:00" }, "?updateMask=custom_end_timestamp");
    await simulator.clock.advance(24 * HOUR_MS);
    expect((await get(simulator)).body).toMatchObject({ endTimestamp: "2030-06-01T00:00:00.000-08:00" });
    expect(await simulator.ledger.purchases()).toMatchObject([{ offeringId: "GENERAL_PURPOSE_E2/THIRTY_SIX_MONTH" }]);
  });

  it.each<[what: string, body: object, query?: string]>([
    ["of nothing", {}],
    ["of its resources", { resources: [] }, "?updateMask=resources"],
    ["of its name", { name: "another" }, "?paths=name"],
    ["to a plan that is not sold", { plan: "INVALID" }],
    ["to an end before that of its plan", { customEndTimestamp: "2026-06-01T00:00:00Z" }],
    ["under a request id that is no UUID", { autoRenew: true }, "?requestId=x"],
  ])("%s is refused", async (_, body, query) => {
    const simulator = await withOne();
    expect(await patch(simulator, body, query)).toMatchObject({
      status: 400,
      body: { error: { status: "INVALID_ARGUMENT" } },
    });
    expect((await get(simulator)).body).toMatchObject({ autoRenew: false, plan: "TWELVE_MONTH" });
  });

  it("to a shorter plan is refused, and of a commitment that is over or not there", async () => {
    const simulator = await simulatedGcp();
    await insert(simulator, { resource: { plan: "THIRTY_SIX_MONTH" } });
    expect(await patch(simulator, { plan: "TWELVE_MONTH" })).toMatchObject({ status: 400 });
    await simulator.states.set(COMMITMENT.name, "EXPIRED");
    expect(await patch(simulator, { autoRenew: true })).toMatchObject({ status: 400 });
    expect(await patch(simulator, { autoRenew: true }, "", "nobody")).toMatchObject({ status: 404 });
  });

  it("is made once for each request id that is remembered", async () => {
    const simulator = await withOne();
    const first = await patch(simulator, { autoRenew: true }, `?requestId=${REQUEST_ID}`);
    const again = await patch(simulator, { autoRenew: false }, `?requestId=${REQUEST_ID}`);
    expect(again.body).toMatchObject({ name: first.body.name, status: "DONE" });
    expect((await get(simulator)).body).toMatchObject({ autoRenew: true });
  });

  it("that fails changes nothing", async () => {
    const simulator = await withOne();
    await simulator.faults.add({ operation: "UpdateCommitment", kind: "operation-fails", code: "INTERNAL_ERROR" });
    const { body } = await patch(simulator, { autoRenew: true });
    expect((await ask(simulator, compute(`operations/${body.name}`))).body).toMatchObject({
      status: "DONE",
      error: { errors: [{ code: "INTERNAL_ERROR" }] },
    });
    expect((await get(simulator)).body).toMatchObject({ autoRenew: false });
  });
});

describe("the list of operations", () => {
  it("shows inserts and changes of the region, in pages, and can be filtered", async () => {
    const simulator = await withOne();
    await insert(simulator, { region: "europe-west1" });
    await simulator.clock.advance(1_000);
    await patch(simulator, { autoRenew: true });
    const { status, body } = await ask(simulator, compute("operations?orderBy=creationTimestamp%20desc"));
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { kind: "compute#operationList", items: [{ operationType: "update" }, { operationType: "insert" }] },
    });
    const first = await ask(simulator, compute("operations?maxResults=1"));
    const rest = await ask(simulator, compute(`operations?maxResults=1&pageToken=${first.body.nextPageToken}`));
    expect([first, rest].map((page) => page.body.items?.length)).toEqual([1, 1]);
    const filtered = await ask(simulator, compute(`operations?filter=${encodeURIComponent("operationType=update")}`));
    expect(filtered.body.items).toHaveLength(1);
    expect(await ask(simulator, compute("operations?filter=zone%3Dx"))).toMatchObject({ status: 400 });
  });

  it("has no items where there are none", async () => {
    expect((await ask(await simulatedGcp(), compute("operations"))).body.items).toBeUndefined();
  });
});
