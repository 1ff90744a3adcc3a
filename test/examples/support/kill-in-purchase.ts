import { expect, vi } from "vitest";
import { storedExecution } from "./executions.js";
import type { HostWorld } from "./host-world.js";
import type { ExampleProcess } from "./start-example.js";

const PURCHASE = "PurchaseReservedInstancesOffering";

/**
 * Kills an example with SIGKILL in the middle of a purchase: the cloud has sold, and its answer is still on the way.
 *
 * `deliver` gives the example its work. It may fail if it waits for an answer of the process that is killed. `again` is
 * called before each look, as a scheduler would call it: on a busy machine the first attempt may run out of time.
 */
export async function killInPurchase(
  world: HostWorld,
  victim: ExampleProcess,
  deliver: () => Promise<unknown>,
  again: () => Promise<unknown> = async () => {},
): Promise<void> {
  const { cloud } = world;
  await cloud.faults.add({ operation: PURCHASE, kind: "slow-reply", ms: 600_000 });
  let failed: unknown;
  const noteFailure = (thrown: unknown) => {
    failed = thrown;
  };
  const delivered = deliver().catch(noteFailure);
  await vi.waitFor(
    async () => {
      delivered.then(again).catch(noteFailure);
      const state = `the cloud sold nothing; ${failed ? `the delivery failed with ${failed}; ` : ""}the example printed:\n`;
      expect(await cloud.ledger.purchases(), state + victim.output()).toHaveLength(1);
    },
    { timeout: 60_000, interval: 200 },
  );
  await victim.kill();
  // What the kill left behind: a request that may have left, and no word of what became of it.
  expect((await storedExecution(world)).lines).toMatchObject([
    { state: expect.stringMatching(/^(submitting|in_doubt)$/), commitment: null },
  ]);
}
