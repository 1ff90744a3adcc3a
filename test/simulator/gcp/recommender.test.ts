import type { CommitmentRecommendation, ConnectedGcpSimulator } from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { type Answer, ask, OTHER_PROJECT, PROJECT, REGION, simulatedGcp } from "./simulated-gcp.js";

const COMMITMENT_RECOMMENDER = "google.compute.commitment.UsageCommitmentRecommender";

const ADDED: CommitmentRecommendation = {
  project: PROJECT,
  region: REGION,
  recommendationId: "00000000-0000-0000-0000-0000000000e1",
  plan: "TWELVE_MONTH",
  type: "GENERAL_PURPOSE_E2",
  resources: [
    { type: "VCPU", amount: "8" },
    { type: "MEMORY", amount: "32768" },
  ],
  monthlySaving: "29.85",
  algorithm: "BREAK_EVEN_POINT",
  priority: "P3",
  xorGroupId: "group-1",
};

describe("a recommendation", () => {
  it("is listed in the shape of the Recommender, under the number of its project", async () => {
    const simulator = await simulatedGcp({ recommendations: [ADDED], seedRecommendations: false });
    const { status, body } = await list(simulator);
    const target = `//compute.googleapis.com/projects/${PROJECT}/regions/${REGION}/commitments/commitment-00000000`;
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        recommendations: [
          {
            name: expect.stringMatching(
              new RegExp(
                `^projects/\\d{12}/locations/${REGION}/recommenders/${COMMITMENT_RECOMMENDER}/recommendations/`,
              ),
            ),
            description: "Purchase a GENERAL_PURPOSE_E2 commitment in us-central1 to save cost.",
            lastRefreshTime: "2026-01-15T18:00:00.000Z",
            recommenderSubtype: "PROJECT_SCOPED_COMMITMENTS",
            priority: "P3",
            primaryImpact: {
              category: "COST",
              costProjection: {
                cost: { currencyCode: "USD", units: "-29", nanos: -850_000_000 },
                duration: "2592000s",
              },
            },
            content: {
              overview: { algorithm: "BREAK_EVEN_POINT" },
              operationGroups: [
                {
                  operations: [
                    {
                      action: "add",
                      resourceType: "compute.googleapis.com/Commitment",
                      resource: target,
                      path: "/",
                      value: {
                        name: "commitment-00000000",
                        plan: ADDED.plan,
                        type: ADDED.type,
                        resources: ADDED.resources,
                      },
                    },
                  ],
                },
              ],
            },
            stateInfo: { state: "ACTIVE" },
            etag: expect.stringMatching(/^"[0-9a-f]{16}"$/),
            xorGroupId: "group-1",
          },
        ],
      },
    });
  });

  it("shows its enums as numbers if that is asked for", async () => {
    const simulator = await simulatedGcp({ recommendations: [ADDED], seedRecommendations: false });
    const { body } = await list(simulator, { query: "?$alt=json%3Benum-encoding=int" });
    expect(body.recommendations).toMatchObject([
      { priority: 2, primaryImpact: { category: 1 }, stateInfo: { state: 1 } },
    ]);
  });

  it("is found and marked by the project's id as well as by its number", async () => {
    const simulator = await simulatedGcp();
    const { name, etag } = await first(simulator);
    const byId = name.replace(/^projects\/\d+/, `projects/${PROJECT}`);
    expect((await ask(simulator, `/v1/${byId}`)).body).toEqual((await ask(simulator, `/v1/${name}`)).body);
    expect(await mark(simulator, "Claimed", { name: byId, etag })).toMatchObject({ status: 200, body: { name } });
    expect((await simulator.ledger.requests()).map(({ account, region }) => `${account} ${region}`)).toEqual(
      Array(4).fill(`${PROJECT} ${REGION}`),
    );
  });

  it("is made for every project and region from the start, always the same", async () => {
    const [one, other] = [await simulatedGcp(), await simulatedGcp()];
    expect(await one.recommendations.list(PROJECT, REGION)).toHaveLength(2);
    expect((await list(one)).body).toEqual((await list(other)).body);
    const names = [
      await first(one),
      await first(one, { project: OTHER_PROJECT }),
      await first(one, { region: "europe-west1" }),
    ];
    expect(new Set(names.map(({ name }) => name))).toHaveLength(3);
  });

  it("is not found under an unknown name", async () => {
    const simulator = await simulatedGcp();
    const { name } = await first(simulator);
    const unknown = name.replace(/[^/]+$/, "unknown");
    const error = { code: 404, message: "Requested entity was not found.", status: "NOT_FOUND" };
    expect(await ask(simulator, `/v1/${unknown}`)).toEqual({ status: 404, body: { error } });
    expect(await mark(simulator, "Claimed", { name: unknown, etag: '"1"' })).toEqual({ status: 404, body: { error } });
  });

  it("comes from a recommender that exists", async () => {
    const simulator = await simulatedGcp();
    const message = "Request contains an invalid argument.";
    expect(await list(simulator, { recommender: "google.billing.CostInsight.commitmentRecommender" })).toEqual({
      status: 400,
      body: { error: { code: 400, message, status: "INVALID_ARGUMENT" } },
    });
    const spend = "google.cloudbilling.commitment.SpendBasedCommitmentRecommender";
    expect(await list(simulator, { recommender: spend })).toEqual({ status: 200, body: {} });
  });

  it("is made to projects alone", async () => {
    const simulator = await simulatedGcp();
    const path = `/v1/billingAccounts/0-0-0/locations/${REGION}/recommenders/${COMMITMENT_RECOMMENDER}/recommendations`;
    expect(await ask(simulator, path)).toEqual({ status: 200, body: {} });
  });
});

