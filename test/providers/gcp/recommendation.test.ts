import type { Fault, GcpSimulator, GcpSimulatorOptions } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { GcpComputeRequest } from "../../../src/domain/commitment-request/gcp-compute.js";
import { settleWaitMs } from "../../../src/domain/idempotency-contract.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { commitmentName } from "../../../src/idempotency/token-formats.js";
import type { GcpClients } from "../../../src/providers/gcp/gcp-clients.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import type { ManualClock } from "../../../src/testing/manual-clock.js";
import { crashAtEvent } from "../../../src/testing/provider-contract/crash-at-event.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { computeRequest, PROJECT, REGION, TOKEN } from "./compute-line.js";
import {
  AUTHS,
  behindFront,
  CALL,
  clientsOf,
  context,
  NAME,
  PREPARED,
  permitFor,
  providerOf,
  seen,
  simulated,
  thrownBy,
} from "./simulated-line.js";

const CLAIM = "MarkRecommendationClaimed";
const SUCCEED = "MarkRecommendationSucceeded";
const FAIL = "MarkRecommendationFailed";
const OURS = { "buyonce.line": NAME };

/** The first recommendation as it is now. */
async function recommended({ recommendations }: GcpSimulator) {
  const [first] = await recommendations.list(PROJECT, REGION);
  return first ?? expect.unreachable("nothing is recommended");
}

/** A line that follows the first recommendation as it is now. */
async function followingLine(simulator: GcpSimulator): Promise<GcpComputeRequest> {
  const { name, etag } = await recommended(simulator);
  return computeRequest({ recommendation: { name, etag } });
}

/** What a recommendation has become, as its state and who says so. */
async function claimOn(simulator: GcpSimulator) {
  const { state, stateMetadata } = await recommended(simulator);
  return { state, stateMetadata };
}

async function following(
  options: Omit<GcpSimulatorOptions, "clock"> = {},
  auth: (typeof AUTHS)[number] = "http-codes",
) {
  const { simulator, clock } = await simulated(options);
  const clients = clientsOf(simulator, { auth });
  return { simulator, clock, clients, request: await followingLine(simulator) };
}

const prepare = (clients: GcpClients, request: GcpComputeRequest, token = TOKEN, lineageAttempt = 1) =>
  providerOf(clients).prepare(request, token, context({ lineageAttempt }));

const label = (clients: GcpClients, request: GcpComputeRequest) =>
  providerOf(clients).label?.({ commitmentIds: [NAME], adopted: false }, TOKEN, { ...context(), request });

describe.each(
  AUTHS.flatMap((auth) =>
    (["ABORTED", "FAILED_PRECONDITION"] as const).map((staleEtagError) => ({ auth, staleEtagError })),
  ),
)(
  "preparing a line that follows a recommendation, with $auth and $staleEtagError for stale etags,",
  ({ auth, staleEtagError }) => {
    test("claims it with its etag", async () => {
      const { simulator, clients, request } = await following({ staleEtagError }, auth);
      expect(await prepare(clients, request)).toEqual(PREPARED);
      expect(await claimOn(simulator)).toEqual({ state: "CLAIMED", stateMetadata: OURS });
      expect(await seen(simulator, CLAIM)).toMatchObject([{ params: { etag: request.recommendation?.etag } }]);
    });

    test("knows its own claim again", async () => {
      const { simulator, clients, request } = await following({ staleEtagError }, auth);
      expect(await prepare(clients, request)).toEqual(await prepare(clients, request));
      expect(await claimOn(simulator)).toEqual({ state: "CLAIMED", stateMetadata: OURS });
    });

    test("refuses it once somebody else has claimed it, and says who", async () => {
      const { simulator, clients, request } = await following({ staleEtagError }, auth);
      await simulator.recommendations.claim(request.recommendation?.name ?? "", "another-tool");
      const { code, retryable, details, message } = await thrownBy(prepare(clients, request));
      expect({ code, retryable }).toEqual({ code: "RECOMMENDATION_TAKEN", retryable: false });
      expect(details).toMatchObject({ state: "CLAIMED", stateMetadata: { "claimed-by": "another-tool" } });
      expect(message).toContain("another-tool");
      expect(await claimOn(simulator)).toEqual({ state: "CLAIMED", stateMetadata: { "claimed-by": "another-tool" } });
    });

    test("refuses it once it has changed since it was approved", async () => {
      const { simulator, clients, request } = await following({ staleEtagError }, auth);
      await simulator.recommendations.touch(request.recommendation?.name ?? "");
      expect(await thrownBy(prepare(clients, request))).toMatchObject({
        code: "RECOMMENDATION_TAKEN",
        details: { state: "ACTIVE", stateMetadata: {} },
      });
    });
  },
);

