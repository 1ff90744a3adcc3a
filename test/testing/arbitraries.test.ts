import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CommitmentRequest,
  parseCommitmentRequests,
} from "../../src/domain/commitment-request/commitment-request.js";
import { isBuyonceError } from "../../src/domain/errors.js";
import { silentLogger } from "../../src/domain/logger.js";
import { decimalSchema, isPositive, moneySchema } from "../../src/domain/money.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { arbitraries } from "../../src/testing/arbitraries.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { CONTRACT } from "../support/purchase-fixture.js";

const kit = arbitraries(fc);
const SEED = Number(process.env.BUYONCE_SEED);

/** An engine that can buy the lines given from a cloud in memory. */
function engineFor(lines: readonly CommitmentRequest[]): PurchaseEngine {
  const clock = manualClock();
  const { provider } = simulatedCloud({ contract: CONTRACT.none, clock });
  const providers = [...new Set(lines.map(({ service }) => service))].map(
    (service): CommitmentProvider => ({ ...(provider as CommitmentProvider), service }),
  );
  return createPurchaseEngine({ store: memoryStore({ clock }), providers, clock, logger: silentLogger });
}

describe("arbitraries", () => {
  test.each(Object.entries(kit.requests))("requests of %s parse to themselves", (service, request) => {
    fc.assert(
      fc.property(request, (drawn) => {
        expect(parseCommitmentRequests([drawn])).toEqual([drawn]);
        if (service !== "custom") expect(drawn.service).toBe(service);
      }),
      { numRuns: 500 },
    );
  });

  test.each(Object.entries(kit.requests))("requests of %s shrink to a small plain one", (_, request) => {
    const { counterexample } = fc.check(
      fc.property(request as fc.Arbitrary<CommitmentRequest>, (drawn) => "term" in drawn && drawn.term === "3yr"),
      { seed: SEED, numRuns: 1_000 },
    );
    const [smallest] = counterexample ?? [];
    expect(smallest?.quantity).toBe(1);
    expect(smallest).not.toHaveProperty("priceTolerancePercent");
    expect(smallest).not.toHaveProperty("holdMs");
  });

  test("the requests reach every optional field and contradiction that a service has", () => {
    const drawn = fc.sample(kit.request, { seed: SEED, numRuns: 2_000 });
    const fields = new Set(drawn.flatMap((request) => Object.keys(request)));
    for (const field of ["availabilityZone", "holdMs", "upfrontAmount", "instanceFamily", "instanceFlexibility"])
      expect(fields).toContain(field);
    for (const field of ["existingReservations", "recommendation", "renew", "autoRenew", "priceTolerancePercent"])
      expect(fields).toContain(field);
    expect(new Set(drawn.map(({ service }) => service.replace(/^custom\..*/, "custom"))).size).toBe(
      Object.keys(kit.requests).length,
    );
  });

  test("an engine takes every submission, and the same one again for the same", async () => {
    await fc.assert(
      fc.asyncProperty(kit.submission, async (submission) => {
        const engine = engineFor(submission.lines);
        const { id, requestKey, lines } = await engine.submit(submission);
        expect(requestKey).toBe(submission.requestKey);
        expect(lines.map(({ request }) => request)).toEqual(submission.lines);
        expect((await engine.submit(structuredClone(submission))).id).toBe(id);
      }),
    );
  });

  test("a simulated cloud sells every line of its own service, whatever its contract and faults", async () => {
    await fc.assert(
      fc.asyncProperty(
        kit.simulatedRequest,
        kit.contract,
        kit.simulatedFaults,
        async (request, contract, { listingLagsMs = [], ...faults }) => {
          const clock = manualClock();
          const cloud = simulatedCloud({ contract, clock, faults: { ...faults, listingLagsMs } });
          const engine = createPurchaseEngine({
            store: memoryStore({ clock }),
            providers: [cloud.provider],
            clock,
            logger: silentLogger,
          });
          const { id } = await engine.submit({ requestKey: "r-1", createdBy: "ann", lines: [request] });
          await engine.approve(id, { approvedBy: "bob" });
          await engine.run(id);
          expect(new Set(cloud.ledger().map(({ requestId }) => requestId)).size).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test("money is what the library reads, prices are positive", () => {
    fc.assert(
      fc.property(kit.money, kit.price, (money, price) => {
        expect(moneySchema().parse(money)).toEqual(money);
        expect(decimalSchema().safeParse(price.amount).success && isPositive(price.amount)).toBe(true);
      }),
    );
  });

  test("hard texts are refused as request keys or kept as they are", async () => {
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(kit.hardText, kit.simulatedRequest, async (requestKey, line) => {
        const engine = engineFor([line]);
        const outcome = await engine.submit({ requestKey, createdBy: "ann", lines: [line] }).then(
          (execution) => {
            expect(execution.requestKey).toBe(requestKey);
            return "kept";
          },
          (error: unknown) => {
            if (!isBuyonceError(error, "INVALID_REQUEST")) throw error;
            return "refused";
          },
        );
        outcomes.add(outcome);
      }),
      { numRuns: 300 },
    );
    expect([...outcomes].sort()).toEqual(["kept", "refused"]);
  });
});
