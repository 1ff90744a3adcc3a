import "../../providers/gcp/protocols-once.js";
import { protos, RegionCommitmentsClient, RegionOperationsClient } from "@google-cloud/compute";
import { RecommenderClient } from "@google-cloud/recommender";
import type { ConnectedGcpSimulator, Fault, GcpClientChoice } from "buyonce/simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { GCP_COMMITMENT_TYPES } from "../../../src/domain/commitment-request/gcp-commitment-types.js";
import { COMMITMENT, OTHER_PROJECT, PROJECT, REGION, REQUEST_ID, simulatedGcp } from "./simulated-gcp.js";

const RECOMMENDER = `projects/${PROJECT}/locations/${REGION}/recommenders/google.compute.commitment.UsageCommitmentRecommender`;

const AUTHS = ["http-codes", "grpc-codes"] as const;

describe.each(AUTHS)("the real clients with %s", (auth) => {
  it("buy a commitment, follow its operation and find it", async () => {
    const simulator = await simulatedGcp();
    const { commitments, operations } = clientsOf(simulator, { auth });
    const operation = await insert(commitments, { requestId: REQUEST_ID });
    expect(operation).toMatchObject({ status: "RUNNING", operationType: "insert", progress: 0 });
    const [waited] = await operations.wait({ project: PROJECT, region: REGION, operation: String(operation.name) });
    expect(waited).toMatchObject({ status: "DONE", progress: 100 });
    expect(waited.error).toBeUndefined();
    const [polled] = await operations.get({ project: PROJECT, region: REGION, operation: String(operation.name) });
    expect(polled).toEqual(waited);
    const [bought] = await commitments.get({ project: PROJECT, region: REGION, commitment: COMMITMENT.name });
    expect(bought).toMatchObject({ ...COMMITMENT, id: operation.targetId, status: "NOT_YET_ACTIVE", autoRenew: false });
    expect(await simulator.ledger.purchases()).toEqual([
      {
        service: "gcp.compute",
        account: PROJECT,
        region: REGION,
        commitmentId: COMMITMENT.name,
        purchaseId: operation.targetId,
        offeringId: "GENERAL_PURPOSE_E2/TWELVE_MONTH",
        quantity: 1,
        token: REQUEST_ID,
        tags: {},
        state: "NOT_YET_ACTIVE",
        purchasedAt: await simulator.clock.now(),
      },
    ]);
  });

  it("list page by page, in one region and in all", async () => {
    const simulator = await simulatedGcp();
    const { commitments } = clientsOf(simulator, { auth });
    for (const name of ["cud-b", "cud-a", "cud-c"]) await insert(commitments, { name });
    await insert(commitments, { name: "cud-a" }, "europe-west1");
    const [inRegion] = await commitments.list({ project: PROJECT, region: REGION, maxResults: 2 });
    expect(inRegion.map(({ name }) => name)).toEqual(["cud-a", "cud-b", "cud-c"]);
    const everywhere: string[] = [];
    for await (const [scope, { commitments: found = [] }] of commitments.aggregatedListAsync({ project: PROJECT })) {
      everywhere.push(...(found ?? []).map(({ name }) => `${scope}/${name}`));
    }
    expect(everywhere.sort()).toEqual([
      "regions/europe-west1/cud-a",
      "regions/us-central1/cud-a",
      "regions/us-central1/cud-b",
      "regions/us-central1/cud-c",
    ]);
  });

  it("claim a recommendation and report what became of it", async () => {
    const simulator = await simulatedGcp();
    const { recommender } = clientsOf(simulator, { auth });
    const [found] = await recommender.listRecommendations({
      parent: RECOMMENDER,
      filter: "stateInfo.state = ACTIVE AND priority = P2",
    });
    const [{ name = "", etag = "" } = {}] = found.map((row) => ({ name: String(row.name), etag: String(row.etag) }));
    expect(found).toMatchObject([
      {
        priority: "P2",
        recommenderSubtype: "PROJECT_SCOPED_COMMITMENTS",
        stateInfo: { state: "ACTIVE" },
        primaryImpact: { category: "COST", costProjection: { cost: { units: "-302", nanos: -400_000_000 } } },
      },
    ]);
    const stateMetadata = { "buyer.token": "abc" };
    const [claimed] = await recommender.markRecommendationClaimed({ name, etag, stateMetadata });
    expect(claimed).toMatchObject({ name, stateInfo: { state: "CLAIMED", stateMetadata } });
    expect(claimed.etag).not.toBe(etag);
    const [done] = await recommender.markRecommendationSucceeded({ name, etag: String(claimed.etag) });
    const [read] = await recommender.getRecommendation({ name });
    expect(read).toEqual(done);
    expect(read.stateInfo).toMatchObject({ state: "SUCCEEDED", stateMetadata: {} });
  });
});

