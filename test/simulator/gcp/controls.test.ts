import {
  type ConnectedGcpSimulator,
  connectGcpSimulator,
  type GcpSimulatorOptions,
  startGcpSimulator,
} from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { COMMITMENT, get, insert, PROJECT, REGION, simulatedGcp } from "./simulated-gcp.js";

const RECOMMENDATION = {
  project: PROJECT,
  region: REGION,
  recommendationId: "r-1",
  plan: "TWELVE_MONTH",
  type: "GENERAL_PURPOSE_N2",
  resources: [{ type: "VCPU", amount: "2" }],
  monthlySaving: "1.5",
} as const;

describe("the controls by URL", () => {
  it("reach the ledger, the faults, the clock and the states", async () => {
    const simulator = await simulatedGcp();
    const other = connectGcpSimulator(simulator.url);
    await other.faults.add({ operation: "InsertCommitment", kind: "operation-fails", code: "QUOTA_EXCEEDED" });
    expect(await simulator.faults.pending()).toMatchObject([{ kind: "operation-fails", times: 1 }]);
    await other.faults.clear();
    await insert(other);
    await other.clock.advance(1000);
    expect(await other.clock.now()).toBe(await simulator.clock.now());
    await other.states.set(COMMITMENT.name, "ACTIVE");
    expect((await get(simulator)).body.status).toBe("ACTIVE");
    expect(await other.ledger.purchases()).toEqual(await simulator.ledger.purchases());
    expect(await other.ledger.requests()).toEqual(await simulator.ledger.requests());
  });

  it("reach the recommendations", async () => {
    const simulator = await simulatedGcp({ seedRecommendations: false });
    const other = connectGcpSimulator(simulator.url);
    await other.recommendations.add(RECOMMENDATION);
    const [added] = await simulator.recommendations.list(PROJECT, REGION);
    expect(added).toMatchObject({ ...RECOMMENDATION, state: "ACTIVE", stateMetadata: {} });
    await other.recommendations.touch(String(added?.name));
    const [touched] = await other.recommendations.list(PROJECT, REGION);
    expect(touched).toEqual({ ...added, etag: touched?.etag });
    expect(touched?.etag).not.toBe(added?.etag);
    await other.recommendations.claim(String(added?.name), "me");
    expect(await simulator.recommendations.list(PROJECT, REGION)).toMatchObject([
      { state: "CLAIMED", stateMetadata: { "claimed-by": "me" } },
    ]);
  });

  it("refuse what the controls here refuse", async () => {
    const simulator = await simulatedGcp();
    for (const controls of [simulator, connectGcpSimulator(simulator.url)]) {
      await expect(controls.states.set("unknown", "ACTIVE")).rejects.toThrow(TypeError);
      await expect(controls.recommendations.touch("unknown")).rejects.toThrow(TypeError);
      await expect(controls.recommendations.add({ ...RECOMMENDATION, monthlySaving: "much" })).rejects.toThrow(
        TypeError,
      );
    }
  });

  it("make the same client options", async () => {
    const simulator = await simulatedGcp();
    const other = connectGcpSimulator(simulator.url);
    expect(other.clientOptions(PROJECT)).toEqual(simulator.clientOptions(PROJECT));
  });
});

describe("an option", () => {
  it.each<[string, unknown]>([
    ["that is out of range", { operationMs: -1 }],
    ["that is none of the choices", { activation: "later" }],
    ["that permits in an unknown way", { principals: { me: { roles: [] } } }],
    ["that recommends nothing", { recommendations: [{ ...RECOMMENDATION, resources: [] }] }],
  ])("%s is a TypeError", async (_what, options) => {
    await expect(startGcpSimulator(options as GcpSimulatorOptions)).rejects.toThrow(TypeError);
  });
});

describe("client options", () => {
  it("name the principal and whether errors are thrown", async () => {
    const simulator: ConnectedGcpSimulator = await simulatedGcp();
    const { hostname, port } = new URL(simulator.url);
    const { credentials, ...options } = simulator.clientOptions(PROJECT, { principal: "me@example.com" });
    expect(options).toEqual({
      apiEndpoint: hostname,
      port: Number(port),
      protocol: "http",
      fallback: true,
      projectId: PROJECT,
      scopes: [],
    });
    expect(credentials.client_email).toBe("me@example.com");
    const silent = simulator.clientOptions(PROJECT, { auth: "grpc-codes" });
    expect(silent.credentials.client_email).toBe(`simulator@${PROJECT}.iam.gserviceaccount.com`);
    expect(silent.clientOptions?.transporterOptions.validateStatus()).toBe(true);
  });

  it.each(["", "p", "Capital-project", "ends-with-", "1-project"])(
    "are refused for the project %j",
    async (project) => {
      const simulator = await simulatedGcp();
      expect(() => simulator.clientOptions(project)).toThrow(TypeError);
    },
  );
});
