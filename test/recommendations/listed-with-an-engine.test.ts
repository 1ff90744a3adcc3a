import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import { silentLogger } from "../../src/domain/logger.js";
import type { ReportedRecommendation } from "../../src/domain/recommendation.js";
import type { PurchaseEngineOptions } from "../../src/index.js";
import { createRecommendations } from "../../src/recommendations/recommendations.js";
import { memoryRecommendationStore } from "../../src/stores/memory/memory-recommendation-store.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";
import { scriptedSource } from "./support/scripted-source.js";

const DAY_MS = 86_400_000;

/** A recommendation of simulated commitments of a size, or of one that nobody sells. */
function reported(size: string, sold = true): ReportedRecommendation {
  const line: CustomRequest = simulatedLine({
    offering: { size },
    quantity: 5,
    expectedPrice: { amount: "500", currency: "USD" },
  });
  const { service, account, region, term, payment } = line;
  return {
    ...{ service, account, region, term, payment, lookbackDays: 30, variant: null, subject: { size } },
    ...{ title: `5 x ${size}`, figures: {}, evidence: {}, generatedAt: null },
    offer: sold ? { kind: "line", line, unitPrices: [] } : { kind: "not_purchasable", reason: "Nobody sells it." },
  };
}

/** Recommendations of two sizes and some advice, of which two `m` are open. */
async function world(options: Partial<PurchaseEngineOptions> = {}) {
  const { clock, engine } = purchaseFixture(CONTRACT.native, {}, { overlapWindowMs: DAY_MS, ...options });
  const answer = async () => [reported("m"), reported("s"), reported("x", false)];
  const recommendations = createRecommendations({
    ...{ store: memoryRecommendationStore({ clock }), engine, clock, logger: silentLogger },
    sources: [{ source: scriptedSource("a", () => [{ about: "all", answer }]), accounts: ["acct-1"] }],
  });
  const refresh = await recommendations.refreshRecommendations();
  if (refresh.status === "started") await refresh.finished;
  const basket = await engine.submit({ requestKey: "open", createdBy: "ann", lines: [simulatedLine()] });
  return { basket, recommendations };
}

const sizesIn = ({ recommendations }: { readonly recommendations: readonly ReportedRecommendation[] }) =>
  recommendations.map(({ subject, offer }) => [
    subject["size"],
    offer.kind === "line" ? offer.line.quantity : offer.kind,
  ]);

describe("recommendations whose need is open", () => {
  test("are hidden, and advice is not", async () => {
    const { recommendations } = await world();
    expect(sizesIn(await recommendations.list()).toSorted()).toEqual([
      ["s", 5],
      ["x", "not_purchasable"],
    ]);
  });

  test("are shown with what takes the need, whole or what remains of them", async () => {
    const { basket, recommendations } = await world();
    const shown = await recommendations.list({ taken: "show" });
    expect(sizesIn(shown).toSorted()).toEqual([
      ["m", 5],
      ["s", 5],
      ["x", "not_purchasable"],
    ]);
    const taken = shown.recommendations.flatMap(({ suppressed }) => suppressed?.lines ?? []);
    expect(taken.map(({ executionId }) => executionId)).toEqual([basket.id]);
    expect(sizesIn(await recommendations.list({ taken: "net" })).toSorted()).toEqual([
      ["m", 3],
      ["s", 5],
      ["x", "not_purchasable"],
    ]);
  });

  test("are told to whom the rules of the engine let read", async () => {
    const authorize: PurchaseEngineOptions["authorize"] = ({ verb, actor }) => verb !== "read" || actor.id === "bob";
    const { recommendations } = await world({ authorize });
    expect((await recommendations.list({ taken: "show", readBy: "bob" })).recommendations).toHaveLength(3);
    await expect(recommendations.list({ taken: "show", readBy: "eve" })).rejects.toMatchObject({
      code: "NOT_AUTHORIZED",
    });
  });
});
