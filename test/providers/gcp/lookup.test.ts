import type { Fault, GcpSimulator } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { GcpComputeRequest } from "../../../src/domain/commitment-request/gcp-compute.js";
import type { ExistingCommitment } from "../../../src/providers/commitment-provider.js";
import type { GcpClients } from "../../../src/providers/gcp/gcp-clients.js";
import type { RawAnswer } from "../aws/front-server.js";
import { computeRequest, PROJECT, REGION, TOKEN } from "./compute-line.js";
import {
  AUTHS,
  behindFront,
  clientsOf,
  computeError,
  context,
  insertByHand,
  json,
  NAME,
  providerOf,
  purchase,
  seen,
  simulated,
  termStart,
  thrownBy,
} from "./simulated-line.js";

const lookup = (clients: GcpClients, request = computeRequest(), more: Parameters<typeof context>[0] = {}) =>
  providerOf(clients).lookup(request, TOKEN, context(more));

/** A simulator that has the line's commitment, and clients of it. */
async function boughtLine(auth: (typeof AUTHS)[number] = "http-codes") {
  const { simulator, clock } = await simulated();
  const clients = clientsOf(simulator, { auth });
  await purchase(clients);
  return { simulator, clock, clients };
}

const getting = async (simulator: GcpSimulator) => (await seen(simulator, "GetCommitment")).length;

describe.each(AUTHS)("a lookup by clients with %s", (auth) => {
  test("finds nothing where Google says that the commitment is not there, by one request", async () => {
    const { simulator } = await simulated();
    expect(await lookup(clientsOf(simulator, { auth }))).toBeUndefined();
    expect(await seen(simulator, "GetCommitment")).toMatchObject([{ params: { commitment: NAME } }]);
  });

  test("finds the line's commitment, without a difference", async () => {
    const { clients, clock } = await boughtLine(auth);
    const sighting = { meaning: "live", state: "NOT_YET_ACTIVE" };
    const found = { commitmentIds: [NAME], startedAt: termStart(clock), labeled: true, differences: [], sighting };
    expect(await lookup(clients)).toEqual(found);
  });

  test.each<Fault["kind"]>([
    ...(["error-500-before", "throttle", "garbage-body", "empty-body", "cut-body", "reset-before"] as const),
  ])("throws for %s, and asks no second time", async (kind) => {
    const { clients, simulator } = await boughtLine(auth);
    const before = await getting(simulator);
    await simulator.faults.add({ operation: "GetCommitment", kind, times: 9 } as Fault);
    const { code, retryable } = await thrownBy(lookup(clients));
    expect({ code, retryable }).toEqual({ code: "LOOKUP_FAILED", retryable: true });
    expect(await getting(simulator)).toBe(before + 1);
  });

  test("takes a denied call for no answer, and says which permission is missing", async () => {
    const { simulator } = await simulated({ principals: { reader: { projects: [PROJECT], permissions: [] } } });
    const clients = clientsOf(simulator, { auth, principal: "reader" });
    const { code, retryable, message } = await thrownBy(lookup(clients));
    expect({ code, retryable }).toEqual({ code: "PERMISSION_DENIED", retryable: true });
    expect(message).toContain("compute.commitments.get");
  });

  test.each<{ what: string; answer: RawAnswer }>([
    { what: "a proxy's page", answer: { status: 404, headers: { "content-type": "text/html" }, body: "<html>" } },
    { what: "an empty 404", answer: { status: 404, headers: {}, body: "" } },
    { what: "a 404 in another service's words", answer: json(404, { message: "not found" }) },
    { what: "a gateway's 404 with its status as a code", answer: json(404, { code: 404, message: "no route" }) },
    { what: "another service's error code", answer: json(404, { error: "not found" }) },
    {
      what: "a project that is not there",
      answer: computeError(404, "notFound", `The resource 'projects/${PROJECT}' was not found`),
    },
    {
      what: "a region that is not there",
      answer: computeError(404, "notFound", `The resource 'projects/${PROJECT}/regions/${REGION}' was not found`),
    },
    {
      what: "another commitment that is not there",
      answer: computeError(404, "notFound", `The resource 'projects/${PROJECT}/regions/r/commitments/x' was not found`),
    },
  ])("throws for $what, which says nothing of the commitment", async ({ answer }) => {
    const { simulator } = await simulated();
    const { clients } = await behindFront(simulator, () => answer, { auth });
    expect(await thrownBy(lookup(clients))).toMatchObject({ code: "LOOKUP_FAILED" });
  });
});

