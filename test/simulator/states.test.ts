import { expect, it } from "vitest";
import {
  buy,
  buyPlan,
  ec2For,
  listed,
  listedPlans,
  ManualClock,
  savingsPlansFor,
  simulatedAws,
} from "./simulated-aws.js";

it("a state that a test sets is shown from then on, whatever the clock says", async () => {
  const simulator = await simulatedAws({ clock: new ManualClock(), paymentPendingMs: 1000 });
  const [ec2, savingsPlans] = [ec2For(simulator), savingsPlansFor(simulator)];
  const [reserved, plan] = [await buy(ec2), await buyPlan(savingsPlans)];
  await simulator.states.set(reserved, "under-review");
  await simulator.states.set(plan, "under-review");
  await simulator.clock.advance(1000);
  expect(await listed(ec2)).toMatchObject([{ State: "under-review" }]);
  expect(await listedPlans(savingsPlans)).toMatchObject([{ state: "under-review" }]);
  expect(await simulator.ledger.purchases()).toMatchObject([{ state: "under-review" }, { state: "under-review" }]);
  await simulator.states.set(plan, "active");
  expect(await listedPlans(savingsPlans, { states: ["active"] })).toMatchObject([{ savingsPlanId: plan }]);
});

it("an id that nothing was bought under has no state to set", async () => {
  const simulator = await simulatedAws();
  await expect(simulator.states.set("unknown", "active")).rejects.toThrow(TypeError);
});