describe("a list of recommendations", () => {
  it.each([
    ["stateInfo.state = ACTIVE", 1],
    ["state_info.state=CLAIMED", 1],
    ["stateInfo.state = ACTIVE OR stateInfo.state = CLAIMED", 2],
    ["stateInfo.state = ACTIVE AND (priority = P1 OR priority = P2)", 1],
    ["priority = P4 stateInfo.state = ACTIVE", 0],
    ["recommenderSubtype = PROJECT_SCOPED_COMMITMENTS", 2],
    [`targetResources : regions/${REGION}`, 2],
    ["targetResources : //elsewhere", 0],
  ])("filters by %s", async (filter, count) => {
    const simulator = await simulatedGcp();
    const { name } = await first(simulator);
    await simulator.recommendations.claim(name, "someone");
    const { body } = await list(simulator, { query: `?filter=${encodeURIComponent(filter)}` });
    expect(body.recommendations ?? []).toHaveLength(count);
  });

  it("pages", async () => {
    const simulator = await simulatedGcp({ recommendations: [ADDED] });
    const one = await list(simulator, { query: "?pageSize=2" });
    const two = await list(simulator, { query: `?pageSize=2&pageToken=${one.body.nextPageToken}` });
    expect([one, two].map(({ body }) => body.recommendations.length)).toEqual([2, 1]);
    expect(two.body).not.toHaveProperty("nextPageToken");
    expect((await list(simulator, { query: "?pageSize=-1" })).body.recommendations).toHaveLength(3);
  });

  it.each(["filter=owner%20%3D%20me", `filter=${"x".repeat(501)}`, "pageToken=never-given-out", "pageSize=many"])(
    "is refused for %s",
    async (query) => {
      const simulator = await simulatedGcp();
      const error = { code: 400, status: "INVALID_ARGUMENT" };
      expect(await list(simulator, { query: `?${query}` })).toMatchObject({ status: 400, body: { error } });
    },
  );
});