it("every commitment type that the client knows can be bought, and no other", () => {
  const { Type } = protos.google.cloud.compute.v1.Commitment;
  const known = Object.keys(Type).filter((name) => name !== "UNDEFINED_TYPE" && name !== "TYPE_UNSPECIFIED");
  expect([...GCP_COMMITMENT_TYPES].sort()).toEqual(known.sort());
});

describe("an error reaches the caller", () => {
  const refused = { code: 409, status: 409, message: expect.stringContaining('"reason":"alreadyExists"') };

  it.each<{ choice: GcpClientChoice; statusField: boolean; error: object }>([
    { choice: {}, statusField: true, error: refused },
    { choice: { auth: "http-codes" }, statusField: false, error: refused },
    {
      choice: { auth: "grpc-codes" },
      statusField: true,
      error: { code: 6, message: /^The resource '.*' already exists$/ },
    },
    { choice: { auth: "grpc-codes" }, statusField: false, error: { code: 10, message: / already exists$/ } },
  ])("of Compute Engine by $choice with status field: $statusField", async ({ choice, statusField, error }) => {
    const simulator = await simulatedGcp({ errorStatusField: statusField });
    const { commitments } = clientsOf(simulator, choice);
    await insert(commitments);
    await expect(insert(commitments)).rejects.toMatchObject(asError(error));
  });

  it("as something else by gRPC codes if its code is a text", async () => {
    const simulator = await simulatedGcp({ errorStatusField: false, errorCodeAs: "string" });
    const { commitments } = clientsOf(simulator, { auth: "grpc-codes" });
    await insert(commitments);
    await expect(insert(commitments)).rejects.toMatchObject({ code: 9 });
  });

  it.each([
    ["http-codes", "ABORTED", 409],
    ["grpc-codes", "ABORTED", 10],
    ["http-codes", "FAILED_PRECONDITION", 400],
    ["grpc-codes", "FAILED_PRECONDITION", 9],
  ] as const)("of the Recommender by %s for a stale etag that gets %s as %i", async (auth, staleEtagError, code) => {
    const simulator = await simulatedGcp({ staleEtagError });
    const { recommender } = clientsOf(simulator, { auth });
    const [recommendation] = await simulator.recommendations.list(PROJECT, REGION);
    const { name = "", etag = "" } = recommendation ?? {};
    await simulator.recommendations.touch(name);
    await expect(recommender.markRecommendationClaimed({ name, etag })).rejects.toMatchObject({ code });
  });

  it.each([
    ["http-codes", 403],
    ["grpc-codes", 7],
  ] as const)("of another project by %s as %i, after one request", async (auth, code) => {
    const simulator = await simulatedGcp();
    const { commitments } = clientsOf(simulator, { auth });
    const elsewhere = { project: OTHER_PROJECT, region: REGION, commitment: "cud" };
    await expect(commitments.get(elsewhere)).rejects.toMatchObject({ code });
    expect(await simulator.ledger.requests()).toMatchObject([{ outcome: { status: 403, errorCode: "forbidden" } }]);
  });
});

