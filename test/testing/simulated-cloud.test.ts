import { describe, expect, test } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { laneOf, type PurchaseFault, simulatedCloud } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const ANSWERS: readonly (readonly [PurchaseFault, string])[] = [
  [{ kind: "none" }, "committed"],
  [{ kind: "split" }, "committed"],
  [{ kind: "lost-reply" }, "unknown"],
  [{ kind: "lost-request" }, "unknown"],
  [{ kind: "late-landing", ms: 1_000 }, "unknown"],
  [{ kind: "throttled" }, "not_now"],
  [{ kind: "rejected" }, "rejected"],
];

describe("simulatedCloud", () => {
  test.each(ANSWERS)(
    "tells of a request that met %o in which lane it was and what came back",
    async (fault, answer) => {
      const { cloud, engine, approved } = purchaseFixture(CONTRACT.none);
      cloud.strike(fault);
      await engine.run(await approved());
      expect(cloud.requests()).toMatchObject([{ lane: laneOf(simulatedLine()), answer }]);
    },
  );

  test("tells of a request that came too late that it was rejected", async () => {
    const clock = manualClock();
    const frozen = async () => clock.advance(CONTRACT.none.maxRequestLifetimeMs + 1);
    const cloud = simulatedCloud({ contract: CONTRACT.none, clock, onWire: frozen });
    const store = memoryStore({ clock });
    const engine = createPurchaseEngine({ store, providers: [cloud.provider], clock, logger: silentLogger });
    const { id } = await engine.submit({ requestKey: "late", createdBy: "ann", lines: [simulatedLine()] });
    await engine.approve(id, { approvedBy: "bob" });
    await engine.run(id);
    expect(cloud.requests()).toMatchObject([{ answer: "rejected" }]);
    expect(cloud.ledger()).toEqual([]);
  });
});

describe("laneOf", () => {
  test("is the same whatever the order of the offering's keys", () => {
    const one = simulatedLine({ offering: { order: 1, line: 2 } });
    expect(laneOf(simulatedLine({ offering: { line: 2, order: 1 } }))).toBe(laneOf(one));
    expect(laneOf(simulatedLine({ offering: { order: 2, line: 1 } }))).not.toBe(laneOf(one));
  });
});
