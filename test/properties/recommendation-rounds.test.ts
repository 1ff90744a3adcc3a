import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import { isBuyonceError } from "../../src/domain/errors.js";
import { silentLogger } from "../../src/domain/logger.js";
import type { ReportedRecommendation } from "../../src/domain/recommendation.js";
import type { RecommendationSource } from "../../src/providers/recommendation-source.js";
import { chooseRecommendations } from "../../src/recommendations/choose-recommendations.js";
import { createRecommendations } from "../../src/recommendations/recommendations.js";
import { toLine } from "../../src/recommendations/to-line.js";
import { memoryRecommendationStore } from "../../src/stores/memory/memory-recommendation-store.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

/*
 * Programs that buy what is recommended without asking anybody, while purchases are in flight, replies are lost, and the
 * cloud computes its recommendations hours after what they speak of. The oracle is the ledger of the simulated cloud.
 */

const RUNS = Number(process.env.BUYONCE_SCHEDULES ?? 60);
const SIZES = ["s", "m", "l"] as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Act =
  | { readonly kind: "compute" | "collect" | "tick" }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "propose"; readonly fault: "lost-request" | "lost-reply" | undefined; readonly runs: boolean };

const actArbitrary: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("compute", "collect", "tick") }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(60_000, HOUR_MS, DAY_MS) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("propose" as const),
      fault: fc.constantFrom(undefined, "lost-request" as const, "lost-reply" as const),
      runs: fc.boolean(),
    }),
  },
);

type Usage = Readonly<Record<(typeof SIZES)[number], number>>;
const usageArbitrary: fc.Arbitrary<Usage> = fc.record({ s: fc.nat(4), m: fc.nat(4), l: fc.nat(4) });

/** How a program reads recommendations. */
type Taken = "hide" | "net";

function world(usage: Usage, contract: keyof typeof CONTRACT, taken: Taken) {
  const purchases = purchaseFixture(CONTRACT[contract], {}, { overlapWindowMs: DAY_MS });
  const { clock, cloud, engine } = purchases;
  const sizeOf = (offering: string): string => SIZES.find((size) => offering.includes(`"${size}"`)) ?? "";
  const bought = (): Record<string, number> => {
    const sums: Record<string, number> = {};
    for (const { offering, quantity } of cloud.ledger())
      sums[sizeOf(offering)] = (sums[sizeOf(offering)] ?? 0) + quantity;
    return sums;
  };
  let computed = { at: clock.now(), bought: bought() };
  const report = (size: keyof Usage): ReportedRecommendation | undefined => {
    const quantity = usage[size] - (computed.bought[size] ?? 0);
    if (quantity <= 0) return undefined;
    const expectedPrice = { amount: String(quantity * 100), currency: "USD" };
    const line = simulatedLine({ offering: { size }, quantity, expectedPrice });
    const { service, account, region, term, payment } = line;
    return {
      ...{ service, account, region, term, payment, lookbackDays: 30, variant: null, subject: { size } },
      ...{ title: `${quantity} x ${size}`, figures: {}, evidence: {}, generatedAt: computed.at },
      offer: { kind: "line", line, unitPrices: [{ term, payment, price: { amount: "100", currency: "USD" } }] },
    };
  };
  const source: RecommendationSource = {
    name: "simulated",
    parts: () => [{ about: "all", collect: async () => SIZES.flatMap((size) => report(size) ?? []) }],
    faultOf: () => ({ kind: "unreadable" }),
  };
  const recommendations = createRecommendations({
    ...{ store: memoryRecommendationStore({ clock }), engine, clock, logger: silentLogger },
    sources: [{ source, accounts: ["acct-1"] }],
  });
  let proposals = 0;
  const self = {
    bought,
    async act(act: Act): Promise<void> {
      if (act.kind === "compute") computed = { at: clock.now(), bought: bought() };
      if (act.kind === "collect") await self.collect();
      if (act.kind === "tick") await engine.tick();
      if (act.kind === "wait") clock.advance(act.ms);
      if (act.kind === "propose") await self.propose(act.fault, act.runs);
    },
    async collect(): Promise<void> {
      const refresh = await recommendations.refreshRecommendations();
      if (refresh.status === "started") await refresh.finished;
    },
    async propose(fault?: "lost-request" | "lost-reply", runs = true): Promise<void> {
      const listed = (await recommendations.list({ taken })).recommendations;
      const chosen = chooseRecommendations(listed, { terms: ["1yr"], payments: ["no_upfront"] });
      const lines = chosen.map((recommendation): CustomRequest => {
        const allowOverlap = taken === "net" ? { allowOverlap: { reason: "the rest of what is recommended" } } : {};
        const result = toLine(recommendation, allowOverlap);
        assert.ok(result.kind === "line");
        return result.line as CustomRequest;
      });
      if (lines.length === 0) return;
      proposals += 1;
      try {
        const { id } = await engine.submit({ requestKey: `proposal-${proposals}`, createdBy: "program", lines });
        await engine.approve(id, { approvedBy: "program" });
        if (fault !== undefined) cloud.strike({ kind: fault });
        if (runs) await engine.run(id);
      } catch (thrown) {
        // The guard stands in for what another program has just bought.
        assert.ok(isBuyonceError(thrown) && thrown.code === "NEED_ALREADY_COVERED", String(thrown));
      }
    },
    /** Lets everything come to its end, and buys what is then still recommended. */
    async settle(): Promise<void> {
      for (let round = 0; round < 6; round += 1) {
        cloud.heal();
        for (let turn = 0; turn < 4; turn += 1) {
          clock.advance(HOUR_MS);
          await engine.tick();
        }
        clock.advance(DAY_MS);
        await self.act({ kind: "compute" });
        await self.collect();
        await self.propose();
      }
    },
  };
  return self;
}

const contracts = Object.keys(CONTRACT) as (keyof typeof CONTRACT)[];

describe.each(["hide", "net"] as const)("programs that %s what is taken", (taken) => {
  test("buy what is used and never more, in any number of rounds", async () => {
    await fc.assert(
      fc.asyncProperty(
        usageArbitrary,
        fc.constantFrom(...contracts),
        fc.array(actArbitrary, { maxLength: 25 }),
        async (usage, contract, acts) => {
          const { act, bought, settle } = world(usage, contract, taken);
          const neverMore = (): void => {
            for (const size of SIZES)
              assert.ok((bought()[size] ?? 0) <= usage[size], `${size}: used ${usage[size]}, bought ${bought()[size]}`);
          };
          for (const one of acts) {
            await act(one);
            neverMore();
          }
          await settle();
          neverMore();
          for (const size of SIZES) assert.equal(bought()[size] ?? 0, usage[size], `${size} in the end`);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

test("two programs that propose at once buy once", async () => {
  await fc.assert(
    fc.asyncProperty(usageArbitrary, fc.constantFrom(...contracts), async (usage, contract) => {
      const { collect, propose, bought, settle } = world(usage, contract, "hide");
      await collect();
      await Promise.all([propose(), propose()]);
      await settle();
      for (const size of SIZES) assert.equal(bought()[size] ?? 0, usage[size]);
    }),
    { numRuns: Math.ceil(RUNS / 5) },
  );
});