describe("a fault of delivery", () => {
  const operation = "InsertCommitment";

  it.each<{ fault: Fault; error: object; grpc: object; bought: number }>([
    {
      fault: { operation, kind: "reset-before" },
      error: { code: "ECONNRESET" },
      grpc: { code: "ECONNRESET" },
      bought: 0,
    },
    {
      fault: { operation, kind: "reset-after" },
      error: { code: "ECONNRESET" },
      grpc: { code: "ECONNRESET" },
      bought: 1,
    },
    { fault: { operation, kind: "error-500-before" }, error: { code: 500 }, grpc: { code: 13 }, bought: 0 },
    { fault: { operation, kind: "error-500-after" }, error: { code: 500 }, grpc: { code: 13 }, bought: 1 },
    { fault: { operation, kind: "throttle" }, error: { code: 429 }, grpc: { code: 8 }, bought: 0 },
    {
      fault: { operation, kind: "empty-body" },
      error: { message: /null response/ },
      grpc: { message: /null response/ },
      bought: 1,
    },
    {
      fault: { operation, kind: "garbage-body" },
      error: { name: "SyntaxError" },
      grpc: { name: "SyntaxError" },
      bought: 1,
    },
    { fault: { operation, kind: "cut-body" }, error: { code: "ECONNRESET" }, grpc: { code: "ECONNRESET" }, bought: 1 },
    {
      fault: { operation, kind: "error", code: "quotaExceeded", status: 403, message: "Quota exceeded" },
      error: { code: 403, message: expect.stringContaining("quotaExceeded") },
      grpc: { code: 7, message: "Quota exceeded" },
      bought: 0,
    },
  ])("$fault.kind fails the one call that is sent, having bought $bought", async ({ fault, error, grpc, bought }) => {
    for (const [auth, expected] of [
      ["http-codes", error],
      ["grpc-codes", grpc],
    ] as const) {
      const simulator = await simulatedGcp();
      const { commitments } = clientsOf(simulator, { auth });
      await simulator.faults.add(fault);
      await expect(insert(commitments)).rejects.toMatchObject(asError(expected));
      expect(await simulator.ledger.purchases()).toHaveLength(bought);
      expect(await simulator.ledger.requests()).toMatchObject([{ operation, outcome: { fault: fault.kind } }]);
    }
  });
});

/** Texts to be contained where a pattern is given. */
function asError(error: object): object {
  const matched = (value: unknown) => (value instanceof RegExp ? expect.stringMatching(value) : value);
  return Object.fromEntries(Object.entries(error).map(([key, value]) => [key, matched(value)]));
}

function clientsOf(simulator: ConnectedGcpSimulator, choice: GcpClientChoice = {}) {
  const commitments = new RegionCommitmentsClient(simulator.clientOptions(PROJECT, choice));
  const operations = new RegionOperationsClient(simulator.clientOptions(PROJECT, choice));
  const recommender = new RecommenderClient(simulator.clientOptions(PROJECT, choice));
  onTestFinished(async () => {
    await Promise.all([commitments.close(), operations.close(), recommender.close()]);
  });
  return { commitments, operations, recommender };
}

interface Insert {
  readonly name?: string;
  readonly requestId?: string;
}

/** The operation that the insert is answered with. */
async function insert(client: RegionCommitmentsClient, { name, requestId }: Insert = {}, region = REGION) {
  const commitmentResource = { ...COMMITMENT, resources: [...COMMITMENT.resources], ...(name && { name }) };
  const request = { project: PROJECT, region, commitmentResource, ...(requestId && { requestId }) };
  const [operation] = await client.insert(request, { retry: null });
  // The client declares another API's operation here than the one it hands out.
  return operation.latestResponse as unknown as protos.google.cloud.compute.v1.IOperation;
}