describe("preparing a line that follows a recommendation", () => {
  test("sends the etag with its quotes unchanged", async () => {
    const { simulator, request } = await following();
    const { clients, front } = await behindFront(simulator);
    await prepare(clients, request);
    const claims = front.requests.filter(({ path }) => path.includes(":markClaimed"));
    expect(claims.map(({ body }) => JSON.parse(body))).toEqual([
      { etag: request.recommendation?.etag, stateMetadata: OURS },
    ]);
    expect(request.recommendation?.etag).toMatch(/^".+"$/);
  });

  test("refuses it for another line of ours, of which it names the commitment", async () => {
    const { clients, request } = await following();
    await prepare(clients, request);
    const other = deriveIdempotencyToken("lin_other", 0);
    expect(await thrownBy(prepare(clients, request, other))).toMatchObject({
      code: "RECOMMENDATION_TAKEN",
      details: { stateMetadata: OURS },
    });
  });

  test.each([true, false])(
    "claims again what a refused purchase gave up, if that can be claimed: %s",
    async (claimAfterOutcome) => {
      const { simulator, clients, request } = await following({ claimAfterOutcome });
      const provider = providerOf(clients);
      await provider.prepare(request, TOKEN, context());
      await simulator.faults.add({ operation: "InsertCommitment", kind: "error", code: "quotaExceeded", status: 403 });
      expect(await provider.purchase(permitFor(request), context())).toMatchObject({ kind: "rejected" });
      expect(await claimOn(simulator)).toEqual({ state: "FAILED", stateMetadata: OURS });
      expect(await prepare(clients, request, TOKEN, 2)).toMatchObject({ reference: NAME });
      const state = claimAfterOutcome ? "CLAIMED" : "FAILED";
      expect(await claimOn(simulator)).toEqual({ state, stateMetadata: OURS });
    },
  );

  test("refuses what it gave up once somebody else has claimed that", async () => {
    const { simulator, clients, request } = await following({ claimAfterOutcome: true });
    await prepare(clients, request);
    const { name } = await recommended(simulator);
    await clients.recommender.markRecommendationFailed(
      { name, etag: (await recommended(simulator)).etag, stateMetadata: OURS },
      CALL,
    );
    await simulator.recommendations.claim(name, "another-tool");
    expect(await thrownBy(prepare(clients, request, TOKEN, 2))).toMatchObject({ code: "RECOMMENDATION_TAKEN" });
  });

  test("knows its own claim again in each retry by a person", async () => {
    const { simulator, clients, request } = await following();
    for (const lineageAttempt of [1, 2, 3])
      expect(await prepare(clients, request, TOKEN, lineageAttempt)).toMatchObject({ reference: NAME });
    expect(await claimOn(simulator)).toEqual({ state: "CLAIMED", stateMetadata: OURS });
  });

  test("claims nothing where the line is refused for another reason", async () => {
    const { simulator, clients, request } = await following();
    await providerOf(clients).purchase(permitFor(computeRequest()), context());
    await simulator.states.set(NAME, "EXPIRED");
    expect(await thrownBy(prepare(clients, request))).toMatchObject({ code: "PREPARE_FAILED" });
    expect(await claimOn(simulator)).toMatchObject({ state: "ACTIVE" });
  });

  test("goes no further where the claim is denied", async () => {
    const permissions = ["compute.commitments.get", "recommender.usageCommitmentRecommendations.get"];
    const { simulator } = await simulated({ principals: { reader: { projects: [PROJECT], permissions } } });
    const clients = clientsOf(simulator, { principal: "reader" });
    const thrown = await thrownBy(prepare(clients, await followingLine(simulator)));
    expect(thrown).toMatchObject({ code: "PERMISSION_DENIED", retryable: true });
    expect(thrown.message).toContain("recommender.usageCommitmentRecommendations.update");
  });

  test("goes no further where the recommendation is gone", async () => {
    const { clients, request } = await following();
    const gone = { name: `${request.recommendation?.name}0`, etag: '"1"' };
    expect(await thrownBy(prepare(clients, { ...request, recommendation: gone }))).toMatchObject({
      code: "PREPARE_FAILED",
      retryable: true,
    });
  });

  test("refuses the line where there is no client for it", async () => {
    const { clients, request } = await following();
    const { recommender: _, ...others } = clients;
    expect(await thrownBy(prepare(others, request))).toMatchObject({ code: "DEPENDENCY_MISSING", retryable: true });
  });

  test.each<Fault>([
    { operation: CLAIM, kind: "error-500-before" },
    { operation: CLAIM, kind: "error-500-after" },
    { operation: CLAIM, kind: "reset-after" },
    { operation: CLAIM, kind: "throttle" },
    { operation: CLAIM, kind: "garbage-body" },
  ])("goes no further after $kind, and on the next try", async (fault) => {
    const { simulator, clients, request } = await following();
    await simulator.faults.add(fault);
    expect(await thrownBy(prepare(clients, request))).toMatchObject({ code: "PREPARE_FAILED" });
    expect(await prepare(clients, request)).toEqual(PREPARED);
    expect(await claimOn(simulator)).toEqual({ state: "CLAIMED", stateMetadata: OURS });
  });
});