describe("a mark", () => {
  it("sets state and metadata, and gives a new etag each time", async () => {
    const simulator = await simulatedGcp();
    const found = await first(simulator);
    const stateMetadata = { "buyer.token": "Abc_./-1" };
    const claimed = await mark(simulator, "Claimed", { ...found, stateMetadata });
    expect(claimed).toMatchObject({ status: 200, body: { stateInfo: { state: "CLAIMED", stateMetadata } } });
    const again = await mark(simulator, "Claimed", { ...found, etag: claimed.body.etag });
    expect(again.body.stateInfo).toEqual({ state: "CLAIMED" });
    expect(new Set([found.etag, claimed.body.etag, again.body.etag])).toHaveLength(3);
  });

  it("is won by one of two that know the same etag", async () => {
    const simulator = await simulatedGcp();
    const found = await first(simulator);
    const racers = ["one", "two", "three"].map((by) => mark(simulator, "Claimed", { ...found, stateMetadata: { by } }));
    const statuses = (await Promise.all(racers)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409, 409]);
  });

  it.each([
    ["ABORTED", 409],
    ["FAILED_PRECONDITION", 400],
  ] as const)("with a stale etag is refused by %s (%i)", async (staleEtagError, code) => {
    const simulator = await simulatedGcp({ staleEtagError });
    const found = await first(simulator);
    await simulator.recommendations.touch(found.name);
    const message = "The etag does not match the current etag of the recommendation.";
    expect(await mark(simulator, "Claimed", found)).toEqual({
      status: code,
      body: { error: { code, message, status: staleEtagError } },
    });
  });

  it.each([
    ["ACTIVE", ["Claimed", "Succeeded", "Failed", "Dismissed"]],
    ["CLAIMED", ["Claimed", "Succeeded", "Failed"]],
    ["SUCCEEDED", ["Succeeded", "Failed"]],
    ["FAILED", ["Succeeded", "Failed"]],
    ["DISMISSED", []],
  ])("of a recommendation that is %s may be %j alone", async (state, allowed) => {
    for (const verb of VERBS) {
      const simulator = await simulatedGcp();
      const answer = await mark(simulator, verb, await inState(simulator, state));
      const status = allowed.includes(verb) ? 200 : 400;
      expect({ verb, status: answer.status, code: answer.body.error?.status }).toEqual({
        verb,
        status,
        code: status === 200 ? undefined : "FAILED_PRECONDITION",
      });
    }
  });

  it.each(["SUCCEEDED", "FAILED"])("may claim what has %s if the setting says so", async (state) => {
    const simulator = await simulatedGcp({ claimAfterOutcome: true });
    expect(await mark(simulator, "Claimed", await inState(simulator, state))).toMatchObject({ status: 200 });
  });

  it.each<[string, Record<string, unknown>]>([
    ["no etag", { etag: undefined }],
    ["an empty etag", { etag: "" }],
    ["a key with a capital letter", { stateMetadata: { Buyer: "abc" } }],
    ["a key that is too long", { stateMetadata: { ["k".repeat(64)]: "abc" } }],
    ["a value with a blank", { stateMetadata: { buyer: "a b" } }],
    ["a value that is too long", { stateMetadata: { buyer: "v".repeat(256) } }],
    ["a value that is no text", { stateMetadata: { buyer: 1 } }],
  ])("with %s is refused", async (_what, more) => {
    const simulator = await simulatedGcp();
    const found = await first(simulator);
    const refused = await mark(simulator, "Claimed", { ...found, ...more });
    expect(refused).toMatchObject({ status: 400, body: { error: { status: "INVALID_ARGUMENT" } } });
    expect(await first(simulator)).toEqual(found);
  });

  it("to dismiss needs no etag, and refuses a stale one", async () => {
    const simulator = await simulatedGcp();
    const { name, etag } = await first(simulator);
    await simulator.recommendations.touch(name);
    expect(await mark(simulator, "Dismissed", { name, etag })).toMatchObject({ status: 409 });
    expect(await mark(simulator, "Dismissed", { name })).toMatchObject({
      status: 200,
      body: { stateInfo: { state: "DISMISSED" } },
    });
  });
});

