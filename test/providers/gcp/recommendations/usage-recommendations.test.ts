import type { GcpSimulator, ResourceUsage } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { CommitmentRequest } from "../../../../src/domain/commitment-request/commitment-request.js";
import { silentLogger } from "../../../../src/domain/logger.js";
import type { Recommendation } from "../../../../src/domain/recommendation.js";
import { createPurchaseEngine } from "../../../../src/engine/purchase-engine.js";
import type { GcpUsageOptions } from "../../../../src/providers/gcp/recommendations/usage-recommendations.js";
import { gcpUsageRecommendations } from "../../../../src/providers/gcp/recommendations/usage-recommendations.js";
import { chooseRecommendations } from "../../../../src/recommendations/choose-recommendations.js";
import { toLine } from "../../../../src/recommendations/to-line.js";
import { clientOptionsFor } from "../../../../src/simulator/gcp/client-options.js";
import { memoryStore } from "../../../../src/stores/memory/memory-store.js";
import { UNGUARDED } from "../../../support/unguarded.js";
import { PROJECT } from "../compute-line.js";
import { AUTHS, behindFront, clientsOf, json, providerOf, seen, simulated } from "../simulated-line.js";
import { collect, listingClients } from "./simulated-sources.js";

const LIST = "ListRecommendations";
const DENIED = { failures: [{ place: { account: PROJECT }, kind: "denied" }], failureCount: 1 };
const PRICE = { amount: "1000", currency: "USD" };
const REGIONS = ["us-central1", "europe-west1"];
const usageIn = (region: string, more: Partial<ResourceUsage> = {}): ResourceUsage => ({
  ...{ project: PROJECT, region, type: "GENERAL_PURPOSE_E2", vcpu: 4, memoryMb: 16_384 },
  ...more,
});

const using = (usage: readonly ResourceUsage[], options: object = {}) =>
  simulated({ seedRecommendations: false, regions: REGIONS, usage, ...options });

const sourceOf = (simulator: GcpSimulator, options: Partial<GcpUsageOptions> = {}) => {
  const clients = listingClients(simulator);
  return gcpUsageRecommendations({ clientFor: () => clients, ...options });
};

/** A source whose clients send to a server in front of the simulator. */
function sourceAt(url: string) {
  const clients = listingClients({ clientOptions: (...what) => clientOptionsFor(url, ...what) });
  return gcpUsageRecommendations({ clientFor: () => clients, regions: ["us-central1"] });
}

/** Buys what lines say at the simulator, over a store in memory. */
async function bought(
  { simulator, clock }: Awaited<ReturnType<typeof simulated>>,
  lines: readonly CommitmentRequest[],
) {
  const providers = [providerOf(clientsOf(simulator))];
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    ...{ store: memoryStore({ clock }), providers, clock, logger: silentLogger },
  });
  const { id } = await engine.submit({ requestKey: "key", createdBy: "ann", lines });
  await engine.approve(id, { approvedBy: "bob" });
  return engine.run(id);
}

const lineOf = (recommendation: Recommendation) => {
  const made = toLine(recommendation, { expectedPrice: PRICE });
  return made.kind === "line" ? made.line : expect.unreachable(made.reason);
};

