import { CreateSavingsPlanCommand } from "@aws-sdk/client-savingsplans";
import { expect, test } from "vitest";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { savingsPlans } from "../../../src/providers/aws/services/savings-plans.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { planRequest, plansClient, seen, simulated } from "./simulated-line.js";

const MINUTE = 60_000;
const CREATE = "CreateSavingsPlan";

test("a plan that somebody buys by hand is not adopted while the line's own request may still land", async () => {
  const clock = manualClock(Date.now());
  const cloud = await simulated({ clock, maxClockSkewMs: 15 * MINUTE });
  const client = plansClient(cloud);
  const store = memoryStore({ clock });
  const provider = savingsPlans({ clientFor: () => client });
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [provider],
    clock,
    logger: silentLogger,
  });
  const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [planRequest()] });
  await engine.approve(id, { approvedBy: "bob" });
  await cloud.simulator.faults.add({ operation: CREATE, kind: "delay-landing", ms: 10 * MINUTE });
  const doubted = await engine.run(id);
  clock.advance(MINUTE);
  const savingsPlanOfferingId = doubted.lines[0]?.prepared?.reference;
  const byHand = new CreateSavingsPlanCommand({ savingsPlanOfferingId, commitment: "0.5" });
  const { savingsPlanId: theirs } = await client.send(byHand);
  for (let passed = 0; passed < 40 * MINUTE; passed += 2 * MINUTE) {
    clock.advance(2 * MINUTE);
    await cloud.simulator.ledger.purchases();
    await engine.tick();
  }
  const [ours, ...others] = (await cloud.simulator.ledger.purchases()).filter(
    ({ commitmentId }) => commitmentId !== theirs,
  );
  expect(others).toEqual([]);
  expect(await store.get(id)).toMatchObject({
    status: "completed",
    lines: [{ state: "committed", commitment: { commitmentIds: [ours?.commitmentId], adopted: true } }],
  });
  // Theirs and ours.
  expect(await seen(cloud, CREATE)).toHaveLength(2);
});