describe("somebody else", () => {
  it("claims, and is named in the metadata", async () => {
    const simulator = await simulatedGcp();
    const found = await first(simulator);
    await simulator.recommendations.claim(found.name, "another-buyer");
    expect(await mark(simulator, "Claimed", found)).toMatchObject({ status: 409 });
    const stateInfo = { state: "CLAIMED", stateMetadata: { "claimed-by": "another-buyer" } };
    expect((await ask(simulator, `/v1/${found.name}`)).body).toMatchObject({ stateInfo });
    expect(await simulator.recommendations.list(PROJECT, REGION)).toMatchObject([stateInfo, { state: "ACTIVE" }]);
  });

  it("touches, which changes nothing but the etag", async () => {
    const simulator = await simulatedGcp();
    const found = await first(simulator);
    const before = (await ask(simulator, `/v1/${found.name}`)).body;
    await simulator.recommendations.touch(found.name);
    const after = (await ask(simulator, `/v1/${found.name}`)).body;
    expect(after).toEqual({ ...before, etag: after.etag });
    expect(after.etag).not.toBe(before.etag);
  });

  it("changes the content, until it is claimed", async () => {
    const simulator = await simulatedGcp({ recommendations: [ADDED], seedRecommendations: false });
    const before = await first(simulator);
    await simulator.clock.advance(60_000);
    await simulator.recommendations.add({ ...ADDED, plan: "THIRTY_SIX_MONTH" });
    const after = await first(simulator);
    expect(after).toMatchObject({ name: before.name, lastRefreshTime: "2026-01-15T18:01:00.000Z" });
    expect(after.etag).not.toBe(before.etag);
    const operations = [{ value: { plan: "THIRTY_SIX_MONTH" } }];
    expect(after).toMatchObject({ content: { operationGroups: [{ operations }] } });
    await mark(simulator, "Claimed", after);
    await expect(simulator.recommendations.add(ADDED)).rejects.toThrow(/is CLAIMED: its content is frozen/);
    expect(await simulator.recommendations.list(PROJECT, REGION)).toMatchObject([{ plan: "THIRTY_SIX_MONTH" }]);
  });

  it("finds only what there is, and writes only what may be written", async () => {
    const simulator = await simulatedGcp();
    const { name } = await first(simulator);
    const wrong = [
      simulator.recommendations.touch(name.replace(/[^/]+$/, "unknown")),
      simulator.recommendations.touch("unknown"),
      simulator.recommendations.claim(name, "a name with blanks"),
    ];
    for (const attempt of wrong) await expect(attempt).rejects.toThrow(TypeError);
  });
});

const VERBS = ["Claimed", "Succeeded", "Failed", "Dismissed"] as const;

interface Where {
  readonly project?: string;
  readonly region?: string;
  readonly recommender?: string;
  readonly query?: string;
}

function list(simulator: ConnectedGcpSimulator, where: Where = {}): Promise<Answer> {
  const { project = PROJECT, region = REGION, recommender = COMMITMENT_RECOMMENDER, query = "" } = where;
  const parent = `projects/${project}/locations/${region}/recommenders/${recommender}`;
  return ask(simulator, `/v1/${parent}/recommendations${query}`);
}

async function first(simulator: ConnectedGcpSimulator, where: Where = {}) {
  return (await list(simulator, where)).body.recommendations[0];
}

interface Mark {
  readonly name: string;
  readonly etag?: unknown;
  readonly stateMetadata?: unknown;
}

function mark(simulator: ConnectedGcpSimulator, verb: (typeof VERBS)[number], { name, etag, stateMetadata }: Mark) {
  return ask(simulator, `/v1/${name}:mark${verb}`, { method: "POST", body: { etag, stateMetadata } });
}

/** The first recommendation, brought into the state by the shortest way. */
async function inState(simulator: ConnectedGcpSimulator, state: string): Promise<Mark> {
  const found = await first(simulator);
  const verb = VERBS.find((candidate) => candidate.toUpperCase() === state);
  return verb === undefined ? found : (await mark(simulator, verb, found)).body;
}