describe("usage-based recommendations of Google", () => {
  test("come by region and say what a line buys, at a price that the caller knows", async () => {
    const { simulator } = await using(REGIONS.map((region) => usageIn(region)));
    const priceFor: GcpUsageOptions["priceFor"] = ({ resources }) =>
      resources?.vcpu === undefined ? undefined : PRICE;
    const { recommendations, failures } = await collect(sourceOf(simulator, { priceFor }));
    expect(failures).toEqual([]);
    expect(recommendations.map(({ region }) => region)).toEqual(
      REGIONS.toSorted().flatMap((region) => Array(4).fill(region)),
    );
    const [cores] = recommendations.filter(({ region, term, subject }) => {
      return region === "us-central1" && term === "1yr" && subject["resources"] === "vcpu";
    });
    const shown = await simulator.recommendations.list(PROJECT, "us-central1");
    const { name, etag } = shown.find((one) => cores?.evidence["name"] === one.name) ?? expect.unreachable();
    expect(etag).toMatch(/^".+"$/);
    expect(cores).toMatchObject({
      service: "gcp.compute",
      source: "gcp.usage",
      account: PROJECT,
      payment: "no_upfront",
      subject: { type: "GENERAL_PURPOSE_E2", resources: "vcpu" },
      variant: "LOW_WATERMARK",
      title: "4 vCPUs of GENERAL_PURPOSE_E2",
      offer: {
        kind: "line",
        line: {
          type: "GENERAL_PURPOSE_E2",
          resources: { vcpu: 4 },
          recommendation: { name, etag },
          expectedPrice: PRICE,
        },
        unitPrices: [],
      },
      figures: { monthlySavings: { amount: "22", currency: "USD" } },
      generatedAt: expect.any(Number),
    });
    const memory = recommendations.find(({ subject }) => subject["resources"] === "memory") ?? expect.unreachable();
    expect(toLine(memory)).toMatchObject({ kind: "not_purchasable", reason: expect.stringContaining("no price") });
  });

  test.each(["1yr", "3yr"] as const)("are bought for %s, claimed, and recommended no more", async (term) => {
    const world = await using([usageIn("us-central1")], { seedRecommendations: true, regions: ["us-central1"] });
    const source = sourceOf(world.simulator);
    const { recommendations } = await collect(source);
    const byUsage = recommendations.filter(({ subject }) => !String(subject["resources"]).includes(" "));
    const chosen = chooseRecommendations(byUsage, { terms: [term], payments: ["no_upfront"] });
    const seeded = recommendations.filter((one) => one.term === term && !byUsage.includes(one));
    expect([chosen.length, seeded.length]).toEqual([2, 1]);
    const lines = [...chosen, ...seeded].map(lineOf);
    expect(await bought(world, lines)).toMatchObject({ status: "completed" });
    expect(await world.simulator.ledger.purchases()).toHaveLength(3);
    const { recommendations: left } = await collect(source);
    expect(left.map(({ title }) => title)).toEqual(
      recommendations.filter((one) => one.term !== term && !byUsage.includes(one)).map(({ title }) => title),
    );
    const states = (await world.simulator.recommendations.list(PROJECT, "us-central1")).map(({ state }) => state);
    expect(states.toSorted()).toEqual(["ACTIVE", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
  });

  test.each(AUTHS)("fail as denied, with %s, where the regions may not be listed", async (auth) => {
    const { simulator } = await using([usageIn("us-central1")]);
    await simulator.faults.add({ operation: "ListRegions", kind: "error", code: "PERMISSION_DENIED", status: 403 });
    const clients = listingClients(simulator, { auth });
    const source = gcpUsageRecommendations({ clientFor: () => clients });
    await expect(collect(source)).rejects.toMatchObject({ code: "COLLECTION_FAILED", details: DENIED });
    expect(await seen(simulator, LIST)).toEqual([]);
  });

  test("arrive beside a region that is denied, one whose second page fails, and one whose pages never end", async () => {
    const regions = ["asia-east1", "europe-west1", "us-central1", "us-east1"];
    const { simulator } = await using(
      regions.map((region) => usageIn(region)),
      { emptyPages: true },
    );
    const pageToken = Buffer.from("full-0").toString("base64url");
    const denied = { operation: LIST, kind: "error", code: "PERMISSION_DENIED", status: 403 } as const;
    await simulator.faults.add({ ...denied, match: { region: "asia-east1" } });
    await simulator.faults.add({
      ...denied,
      code: "INVALID_ARGUMENT",
      status: 400,
      match: { region: "europe-west1", params: { pageToken } },
    });
    await simulator.faults.add({ operation: LIST, kind: "repeat-page-token", times: 9, match: { region: "us-east1" } });
    await simulator.faults.add({ operation: LIST, kind: "throttle", times: 2, match: { region: "us-central1" } });
    const { recommendations, failures } = await collect(sourceOf(simulator, { regions }));
    expect(failures.map(({ place: { region }, kind }) => [region, kind])).toEqual([
      ["asia-east1", "denied"],
      ["europe-west1", "refused"],
      ["us-east1", "unreadable"],
    ]);
    expect(new Set(recommendations.map(({ region }) => region))).toEqual(new Set(["us-central1"]));
    expect(await seen(simulator, "ListRegions")).toEqual([]);
  });

  test("of a project that does not answer in time fail, and those of others arrive", async () => {
    const other = "other-project-2";
    const { simulator } = await using([PROJECT, other].map((project) => usageIn("us-central1", { project })));
    await simulator.faults.add({
      operation: LIST,
      kind: "slow-before",
      ms: 3_000,
      times: 9,
      match: { account: other },
    });
    const source = gcpUsageRecommendations({
      clientFor: (project) => listingClients(simulator, { project }),
      regions: ["us-central1"],
    });
    const { recommendations, failures } = await collect(source, [other, PROJECT], {
      requestTimeoutMs: 600,
      attempts: 1,
    });
    expect(failures.map(({ place: { account }, kind }) => [account, kind])).toEqual([[other, "unavailable"]]);
    expect(recommendations.map(({ account }) => account)).toEqual(Array(4).fill(PROJECT));
  });

  test("that are not active are left out even if Google's filter is ignored, and an unknown state fails", async () => {
    const { simulator } = await using([usageIn("us-central1", { vcpu: 0 })]);
    const { front: listed } = await behindFront(simulator);
    await collect(sourceAt(listed.url));
    const [{ request, answer } = expect.unreachable()] = listed.exchanges;
    expect(new URL(request.path, listed.url).searchParams.get("filter")).toBe("stateInfo.state = ACTIVE");
    const { recommendations: [row, other] = [] } = JSON.parse(answer.body) as { recommendations?: object[] };
    let rows: readonly object[] = [];
    const { front } = await behindFront(simulator, () => json(200, { recommendations: rows }));
    const inState = (state: unknown) => ({ ...row, stateInfo: { state } });
    rows = [...["CLAIMED", "SUCCEEDED", 4, "DISMISSED"].map(inState), { ...other }];
    expect((await collect(sourceAt(front.url))).recommendations).toHaveLength(1);
    rows = [{ ...other }, inState(0)];
    await expect(collect(sourceAt(front.url))).rejects.toMatchObject({ code: "COLLECTION_FAILED" });
  });
});