test("throttling with the HTTP status of a denied call is none", async () => {
  const { simulator } = await simulated();
  await simulator.faults.add({ operation: "GetCommitment", kind: "error", code: "rateLimitExceeded", status: 403 });
  expect(await thrownBy(lookup(clientsOf(simulator)))).toMatchObject({ code: "LOOKUP_FAILED" });
});

describe("a lookup", () => {
  test.each([
    ["an empty object", {}],
    ["a commitment without a name", { status: "ACTIVE" }],
    ["another commitment", { name: "another", status: "ACTIVE" }],
  ])("throws for %s", async (_, body) => {
    const { simulator } = await simulated();
    const { clients } = await behindFront(simulator, () => json(200, body));
    expect(await thrownBy(lookup(clients))).toMatchObject({ code: "LOOKUP_FAILED" });
  });

  test.each<{ more: Partial<GcpComputeRequest>; difference: string }>([
    { more: { term: "3yr" }, difference: "plan: expected THIRTY_SIX_MONTH, found TWELVE_MONTH" },
    { more: { type: "GENERAL_PURPOSE_N2" }, difference: "type: expected GENERAL_PURPOSE_N2, found GENERAL_PURPOSE_E2" },
    {
      more: { resources: { vcpu: 8, memoryMb: 16_384 } },
      difference: "resources: expected MEMORY 16384, VCPU 8, found MEMORY 16384, VCPU 4",
    },
    {
      more: { resources: { vcpu: 4, memoryMb: 16_384, localSsdGb: 375 } },
      difference: "resources: expected LOCAL_SSD 375, MEMORY 16384, VCPU 4, found MEMORY 16384, VCPU 4",
    },
  ])("tells that $difference", async ({ more, difference }) => {
    const { clients } = await boughtLine();
    expect((await lookup(clients, computeRequest(more)))?.differences).toEqual([difference]);
  });

  const big = { toString: () => "4" };
  const accelerated = computeRequest({
    type: "ACCELERATOR_OPTIMIZED",
    resources: {
      vcpu: 4,
      memoryMb: 16_384,
      accelerators: [{ type: "projects/p/zones/z/acceleratorTypes/a100", count: 1 }],
    },
    existingReservations: ["r"],
  });

  test.each<{ what: string; resources: readonly object[]; request?: GcpComputeRequest; same: boolean }>([
    { what: "texts", resources: [vcpu("4"), memory("16384")], same: true },
    { what: "numbers", resources: [vcpu(4), memory(16_384)], same: true },
    { what: "objects that print as numbers", resources: [vcpu(big), memory("16384")], same: true },
    { what: "in another order", resources: [memory("16384"), vcpu("4")], same: true },
    { what: "of another size", resources: [vcpu("5"), memory("16384")], same: false },
    { what: "missing", resources: [vcpu("4")], same: false },
    // The client shows an empty list where Google states none.
    { what: "nothing, which Google leaves out,", resources: [], same: true },
    { what: "doubled", resources: [vcpu("4"), vcpu("4"), memory("16384")], same: false },
    { what: "without an amount", resources: [vcpu(undefined), memory("16384")], same: false },
    {
      what: "with an accelerator by its short name",
      resources: [accelerator("a100"), vcpu("4"), memory("16384")],
      request: accelerated,
      same: true,
    },
    {
      what: "with another accelerator",
      resources: [accelerator("https://www.googleapis.com/x/acceleratorTypes/t4"), vcpu("4"), memory("16384")],
      request: accelerated,
      same: false,
    },
  ])("compares resources given as $what", async ({ resources, request = computeRequest(), same }) => {
    const view = { name: NAME, status: "ACTIVE", plan: "TWELVE_MONTH", type: request.type, resources };
    const found = await lookup(answering(view), request);
    expect(found?.differences.length === 0, JSON.stringify(found)).toBe(same);
  });

  test.each([
    ["creationTimestamp", { creationTimestamp: "2026-01-15T10:00:00.000-08:00" }, Date.UTC(2026, 0, 15, 18)],
    ["startTimestamp", { startTimestamp: "2026-01-16T00:00:00.000-08:00" }, Date.UTC(2026, 0, 16, 8)],
    [
      "an empty startTimestamp",
      { startTimestamp: "", creationTimestamp: "2026-01-15T18:00:00Z" },
      Date.UTC(2026, 0, 15, 18),
    ],
    ["no time", {}, undefined],
  ])("takes the start from what is stated: %s", async (_, times, startedAt) => {
    expect((await lookup(answering({ name: NAME, status: "ACTIVE", ...times })))?.startedAt).toBe(startedAt);
  });

  test("takes empty texts, a resource of which there is nothing, and null for nothing stated", async () => {
    const resources = [vcpu("4"), { type: "MEMORY", amount: "0" }];
    const view = { name: NAME, status: "", plan: "", type: "", category: null, licenseResource: null, resources };
    const found = await lookup(answering(view), computeRequest({ resources: { vcpu: 4 } }));
    expect(found).toMatchObject({ differences: [], sighting: { meaning: "live" } });
  });

  test("takes the values that stand for none for nothing stated", async () => {
    const view = { name: NAME, status: "ACTIVE", type: "TYPE_UNSPECIFIED", category: "CATEGORY_UNSPECIFIED" };
    expect(await lookup(answering({ ...view, plan: "UNDEFINED_PLAN" }))).toMatchObject({ differences: [] });
  });

  test.each<[what: string, view: object, differences: readonly string[]]>([
    ["them", { category: "LICENSE", licenseResource: { license: "https://x/licenses/sles-15", amount: "2" } }, []],
    ["others", { licenseResource: { license: "sles-12", amount: "2" } }, ["license: expected sles-15, found sles-12"]],
    ["fewer", { licenseResource: { license: "sles-15", amount: 1 } }, ["licenses: expected 2, found 1"]],
    ["hardware", { category: "MACHINE" }, ["category: expected LICENSE, found MACHINE"]],
  ])("compares licenses with %s", async (_, view, differences) => {
    const licenseResource = { license: "projects/suse-cloud/global/licenses/sles-15", amount: 2 };
    const line = computeRequest({ category: "LICENSE", type: undefined, resources: undefined, licenseResource });
    expect((await lookup(answering({ name: NAME, status: "ACTIVE", ...view }), line))?.differences).toEqual(
      differences,
    );
  });

  test.each(["plan", "type", "status"])("takes a commitment whose %s is left out for the line's", async (field) => {
    const { simulator } = await simulated();
    const resources = [vcpu("4"), memory("16384")];
    const whole = { name: NAME, status: "ACTIVE", plan: "TWELVE_MONTH", type: "GENERAL_PURPOSE_E2", resources };
    const { clients } = await behindFront(simulator, () => json(200, { ...whole, [field]: undefined }));
    expect(await lookup(clients)).toMatchObject({ differences: [], sighting: { meaning: "live" } });
  });

  test("says of a line with a recommendation that its label is not known to hold", async () => {
    const { clients } = await boughtLine();
    const recommendation = { name: "projects/1/locations/l/recommenders/r/recommendations/x", etag: '"1"' };
    expect((await lookup(clients, computeRequest({ recommendation })))?.labeled).toBe(false);
  });

  test("asks for every name that the line may have used", async () => {
    const { simulator } = await simulated();
    const clients = clientsOf(simulator);
    await insertByHand(clients, `${NAME}-2`);
    expect(await lookup(clients, computeRequest(), { lineageAttempt: 1 })).toBeUndefined();
    expect(await lookup(clients, computeRequest(), { lineageAttempt: 2 })).toMatchObject({
      commitmentIds: [`${NAME}-2`],
      differences: [],
    });
  });

  test("is a conflict where two of the line's names live", async () => {
    const { clients } = await boughtLine();
    await insertByHand(clients, `${NAME}-2`);
    const found: ExistingCommitment | undefined = await lookup(clients, computeRequest(), { lineageAttempt: 2 });
    expect(found?.differences).toEqual(["commitments: expected 1, found 2"]);
  });

  test("sends nothing once it is aborted", async () => {
    const { simulator } = await simulated();
    const clients = clientsOf(simulator);
    await expect(lookup(clients, computeRequest(), { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await simulator.ledger.requests()).toEqual([]);
  });

  test("waits no longer than its time limit", async () => {
    const { simulator } = await simulated();
    await simulator.faults.add({ operation: "GetCommitment", kind: "slow-reply", ms: 1e9 });
    const provider = providerOf(clientsOf(simulator), { requestTimeoutMs: 50 });
    expect(await thrownBy(provider.lookup(computeRequest(), TOKEN, context()))).toMatchObject({
      code: "LOOKUP_FAILED",
    });
  });
});

const vcpu = (amount: unknown) => ({ type: "VCPU", amount });
const memory = (amount: unknown) => ({ type: "MEMORY", amount });
const accelerator = (acceleratorType: string) => ({ type: "ACCELERATOR", amount: "1", acceleratorType });

/** Clients by which every commitment looks like this, in the forms that a client's own settings may give it. */
function answering(view: object): GcpClients {
  const unused = () => Promise.reject(new Error("not to be called"));
  return { commitments: { get: async () => [view], insert: unused }, operations: { get: unused } };
}
