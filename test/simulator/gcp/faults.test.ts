import { describe, expect, it } from "vitest";
import {
  ask,
  COMMITMENT,
  compute,
  get,
  insert,
  listedNames,
  PROJECT,
  REGION,
  REQUEST_ID,
  simulatedGcp,
} from "./simulated-gcp.js";

const LIST = `/v1/projects/${PROJECT}/locations/${REGION}/recommenders/google.compute.commitment.UsageCommitmentRecommender/recommendations`;

describe("a fault of delivery", () => {
  it("is answered in the words of Compute Engine", async () => {
    const simulator = await simulatedGcp();
    await simulator.faults.add({ operation: "InsertCommitment", kind: "throttle" });
    const message = "Rate Limit Exceeded";
    const errors = [{ message, domain: "usageLimits", reason: "rateLimitExceeded" }];
    expect(await insert(simulator)).toEqual({
      status: 429,
      body: { error: { code: 429, message, errors, status: "RESOURCE_EXHAUSTED" } },
    });
    await simulator.faults.add({ operation: "InsertCommitment", kind: "error-500-after" });
    expect(await insert(simulator)).toMatchObject({
      status: 500,
      body: { error: { code: 500, errors: [{ reason: "backendError" }], status: "INTERNAL" } },
    });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("is answered in the words of the Recommender", async () => {
    const simulator = await simulatedGcp();
    const operation = "ListRecommendations";
    await simulator.faults.add({ operation, kind: "throttle" });
    await simulator.faults.add({ operation, kind: "error-500-before" });
    await simulator.faults.add({ operation, kind: "error", code: "UNAVAILABLE", status: 503, message: "later" });
    const errors = [await ask(simulator, LIST), await ask(simulator, LIST), await ask(simulator, LIST)];
    expect(errors.map(({ body }) => body.error)).toEqual([
      { code: 429, message: "Resource has been exhausted (e.g. check quota).", status: "RESOURCE_EXHAUSTED" },
      { code: 500, message: "Internal error encountered.", status: "INTERNAL" },
      { code: 503, message: "later", status: "UNAVAILABLE" },
    ]);
  });

  it("is a quota that is used up, as an error by name", async () => {
    const simulator = await simulatedGcp();
    const fault = { kind: "error", code: "quotaExceeded", status: 403, message: "Quota exceeded" } as const;
    await simulator.faults.add({ operation: "InsertCommitment", ...fault });
    expect(await insert(simulator)).toMatchObject({
      status: 403,
      body: { error: { errors: [{ domain: "usageLimits", reason: "quotaExceeded" }], status: "PERMISSION_DENIED" } },
    });
  });

  it("can hold an insert back until long after it was given up", async () => {
    const simulator = await simulatedGcp();
    await simulator.faults.add({ operation: "InsertCommitment", kind: "delay-landing", ms: 3_600_000 });
    await expect(insert(simulator, { requestId: REQUEST_ID })).rejects.toThrow();
    await simulator.clock.advance(3_599_999);
    expect(await simulator.ledger.purchases()).toEqual([]);
    expect(await get(simulator)).toMatchObject({ status: 404 });
    await simulator.clock.advance(1);
    expect(await simulator.ledger.purchases()).toMatchObject([
      { commitmentId: COMMITMENT.name, token: REQUEST_ID, purchasedAt: await simulator.clock.now() },
    ]);
    expect(await insert(simulator)).toMatchObject({ status: 409 });
  });

  it("strikes only what matches in operation, service, project, region and parameters", async () => {
    const simulator = await simulatedGcp();
    const match = {
      service: "gcp.compute",
      account: PROJECT,
      region: REGION,
      params: { name: "cud-b", plan: "TWELVE_MONTH" },
    };
    await simulator.faults.add({ operation: "InsertCommitment", kind: "throttle", match });
    const statusOf = async (name: string) => (await insert(simulator, { resource: { name } })).status;
    expect([await statusOf("cud-a"), await statusOf("cud-b"), await statusOf("cud-b")]).toEqual([200, 429, 200]);
  });
});

describe("a stale listing", () => {
  it.each([
    ["GetCommitment", compute(`commitments/${COMMITMENT.name}`), 404],
    ["ListCommitments", compute("commitments"), 200],
    ["AggregatedListCommitments", `/compute/v1/projects/${PROJECT}/aggregated/commitments`, 200],
  ])("shows by %s what was there before", async (operation, path, status) => {
    const simulator = await simulatedGcp();
    const shown = async () => {
      const answer = await ask(simulator, path);
      return { status: answer.status, found: JSON.stringify(answer.body).includes('"kind":"compute#commitment"') };
    };
    await insert(simulator);
    await simulator.clock.advance(1000);
    await simulator.faults.add({ operation, kind: "stale-listing", ms: 1001 });
    expect(await shown()).toEqual({ status, found: false });
    expect(await shown()).toEqual({ status: 200, found: true });
  });

  it("shows an operation that is done as still running", async () => {
    const simulator = await simulatedGcp({ operationMs: 1000 });
    const { body: operation } = await insert(simulator);
    await simulator.clock.advance(1000);
    await simulator.faults.add({ operation: "GetRegionOperation", kind: "stale-listing", ms: 1 });
    const status = async () => (await ask(simulator, compute(`operations/${operation.name}`))).body.status;
    expect([await status(), await status()]).toEqual(["RUNNING", "DONE"]);
  });

  it("shows recommendations with the etag and state that they had", async () => {
    const simulator = await simulatedGcp();
    const [before] = (await ask(simulator, LIST)).body.recommendations;
    await simulator.clock.advance(1000);
    await simulator.recommendations.claim(before.name, "someone");
    await simulator.faults.add({ operation: "ListRecommendations", kind: "stale-listing", ms: 1000 });
    await simulator.faults.add({ operation: "GetRecommendation", kind: "stale-listing", ms: 1 });
    expect((await ask(simulator, LIST)).body.recommendations[0]).toEqual(before);
    expect((await ask(simulator, `/v1/${before.name}`)).body).toEqual(before);
    expect((await ask(simulator, `/v1/${before.name}`)).body.stateInfo.state).toBe("CLAIMED");
  });
});

describe("a listing whose token repeats", () => {
  it.each([
    ["ListCommitments", compute("commitments")],
    ["AggregatedListCommitments", `/compute/v1/projects/${PROJECT}/aggregated/commitments`],
    ["ListRecommendations", LIST],
  ])("never ends: %s", async (operation, path) => {
    const simulator = await simulatedGcp();
    await simulator.faults.add({ operation, kind: "repeat-page-token", times: 2 });
    const tokenAfter = async (query: string) => (await ask(simulator, path + query)).body.nextPageToken;
    const token = await tokenAfter("");
    expect(await tokenAfter(`?pageToken=${token}`)).toBe(token);
    expect(await tokenAfter("")).toBeUndefined();
  });
});

describe("the log", () => {
  it("shows every request with what its path, query and body say", async () => {
    const simulator = await simulatedGcp();
    const { body: operation } = await insert(simulator, { requestId: REQUEST_ID });
    await ask(simulator, compute(`operations/${operation.name}/wait`), { method: "POST", body: '""' });
    await listedNames(simulator, "?maxResults=7");
    const [{ name, etag }] = (await ask(simulator, LIST)).body.recommendations;
    await ask(simulator, `/v1/${name}:markClaimed`, { method: "POST", body: { etag } });
    const place = { project: PROJECT, region: REGION };
    const at = await simulator.clock.now();
    const entry = { account: PROJECT, region: REGION, at, outcome: { state: "processed", status: 200 } };
    expect(await simulator.ledger.requests()).toEqual([
      {
        seq: 1,
        service: "gcp.compute",
        operation: "InsertCommitment",
        params: { ...COMMITMENT, ...place, requestId: REQUEST_ID },
        ...entry,
      },
      {
        seq: 2,
        service: "gcp.compute",
        operation: "WaitRegionOperation",
        params: { ...place, operation: operation.name },
        ...entry,
      },
      { seq: 3, service: "gcp.compute", operation: "ListCommitments", params: { ...place, maxResults: "7" }, ...entry },
      {
        seq: 4,
        service: "gcp.recommender",
        operation: "ListRecommendations",
        params: { parent: LIST.replace(/^\/v1\/|\/recommendations$/g, "") },
        ...entry,
      },
      { seq: 5, service: "gcp.recommender", operation: "MarkRecommendationClaimed", params: { name, etag }, ...entry },
    ]);
  });
});