describe("the recommendation of a line that was bought", () => {
  const bought = async (options: Omit<GcpSimulatorOptions, "clock"> = {}) => {
    const cloud = await following(options);
    await prepare(cloud.clients, cloud.request);
    await providerOf(cloud.clients).purchase(permitFor(cloud.request), context());
    return cloud;
  };

  test("is marked as followed by the label, once", async () => {
    const { simulator, clients, request } = await bought();
    await label(clients, request);
    await label(clients, request);
    expect(await claimOn(simulator)).toEqual({ state: "SUCCEEDED", stateMetadata: OURS });
    expect(await seen(simulator, SUCCEED)).toHaveLength(1);
  });

  test.each<Fault>([
    { operation: SUCCEED, kind: "error-500-before" },
    { operation: SUCCEED, kind: "reset-after" },
    { operation: "GetRecommendation", kind: "error-500-before" },
    { operation: "GetRecommendation", kind: "error", code: "PERMISSION_DENIED", status: 403 },
  ])("is marked by a later try where $operation meets $kind", async (fault) => {
    const { simulator, clients, request } = await bought();
    await simulator.faults.add(fault);
    expect(await thrownBy(label(clients, request))).toMatchObject({ code: "LABEL_FAILED" });
    await label(clients, request);
    expect(await claimOn(simulator)).toEqual({ state: "SUCCEEDED", stateMetadata: OURS });
  });

  test("stays what somebody else has made of it", async () => {
    const { simulator, clients, request } = await bought();
    await simulator.recommendations.claim(request.recommendation?.name ?? "", "another-tool");
    await label(clients, request);
    expect(await claimOn(simulator)).toEqual({ state: "CLAIMED", stateMetadata: { "claimed-by": "another-tool" } });
  });

  test("may be gone", async () => {
    const { clients, request } = await bought();
    const gone = { ...request, recommendation: { name: `${request.recommendation?.name}0`, etag: '"1"' } };
    expect(await label(clients, gone)).toBeUndefined();
  });

  test("is marked as followed although a later request was refused", async () => {
    const { simulator, clients, request } = await bought();
    const { name, etag } = await recommended(simulator);
    const mark = { name, etag, stateMetadata: OURS };
    await clients.recommender.markRecommendationFailed(mark, CALL);
    await label(clients, request);
    expect(await claimOn(simulator)).toEqual({ state: "SUCCEEDED", stateMetadata: OURS });
  });
});

