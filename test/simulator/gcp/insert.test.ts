import { describe, expect, it } from "vitest";
import {
  ask,
  COMMITMENT,
  compute,
  get,
  insert,
  OTHER_PROJECT,
  PROJECT,
  REQUEST_ID,
  simulatedGcp,
} from "./simulated-gcp.js";

const MINUTE_MS = 60_000;
const OTHER_ID = "00000000-0000-0000-0000-000000000001";
const PATH = `projects/${PROJECT}/regions/us-central1/commitments/${COMMITMENT.name}`;

describe("an insert", () => {
  it("is answered with a running operation, in the shape of Compute Engine", async () => {
    const simulator = await simulatedGcp();
    const link = `https://www.googleapis.com/compute/v1/projects/${PROJECT}/regions/us-central1`;
    expect(await insert(simulator)).toEqual({
      status: 200,
      body: {
        kind: "compute#operation",
        id: expect.stringMatching(/^1\d{18}$/),
        name: expect.stringMatching(/^operation-\d{13}-[0-9a-f]{8}$/),
        operationType: "insert",
        status: "RUNNING",
        progress: 0,
        targetLink: `${link}/commitments/${COMMITMENT.name}`,
        targetId: expect.stringMatching(/^2\d{18}$/),
        region: link,
        user: "anonymous",
        insertTime: "2026-01-15T10:00:00.000-08:00",
        startTime: "2026-01-15T10:00:00.000-08:00",
        selfLink: expect.stringMatching(/\/us-central1\/operations\/operation-/),
      },
    });
  });

  it("takes every field that a commitment has", async () => {
    const simulator = await simulatedGcp();
    const resource = {
      plan: "THIRTY_SIX_MONTH",
      type: "GENERAL_PURPOSE",
      description: "for the batch jobs",
      autoRenew: true,
      resources: [
        ...COMMITMENT.resources,
        { type: "LOCAL_SSD", amount: 750 },
        { type: "ACCELERATOR", amount: "2", acceleratorType: "nvidia-tesla-t4" },
      ],
      existingReservations: ["zones/us-central1-a/reservations/r1"],
      customEndTimestamp: "2029-06-01T00:00:00-08:00",
    };
    expect(await insert(simulator, { resource })).toMatchObject({ status: 200 });
    const { customEndTimestamp: endTimestamp, ...shown } = resource;
    const resources = resource.resources.map((row) => ({ ...row, amount: String(row.amount) }));
    expect((await get(simulator)).body).toMatchObject({
      ...shown,
      resources,
      endTimestamp: "2029-06-01T00:00:00.000-08:00",
    });
  });

  it("takes a license instead of resources", async () => {
    const simulator = await simulatedGcp();
    const licenseResource = { license: "projects/suse-cloud/global/licenses/sles", amount: "2" };
    const resource = { category: "LICENSE", type: undefined, resources: undefined, licenseResource };
    expect(await insert(simulator, { resource })).toMatchObject({ status: 200 });
    expect((await get(simulator)).body).toMatchObject({ category: "LICENSE", licenseResource, resources: [] });
    expect(await simulator.ledger.purchases()).toMatchObject([{ offeringId: "LICENSE/TWELVE_MONTH" }]);
  });

  it.each<[field: string, reason: string, resource: object]>([
    ["name", "required", { name: undefined }],
    ["name", "invalid", { name: "1-starts-with-a-digit" }],
    ["name", "invalid", { name: "ends-with-a-hyphen-" }],
    ["name", "invalid", { name: "Upper" }],
    ["name", "invalid", { name: "x".repeat(64) }],
    ["plan", "required", { plan: undefined }],
    ["plan", "invalid", { plan: "INVALID" }],
    ["type", "required", { type: undefined }],
    ["type", "invalid", { type: "GENERAL_PURPOSE_X9" }],
    ["category", "invalid", { category: "OTHER" }],
    ["customEndTimestamp", "invalid", { customEndTimestamp: "2026-12-31T00:00:00Z" }],
    ["customEndTimestamp", "invalid", { customEndTimestamp: "some day" }],
    ["mergeSourceCommitments", "invalid", { mergeSourceCommitments: ["cud-a"] }],
    ["splitSourceCommitment", "invalid", { splitSourceCommitment: "cud-a" }],
    ["licenseResource", "required", { category: "LICENSE", resources: [] }],
    ["licenseResource", "invalid", { licenseResource: { license: "sles", amount: "1" } }],
    ["resources", "invalid", { category: "LICENSE", licenseResource: { license: "sles", amount: "1" } }],
    ["resources", "required", { resources: [] }],
    ["resources.0.amount", "invalid", { resources: [{ type: "VCPU", amount: "four" }] }],
    ["resources.0.amount", "invalid", { resources: [{ type: "VCPU", amount: "0" }] }],
    ["resources.0.amount", "invalid", { resources: [{ type: "VCPU", amount: 1.5 }] }],
    ["resources.0.type", "invalid", { resources: [{ type: "DISK", amount: "1" }] }],
    ["resources", "invalid", machine({ memoryMb: "16000" })],
    ["resources", "invalid", machine({ memoryMb: "26880" })],
    ["resources", "invalid", machine({ more: [{ type: "VCPU", amount: "1" }] })],
    ["resources", "invalid", machine({ more: [{ type: "LOCAL_SSD", amount: "375" }] })],
    [
      "resources",
      "invalid",
      { ...machine({ more: [{ type: "LOCAL_SSD", amount: "400" }] }), existingReservations: ["r"] },
    ],
    ["resources", "invalid", machine({ more: [{ type: "ACCELERATOR", amount: "1", acceleratorType: "t4" }] })],
    [
      "resources",
      "invalid",
      { ...machine({ more: [{ type: "ACCELERATOR", amount: "1" }] }), existingReservations: ["r"] },
    ],
    ["resources", "invalid", { resources: COMMITMENT.resources.map((row) => ({ ...row, acceleratorType: "t4" })) }],
  ])("is refused for %s as %s: %j", async (field, reason, resource) => {
    const simulator = await simulatedGcp();
    const { status, body } = await insert(simulator, { resource });
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        error: {
          code: 400,
          message: expect.stringContaining(`'resource.${field}'`),
          errors: [{ message: body.error?.message, domain: "global", reason }],
          status: "INVALID_ARGUMENT",
        },
      },
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it.each([
    { type: "VCPU", amount: "4" },
    { type: "MEMORY", amount: "1024000" },
  ])("takes one resource alone: %j", async (resource) => {
    const simulator = await simulatedGcp();
    expect(await insert(simulator, { resource: { resources: [resource] } })).toMatchObject({ status: 200 });
    expect((await get(simulator)).body).toMatchObject({ resources: [resource] });
  });

  it("takes local SSDs without reservations if the setting says so, and no accelerators", async () => {
    const simulator = await simulatedGcp({ localSsdNeedsReservation: false });
    const disks = machine({ more: [{ type: "LOCAL_SSD", amount: "375" }] });
    expect(await insert(simulator, { resource: disks })).toMatchObject({ status: 200 });
    const gpu = machine({ more: [{ type: "ACCELERATOR", amount: "1", acceleratorType: "t4" }] });
    expect(await insert(simulator, { resource: { name: "gpus", ...gpu } })).toMatchObject({ status: 400 });
  });

  it("allows other series more memory, and general purpose as much as the setting says", async () => {
    const plenty = machine({ memoryMb: "32768" });
    expect(await insert(await simulatedGcp(), { resource: machine({ memoryMb: "26624" }) })).toMatchObject({
      status: 200,
    });
    const optimized = { ...plenty, type: "MEMORY_OPTIMIZED" };
    expect(await insert(await simulatedGcp(), { resource: optimized })).toMatchObject({ status: 200 });
    const generous = await simulatedGcp({ maxMemoryMbPerVcpu: 8192 });
    expect(await insert(generous, { resource: plenty })).toMatchObject({ status: 200 });
  });

  it("is refused if its body is no JSON", async () => {
    const simulator = await simulatedGcp();
    const answer = await ask(simulator, compute("commitments"), { method: "POST", body: '{"name":' });
    expect(answer).toMatchObject({ status: 400, body: { error: { errors: [{ reason: "parseError" }] } } });
  });
});

describe("a name", () => {
  it.each([
    [true, { code: 409, status: "ALREADY_EXISTS" }],
    [false, { code: 409 }],
  ])("is given away once, and the error's status is shown: %s", async (errorStatusField, shown) => {
    const simulator = await simulatedGcp({ errorStatusField });
    await insert(simulator, { requestId: REQUEST_ID });
    const message = `The resource '${PATH}' already exists`;
    expect(await insert(simulator, { requestId: OTHER_ID })).toEqual({
      status: 409,
      body: { error: { ...shown, message, errors: [{ message, domain: "global", reason: "alreadyExists" }] } },
    });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("stands with a code that is a text if the setting says so", async () => {
    const simulator = await simulatedGcp({ errorCodeAs: "string" });
    await insert(simulator);
    expect(await insert(simulator)).toMatchObject({ status: 409, body: { error: { code: "409" } } });
  });

  it("is never free again, not even years after the end of the term", async () => {
    const simulator = await simulatedGcp();
    await insert(simulator);
    await simulator.clock.advance(5 * 365 * 24 * 60 * MINUTE_MS);
    expect((await get(simulator)).body.status).toBe("EXPIRED");
    expect(await insert(simulator)).toMatchObject({ status: 409 });
    await simulator.states.set(COMMITMENT.name, "CANCELLED");
    expect(await insert(simulator)).toMatchObject({ status: 409 });
  });

  it("is taken while the operation still runs, though nothing is shown under it", async () => {
    const simulator = await simulatedGcp({ operationMs: 1000 });
    await insert(simulator);
    expect(await get(simulator)).toMatchObject({ status: 404 });
    expect(await insert(simulator)).toMatchObject({ status: 409 });
  });

  it("is one's own in each project and each region", async () => {
    const simulator = await simulatedGcp();
    const places = [{}, { region: "europe-west1" }, { project: OTHER_PROJECT }];
    for (const place of places) expect(await insert(simulator, place)).toMatchObject({ status: 200 });
    expect(await simulator.ledger.purchases()).toHaveLength(3);
  });
});

describe("a request id", () => {
  it("gets the same operation as long as it is remembered, and then the taken name", async () => {
    const simulator = await simulatedGcp();
    const first = await insert(simulator, { requestId: REQUEST_ID });
    await simulator.clock.advance(60 * MINUTE_MS - 1);
    const again = await insert(simulator, { requestId: REQUEST_ID.toUpperCase() });
    expect(again).toMatchObject({ status: 200, body: { name: first.body.name, status: "DONE" } });
    await simulator.clock.advance(1);
    expect(await insert(simulator, { requestId: REQUEST_ID })).toMatchObject({ status: 409 });
    expect(await simulator.ledger.purchases()).toMatchObject([{ token: REQUEST_ID }]);
  });

  it("is forgotten when the setting says so", async () => {
    const simulator = await simulatedGcp({ requestIdMemoryMs: 0 });
    await insert(simulator, { requestId: REQUEST_ID });
    expect(await insert(simulator, { requestId: REQUEST_ID })).toMatchObject({ status: 409 });
  });

  it("hides another request under it, as the documentation says", async () => {
    const simulator = await simulatedGcp();
    const first = await insert(simulator, { requestId: REQUEST_ID });
    const other = await insert(simulator, { requestId: REQUEST_ID, resource: { name: "cud-other" } });
    expect(other.body.targetId).toBe(first.body.targetId);
    expect(await get(simulator, "cud-other")).toMatchObject({ status: 404 });
  });

  it("refuses another request under it if the setting says so", async () => {
    const simulator = await simulatedGcp({ changedRequestUnderId: "invalid" });
    await insert(simulator, { requestId: REQUEST_ID });
    expect(await insert(simulator, { requestId: REQUEST_ID })).toMatchObject({ status: 200 });
    const other = await insert(simulator, { requestId: REQUEST_ID, resource: { name: "cud-other" } });
    expect(other).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining("'requestId'") } } });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("is one's own in each project and each region", async () => {
    const simulator = await simulatedGcp();
    const places = [{}, { region: "europe-west1" }, { project: OTHER_PROJECT }];
    for (const place of places) await insert(simulator, { requestId: REQUEST_ID, ...place });
    expect(await simulator.ledger.purchases()).toHaveLength(3);
  });

  it.each(["no-uuid", "00000000-0000-0000-0000-000000000000", "6f1c2b0a7d3e1c559a410c9e8d7b6a54", ""])(
    "is refused if it is %j",
    async (requestId) => {
      const simulator = await simulatedGcp();
      const { status, body } = await insert(simulator, { requestId });
      expect({ status, reason: body.error?.errors?.[0].reason }).toEqual({ status: 400, reason: "invalid" });
      expect(await simulator.ledger.purchases()).toEqual([]);
    },
  );
});

interface Machine {
  readonly memoryMb?: string;
  readonly more?: readonly object[];
}

/** Four vCPUs, with their memory and whatever else. */
function machine({ memoryMb = "16384", more = [] }: Machine): object {
  return { resources: [{ type: "VCPU", amount: "4" }, { type: "MEMORY", amount: memoryMb }, ...more] };
}
