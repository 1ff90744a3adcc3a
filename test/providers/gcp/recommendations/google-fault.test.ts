import { describe, expect, test } from "vitest";
import { googleFaultOf } from "../../../../src/providers/gcp/recommendations/google-fault.js";
import { clientOptionsFor } from "../../../../src/simulator/gcp/client-options.js";
import { PROJECT } from "../compute-line.js";
import { keepsReasons } from "../protocols-once.js";
import { AUTHS, behindFront, CALL, json, simulated, thrownBy } from "../simulated-line.js";
import { listingClients } from "./simulated-sources.js";

const LIST = "ListRecommendations";
const PARENT = `projects/${PROJECT}/locations/us-central1/recommenders/google.compute.commitment.UsageCommitmentRecommender`;
const error = (code: string, status: number) => ({ kind: "error", code, status }) as const;

const FAULTS = [
  ["throttled", { kind: "throttle" }],
  ["denied", error("PERMISSION_DENIED", 403)],
  ["denied", error("UNAUTHENTICATED", 401)],
  ["refused", error("INVALID_ARGUMENT", 400)],
  ["refused", error("NOT_FOUND", 404)],
  ["unavailable", { kind: "error-500-before" }],
  ["unavailable", error("UNAVAILABLE", 503)],
  ["unavailable", { kind: "reset-before" }],
  ["unavailable", { kind: "cut-body" }],
  ["unreadable", { kind: "garbage-body" }],
  ["unreadable", { kind: "empty-body" }],
] as const;

describe.each(AUTHS)("a failure of Google's own clients with %s", (auth) => {
  test("is known for what it means", async () => {
    const { simulator } = await simulated();
    const { recommender } = listingClients(simulator, { auth });
    for (const [kind, fault] of FAULTS) {
      await simulator.faults.add({ operation: LIST, ...fault });
      const thrown = await thrownBy(recommender.listRecommendations({ parent: PARENT }, CALL));
      expect(googleFaultOf(thrown), JSON.stringify(fault)).toEqual({ kind });
    }
  });

  test("says how long to wait, by its details or its header, and a reason counts more than a code", async () => {
    const { simulator } = await simulated();
    const said = { code: 429, status: "RESOURCE_EXHAUSTED", message: "later" };
    const retryInfo = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "3.5s" };
    const limited = { code: 403, message: "later", errors: [{ reason: "rateLimitExceeded", message: "later" }] };
    const answers = [
      json(429, { error: { ...said, details: [retryInfo] } }),
      json(403, { error: limited }),
      { ...json(429, { error: said }), headers: { "content-type": "application/json", "retry-after": "7" } },
    ];
    const { front } = await behindFront(simulator, () => answers.shift());
    const { recommender, regions } = listingClients(
      { clientOptions: (...what) => clientOptionsFor(front.url, ...what) },
      { auth },
    );
    const list = () => thrownBy(recommender.listRecommendations({ parent: PARENT }, CALL));
    expect(googleFaultOf(await list())).toEqual({ kind: "throttled", retryAfterMs: 3_500 });
    const denied = googleFaultOf(await thrownBy(regions.list({ project: PROJECT }, CALL)));
    expect(denied).toEqual({ kind: keepsReasons(auth) ? "throttled" : "denied" });
    // The client that decodes errors by itself hands no headers on.
    const byHeader = googleFaultOf(await list());
    expect(byHeader).toEqual({ kind: "throttled", ...(auth === "http-codes" && { retryAfterMs: 7_000 }) });
  });
});

test("a failure of the connection, of gRPC and of the code itself is known without Google's words", () => {
  const coded = (code: unknown) => Object.assign(new Error("failed"), { code });
  const kindOf = (thrown: unknown) => googleFaultOf(thrown).kind;
  expect([4, 13, 14, "503"].map((code) => kindOf(coded(code)))).toEqual(Array(4).fill("unavailable"));
  expect([7, 16].map((code) => kindOf(coded(code)))).toEqual(["denied", "denied"]);
  expect([8, 3, 5].map((code) => kindOf(coded(code)))).toEqual(["throttled", "refused", "refused"]);
  expect(kindOf(new Error("outer", { cause: coded("EAI_AGAIN") }))).toBe("unavailable");
  expect([new TypeError("no function"), "text", undefined].map(kindOf)).toEqual(Array(3).fill("unreadable"));
});