describe("the recommendation of a line that was refused", () => {
  const quota: Fault = { operation: "InsertCommitment", kind: "error", code: "quotaExceeded", status: 403 };

  test("is not given up while an earlier request of the line may still land", async () => {
    const { simulator, clients, request } = await following();
    await prepare(clients, request);
    await simulator.faults.add(quota);
    const resend = context({ prepared: PREPARED });
    expect(await providerOf(clients).purchase(permitFor(request), resend)).toMatchObject({ kind: "rejected" });
    expect(await claimOn(simulator)).toEqual({ state: "CLAIMED", stateMetadata: OURS });
  });

  test("is not given up for a request that nobody knows the end of", async () => {
    const { simulator, clients, request } = await following();
    await prepare(clients, request);
    await simulator.faults.add({ operation: "InsertCommitment", kind: "reset-before" });
    expect(await providerOf(clients).purchase(permitFor(request), context())).toMatchObject({ kind: "unknown" });
    expect(await claimOn(simulator)).toEqual({ state: "CLAIMED", stateMetadata: OURS });
  });

  test("changes nothing of the refusal where it cannot be given up, and shows no token in the log", async () => {
    const { simulator, clients, request } = await following();
    await prepare(clients, request);
    await simulator.faults.add(quota);
    await simulator.faults.add({
      operation: FAIL,
      kind: "error",
      code: "INTERNAL",
      status: 500,
      message: `of ${NAME}`,
    });
    const warnings: unknown[] = [];
    const logger = { ...silentLogger, warn: (...what: readonly unknown[]) => warnings.push(what) };
    expect(await providerOf(clients).purchase(permitFor(request), context({ logger }))).toMatchObject({
      kind: "rejected",
    });
    expect(warnings).toHaveLength(1);
    expect(JSON.stringify(warnings)).not.toContain(TOKEN.slice(0, 40));
  });
});

/** An engine over a simulator's clients, with the simulator's clock and a store of its own unless one is given. */
function engineOver(clients: GcpClients, clock: ManualClock, store = memoryStore({ clock })) {
  const provider = providerOf(clients);
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [provider],
    clock,
    logger: silentLogger,
  });
  const approved = async (request: GcpComputeRequest, requestKey = "key") => {
    const { id } = await engine.submit({ requestKey, createdBy: "ann", lines: [request] });
    await engine.approve(id, { approvedBy: "bob" });
    return id;
  };
  return { engine, store, provider, approved };
}

describe("an engine", () => {
  test("marks the recommendation of what it bought", async () => {
    const { simulator, clock, clients, request } = await following();
    const { engine, approved } = engineOver(clients, clock);
    const { status, lines } = await engine.run(await approved(request));
    expect(status).toBe("completed");
    expect(lines[0]?.needsLabel).toBe(false);
    expect(await claimOn(simulator)).toMatchObject({ state: "SUCCEEDED" });
  });

  test("marks the recommendation of what it adopted after a lost reply", async () => {
    const { simulator, clock, clients, request } = await following();
    const { engine, approved, store, provider } = engineOver(clients, clock);
    await simulator.faults.add({ operation: "InsertCommitment", kind: "reset-after" });
    const id = await approved(request);
    expect((await engine.run(id)).status).toBe("in_doubt");
    for (let round = 0; round < 2; round += 1) {
      clock.advance(settleWaitMs(provider.idempotency) + 1);
      await engine.tick();
    }
    expect(await store.get(id)).toMatchObject({
      status: "completed",
      lines: [{ commitment: { adopted: true }, needsLabel: false }],
    });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
    expect(await claimOn(simulator)).toMatchObject({ state: "SUCCEEDED" });
  });

  test("marks it by a later tick where it cannot at once", async () => {
    const { simulator, clock, clients, request } = await following();
    const { engine, approved, store } = engineOver(clients, clock);
    await simulator.faults.add({ operation: SUCCEED, kind: "error-500-before" });
    const id = await approved(request);
    expect(await engine.run(id)).toMatchObject({ status: "completed", lines: [{ needsLabel: true }] });
    clock.advance(3_600_000);
    await engine.tick();
    expect(await store.get(id)).toMatchObject({ lines: [{ needsLabel: false }] });
    expect(await claimOn(simulator)).toMatchObject({ state: "SUCCEEDED" });
  });

  test.each(["before", "after"] as const)(
    "buys after a crash %s the write-ahead, with the claim that was made",
    async (moment) => {
      const { simulator, clock, clients, request } = await following();
      const { engine, approved, store, provider } = engineOver(clients, clock);
      const id = await approved(request);
      const ports = crashAtEvent({ store, provider }, { event: "write_ahead", moment });
      const dying = createPurchaseEngine({
        ...UNGUARDED,
        store: ports.store,
        providers: [ports.provider],
        clock,
        logger: silentLogger,
      });
      await dying.run(id).catch(() => {});
      expect(ports.isDead()).toBe(true);
      expect(await claimOn(simulator)).toMatchObject({ state: "CLAIMED" });
      expect(await simulator.ledger.purchases()).toEqual([]);
      for (let round = 0; round < 3; round += 1) {
        clock.advance(600_000);
        await engine.tick();
      }
      expect(await store.get(id)).toMatchObject({ status: "completed" });
      expect(await simulator.ledger.purchases()).toHaveLength(1);
      expect(await claimOn(simulator)).toMatchObject({ state: "SUCCEEDED" });
    },
  );

  test("buys nothing for a recommendation that another one has claimed", async () => {
    const { simulator, clock, clients, request } = await following();
    await simulator.recommendations.claim(request.recommendation?.name ?? "", "another-tool");
    const { engine, approved } = engineOver(clients, clock);
    const { status, lines } = await engine.run(await approved(request));
    expect(status).toBe("failed");
    expect(lines[0]?.rejection).toMatchObject({
      code: "RECOMMENDATION_TAKEN",
      details: { stateMetadata: { "claimed-by": "another-tool" } },
    });
    expect(await seen(simulator, "InsertCommitment")).toEqual([]);
  });

  test("buys a recommendation once where two of them, who know nothing of each other, race for it", async () => {
    const { simulator, clock, clients, request } = await following();
    const racers = [engineOver(clients, clock), engineOver(clientsOf(simulator), clock)];
    const ids = await Promise.all(racers.map(({ approved }, index) => approved(request, `key-${index}`)));
    const ends = await Promise.all(racers.map(({ engine }, index) => engine.run(ids[index] ?? "")));
    expect(ends.map(({ status }) => status).sort()).toEqual(["completed", "failed"]);
    expect(ends.flatMap(({ lines }) => lines[0]?.rejection?.code ?? [])).toEqual(["RECOMMENDATION_TAKEN"]);
    const [winner] = ends.filter(({ status }) => status === "completed");
    const stored = await Promise.all(racers.map(({ store }) => store.get(winner?.id ?? "")));
    const { lineageKey } = stored.find((execution) => execution !== undefined) ?? expect.unreachable();
    const name = commitmentName("buyonce-", deriveIdempotencyToken(lineageKey, 0));
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: name }]);
    expect(await claimOn(simulator)).toEqual({ state: "SUCCEEDED", stateMetadata: { "buyonce.line": name } });
  });
});

