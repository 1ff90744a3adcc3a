import { RegionCommitmentsClient } from "@google-cloud/compute";
import type { Fault, GcpSimulator } from "buyonce/simulator";
import { describe, expect, onTestFinished, test } from "vitest";
import { BuyonceError } from "../../../src/domain/errors.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { uuidV4Shaped } from "../../../src/idempotency/token-formats.js";
import type { RawAnswer, RawRequest } from "../aws/front-server.js";
import { computeRequest, PROJECT, REGION, TOKEN } from "./compute-line.js";
import { keepsReasons } from "./protocols-once.js";
import {
  AUTHS,
  behindFront,
  clientsOf,
  computeError,
  context,
  json,
  NAME,
  PREPARED,
  permitFor,
  providerOf,
  purchase,
  seen,
  simulated,
  termStart,
} from "./simulated-line.js";

const INSERT = "InsertCommitment";
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The settings of a client that sends an insert again after a 500, at once. */
const EAGER = {
  clientConfig: {
    interfaces: {
      "google.cloud.compute.v1.RegionCommitments": {
        retry_codes: { eager: ["INTERNAL"] },
        retry_params: {
          eager: {
            initial_retry_delay_millis: 1,
            retry_delay_multiplier: 1,
            max_retry_delay_millis: 1,
            initial_rpc_timeout_millis: 5_000,
            rpc_timeout_multiplier: 1,
            max_rpc_timeout_millis: 5_000,
            total_timeout_millis: 5_000,
          },
        },
        methods: { Insert: { retry_codes_name: "eager", retry_params_name: "eager" } },
      },
    },
  },
};

const inserts = (simulator: GcpSimulator) => seen(simulator, INSERT);
const isInsert = ({ method }: RawRequest): boolean => method === "POST";

describe("preparing", () => {
  const prepare = (simulator: GcpSimulator, more: Parameters<typeof context>[0] = {}): Promise<Prepared> =>
    providerOf(clientsOf(simulator)).prepare(computeRequest(), TOKEN, context(more));

  test("names the commitment and the request after the token, the same each time", async () => {
    const { simulator } = await simulated();
    expect(await prepare(simulator)).toEqual(PREPARED);
    expect(await prepare(simulator)).toEqual(PREPARED);
    expect(PREPARED.detail?.["requestId"]).toMatch(UUID_V4);
    expect(await inserts(simulator)).toEqual([]);
  });

  test("gives each retry by a person another request id, and the same name as long as nothing has it", async () => {
    const { simulator } = await simulated();
    const attempts = await Promise.all([1, 2, 3].map((lineageAttempt) => prepare(simulator, { lineageAttempt })));
    expect(attempts.map(({ reference }) => reference)).toEqual([NAME, NAME, NAME]);
    const requestIds = attempts.map(({ detail }) => String(detail?.["requestId"]));
    expect(new Set(requestIds).size).toBe(3);
    for (const requestId of requestIds) expect(requestId).toMatch(UUID_V4);
    expect(requestIds[1]).toBe(uuidV4Shaped(deriveIdempotencyToken(TOKEN, 2)));
  });

  test.each(["CANCELLED", "EXPIRED", "ACTIVE", "CREATING", "STATE_OF_TOMORROW"])(
    "goes no further, and to no other name, where the name's commitment is %s and may have been bought",
    async (state) => {
      const { simulator } = await simulated();
      await purchase(clientsOf(simulator));
      await simulator.states.set(NAME, state);
      for (const lineageAttempt of [1, 2, 3])
        await expect(prepare(simulator, { lineageAttempt })).rejects.toMatchObject({
          code: "PREPARE_FAILED",
          retryable: true,
        });
    },
  );

  test("goes no further where the commitment has come to exist since it was looked up", async () => {
    const { simulator } = await simulated();
    await purchase(clientsOf(simulator));
    await expect(prepare(simulator)).rejects.toMatchObject({ code: "PREPARE_FAILED" });
  });
});

/** Answers that clients which keep no reasons take for Google's. */
const GATEWAYS = [
  { what: "a gateway's JSON with its status as a code", answer: json(400, { code: 400, message: "Bad Request" }) },
];