describe("gRPC clients", () => {
  const recommendation = { name: "projects/1/locations/l/recommenders/r/recommendations/x", etag: '"1"' };
  const request = computeRequest({ recommendation });
  const grpcError = (code: number) => Object.assign(new Error("no"), { code, details: "no", metadata: {} });

  /** Clients of a recommendation that has another etag by now, and the marks that they were told to make. */
  function clientsIn(state: string | number) {
    const current = { name: recommendation.name, etag: '"2"', stateInfo: { state, stateMetadata: OURS } };
    const marks: unknown[] = [];
    const mark = async (wanted: unknown) => [marks.push(wanted)] as const;
    const clients: GcpClients = {
      commitments: { get: () => Promise.reject(grpcError(5)), insert: () => Promise.reject(grpcError(14)) },
      operations: { get: () => Promise.reject(grpcError(14)) },
      recommender: {
        getRecommendation: async () => [current],
        markRecommendationClaimed: () => Promise.reject(grpcError(10)),
        markRecommendationSucceeded: mark,
        markRecommendationFailed: mark,
      },
    };
    return { clients, marks };
  }

  test.each([6, "6", "CLAIMED", 4, "FAILED", 3])("know a claim of their own that is in state %s", async (state) => {
    expect(await prepare(clientsIn(state).clients, request)).toEqual(PREPARED);
  });

  test.each([1, "ACTIVE", 5, "DISMISSED", 0, "STATE_OF_TOMORROW"])("take one in state %s for none", async (state) => {
    expect(await thrownBy(prepare(clientsIn(state).clients, request))).toMatchObject({ code: "RECOMMENDATION_TAKEN" });
  });

  test.each([
    [6, 1],
    ["CLAIMED", 1],
    [4, 1],
    [3, 0],
    ["SUCCEEDED", 0],
    [1, 0],
  ] as const)("mark one in state %s as followed %i times", async (state, times) => {
    const { clients, marks } = clientsIn(state);
    await label(clients, request);
    expect(marks).toEqual(new Array(times).fill({ name: recommendation.name, etag: '"2"', stateMetadata: OURS }));
  });
});