describe.each(AUTHS)("a purchase by clients with %s", (auth) => {
  test("sends the line once and is confirmed by the commitment itself", async () => {
    const { simulator, clock } = await simulated();
    expect(await purchase(clientsOf(simulator, { auth }))).toEqual({
      kind: "committed",
      commitment: { commitmentIds: [NAME], startedAt: termStart(clock), adopted: false },
      sighting: { meaning: "live", state: "NOT_YET_ACTIVE" },
    });
    const requestId = uuidV4Shaped(TOKEN);
    expect(await inserts(simulator)).toMatchObject([{ params: { name: NAME, requestId, plan: "TWELVE_MONTH" } }]);
    expect(await simulator.ledger.purchases()).toMatchObject([
      { account: PROJECT, region: REGION, commitmentId: NAME },
    ]);
  });

  test.each<{ fault: Omit<Extract<Fault, { kind: "error" }>, "kind" | "operation">; http: object; grpc: object }>([
    {
      fault: { code: "quotaExceeded", status: 403, message: "Quota exceeded" },
      http: { kind: "rejected", rejection: { code: "quotaExceeded" } },
      grpc: { kind: "rejected", rejection: { code: "PERMISSION_DENIED" } },
    },
    {
      fault: { code: "forbidden", status: 403 },
      http: { kind: "rejected", rejection: { code: "forbidden" } },
      grpc: { kind: "rejected", rejection: { code: "PERMISSION_DENIED" } },
    },
    {
      fault: { code: "invalid", status: 400 },
      http: { kind: "rejected", rejection: { code: "invalid" } },
      grpc: { kind: "rejected", rejection: { code: "INVALID_ARGUMENT" } },
    },
    { fault: { code: "rateLimitExceeded", status: 429 }, http: { kind: "not_now" }, grpc: { kind: "not_now" } },
    { fault: { code: "backendError", status: 503 }, http: { kind: "unknown" }, grpc: { kind: "unknown" } },
    { fault: { code: "reasonOfTomorrow", status: 412 }, http: { kind: "unknown" }, grpc: { kind: "unknown" } },
  ])("takes $fault.code for what it proves", async ({ fault, http, grpc }) => {
    const { simulator } = await simulated();
    await simulator.faults.add({ operation: INSERT, kind: "error", ...fault });
    expect(await purchase(clientsOf(simulator, { auth }))).toMatchObject(keepsReasons(auth) ? http : grpc);
    expect(await inserts(simulator)).toHaveLength(1);
  });

  test.each<[kind: Exclude<Fault["kind"], "error">, bought: number]>([
    ["reset-before", 0],
    ["reset-after", 1],
    ["error-500-before", 0],
    ["error-500-after", 1],
    ["cut-body", 1],
    ["garbage-body", 1],
    ["empty-body", 1],
  ])("does not know what became of it after %s, and sends it once", async (kind, bought) => {
    const { simulator } = await simulated();
    await simulator.faults.add({ operation: INSERT, kind, times: 9 } as Fault);
    expect(await purchase(clientsOf(simulator, { auth }))).toMatchObject({ kind: "unknown" });
    expect(await inserts(simulator)).toHaveLength(1);
    expect(await simulator.ledger.purchases()).toHaveLength(bought);
  });

  test.each<{ what: string; answer: RawAnswer }>([
    { what: "an empty object", answer: json(200, {}) },
    { what: "an operation without a name", answer: json(200, { status: "DONE" }) },
    {
      what: "a proxy's 403",
      answer: { status: 403, headers: { "content-type": "text/html" }, body: "<html>no</html>" },
    },
    { what: "a proxy's 407", answer: { status: 407, headers: {}, body: "who are you" } },
    { what: "a proxy's 404", answer: { status: 404, headers: { "content-type": "text/html" }, body: "<html>" } },
    { what: "an empty 400", answer: { status: 400, headers: {}, body: "" } },
    { what: "a gateway's JSON", answer: json(403, { message: "Forbidden" }) },
    ...GATEWAYS.filter(() => keepsReasons(auth)),
  ])("does not know what became of it after $what", async ({ answer }) => {
    const { simulator } = await simulated();
    const { clients, front } = await behindFront(simulator, (asked) => (isInsert(asked) ? answer : undefined), {
      auth,
    });
    expect(await purchase(clients)).toMatchObject({ kind: "unknown" });
    expect(front.requests.filter(isInsert)).toHaveLength(1);
  });

  test("finds its own commitment behind a name that is taken", async () => {
    const { simulator, clock } = await simulated({ requestIdMemoryMs: 0 });
    const clients = clientsOf(simulator, { auth });
    await purchase(clients);
    expect(await purchase(clients)).toEqual({
      kind: "committed",
      commitment: { commitmentIds: [NAME], startedAt: termStart(clock), adopted: true },
      sighting: { meaning: "live", state: "NOT_YET_ACTIVE" },
    });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  test("is not sent where the connection is refused", async () => {
    const { simulator } = await simulated();
    const clients = clientsOf(simulator, { auth });
    await simulator.close();
    expect(await purchase(clients)).toMatchObject({ kind: "not_sent" });
  });
});

describe("a purchase under a name that is taken", () => {
  const again = async (strike: (simulator: GcpSimulator) => Promise<void>, request = computeRequest()) => {
    const { simulator } = await simulated({ requestIdMemoryMs: 0 });
    const clients = clientsOf(simulator);
    await purchase(clients);
    await strike(simulator);
    return providerOf(clients).purchase(permitFor(request), context());
  };

  test("does not take other contents for its own, nor for a refusal", async () => {
    const outcome = await again(async () => {}, computeRequest({ resources: { vcpu: 8, memoryMb: 16_384 } }));
    expect(outcome).toMatchObject({ kind: "unknown", reason: expect.stringContaining("VCPU 8") });
  });

  test.each([
    ["CREATING", "pending"],
    ["ACTIVE", "live"],
    ["STATE_OF_TOMORROW", "live"],
    ["EXPIRED", "ended"],
    ["CANCELLED", "unclear"],
  ] as const)("is the name's commitment, also where that is %s, which is %s", async (state, meaning) => {
    expect(await again((simulator) => simulator.states.set(NAME, state))).toMatchObject({
      kind: "committed",
      commitment: { commitmentIds: [NAME], adopted: true },
      sighting: { meaning, state },
    });
  });

  test.each<Fault>([
    { operation: "GetCommitment", kind: "error-500-before", times: 9 },
    { operation: "GetCommitment", kind: "error", code: "forbidden", status: 403, times: 9 },
    { operation: "GetCommitment", kind: "stale-listing", ms: 60_000, times: 9 },
  ])("does not know where the commitment cannot be read: $kind", async (fault) => {
    expect(await again((simulator) => simulator.faults.add(fault))).toMatchObject({ kind: "unknown" });
  });
});

describe("the operation of an insert", () => {
  const fails = (code: string, status?: number): Fault => ({
    operation: INSERT,
    kind: "operation-fails",
    code,
    ...(status !== undefined && { status }),
  });

  test("is a refusal where it ends with one and no commitment is there", async () => {
    const { simulator } = await simulated();
    await simulator.faults.add({ ...fails("QUOTA_EXCEEDED"), message: "Quota 'COMMITTED_E2_CPUS' exceeded." } as Fault);
    expect(await purchase(clientsOf(simulator))).toEqual({
      kind: "rejected",
      rejection: {
        code: "QUOTA_EXCEEDED",
        message: "Quota 'COMMITTED_E2_CPUS' exceeded.",
        hint: "Ask Google for a higher quota, or buy less.",
      },
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  test.each<[code: string, status?: number]>([
    ["RESOURCE_ALREADY_EXISTS", 409],
    ["INTERNAL_ERROR", 500],
  ])("proves nothing where it ends with %s and no commitment is shown", async (code, status) => {
    const { simulator } = await simulated();
    await simulator.faults.add(fails(code, status));
    expect(await purchase(clientsOf(simulator))).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining(code),
    });
  });

  test("counts less than the commitment itself, which is the line's", async () => {
    const { simulator } = await simulated();
    const failed = { name: "operation-1", status: "DONE", error: { errors: [{ code: "QUOTA_EXCEEDED" }] } };
    const isPoll = ({ path }: RawRequest) => path.includes("/operations/");
    const { clients } = await behindFront(simulator, (asked) => (isPoll(asked) ? json(200, failed) : undefined));
    expect(await purchase(clients)).toMatchObject({ kind: "committed", commitment: { commitmentIds: [NAME] } });
  });

  test("leaves the purchase unknown where it has not ended in time, and is looked at until then", async () => {
    const { simulator } = await simulated({ operationMs: 60_000 });
    const options = { pollEveryMs: 1, pollForMs: 5 };
    expect(await purchase(clientsOf(simulator), {}, options)).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("has not ended yet"),
    });
    expect(await seen(simulator, "GetRegionOperation")).toHaveLength(6);
  });

  test.each<Fault>([
    { operation: "GetRegionOperation", kind: "error-500-before", times: 9 },
    { operation: "GetRegionOperation", kind: "garbage-body", times: 9 },
    { operation: "GetRegionOperation", kind: "error", code: "notFound", status: 404, times: 9 },
    { operation: "GetCommitment", kind: "reset-before", times: 9 },
    { operation: "GetCommitment", kind: "stale-listing", ms: 60_000, times: 9 },
  ])("leaves the purchase unknown where $operation meets $kind", async (fault) => {
    const { simulator } = await simulated();
    await simulator.faults.add(fault);
    expect(await purchase(clientsOf(simulator))).toMatchObject({ kind: "unknown" });
    expect(await inserts(simulator)).toHaveLength(1);
  });

  test("does not vouch for a commitment that differs from the line", async () => {
    const { simulator } = await simulated();
    const other = { name: NAME, status: "ACTIVE", plan: "THIRTY_SIX_MONTH", type: "GENERAL_PURPOSE_E2", resources: [] };
    const isGet = ({ method, path }: RawRequest) => method === "GET" && path.includes(`/commitments/${NAME}`);
    const { clients } = await behindFront(simulator, (asked) => (isGet(asked) ? json(200, other) : undefined));
    expect(await purchase(clients)).toMatchObject({ kind: "unknown", reason: expect.stringContaining("plan") });
  });
});

describe("one permit", () => {
  test("sends one insert, also by a client that is set to retry", async () => {
    const { simulator } = await simulated();
    const options = Object.assign(simulator.clientOptions(PROJECT, { auth: "grpc-codes" }), EAGER);
    const retrying = new RegionCommitmentsClient(options);
    onTestFinished(() => retrying.close());
    await simulator.faults.add({ operation: INSERT, kind: "error-500-before", times: 2 });
    await retrying
      .insert({ project: PROJECT, region: REGION, commitmentResource: { name: "by-hand" } })
      .catch(() => {});
    expect(await inserts(simulator), "the client does not retry").toHaveLength(3);
    await simulator.faults.add({ operation: INSERT, kind: "error-500-before", times: 9 });
    await purchase({ ...clientsOf(simulator), commitments: retrying });
    expect(await inserts(simulator)).toHaveLength(3 + 1);
  });

  test("asks exactly once whether the request may leave", async () => {
    const { simulator } = await simulated();
    let asked = 0;
    const beforeWire = () => {
      asked += 1;
    };
    await purchase(clientsOf(simulator), { beforeWire });
    expect(asked).toBe(1);
  });

  test("sends nothing if the request may no longer leave", async () => {
    const { simulator } = await simulated();
    const beforeWire = () => {
      throw new BuyonceError("NOT_SENT", "the lease has run out");
    };
    expect(await purchase(clientsOf(simulator), { beforeWire })).toMatchObject({ kind: "not_sent" });
    expect(await simulator.ledger.requests()).toEqual([]);
  });

  test("sends nothing once it is aborted", async () => {
    const { simulator } = await simulated();
    expect(await purchase(clientsOf(simulator), { signal: AbortSignal.abort() })).toMatchObject({ kind: "not_sent" });
    expect(await simulator.ledger.requests()).toEqual([]);
  });

  test("is unknown, never unsent, once it is aborted after the request left", async () => {
    const { simulator } = await simulated();
    await simulator.faults.add({ operation: INSERT, kind: "slow-reply", ms: 1e9 });
    const caller = new AbortController();
    const bought = purchase(clientsOf(simulator), { signal: caller.signal });
    await expect.poll(() => simulator.ledger.purchases()).toHaveLength(1);
    caller.abort();
    expect(await bought).toMatchObject({ kind: "unknown" });
  });

  test("is unknown where no answer comes within the time limit", async () => {
    const { simulator } = await simulated();
    await simulator.faults.add({ operation: INSERT, kind: "slow-reply", ms: 1e9 });
    expect(await purchase(clientsOf(simulator), {}, { requestTimeoutMs: 200 })).toMatchObject({ kind: "unknown" });
    expect(await inserts(simulator)).toHaveLength(1);
  });

  test("sends nothing where the clients cannot be had", async () => {
    const clientFor = () => Promise.reject(new Error("no credentials"));
    const { simulator } = await simulated();
    expect(await purchase(clientsOf(simulator), {}, { clientFor })).toEqual({
      kind: "not_sent",
      reason: "Error: no credentials",
    });
  });
});

test("a refusal shows nothing of the token", async () => {
  const { simulator } = await simulated();
  const said = `Invalid value for field 'resource.name': '${TOKEN}'`;
  const { clients } = await behindFront(simulator, () => computeError(400, "invalid", said));
  const outcome = await purchase(clients);
  expect(outcome.kind).toBe("rejected");
  expect(JSON.stringify(outcome)).not.toContain(TOKEN);
});
