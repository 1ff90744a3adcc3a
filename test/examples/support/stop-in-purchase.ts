import { expect, vi } from "vitest";
import { expectLedger, storedExecution } from "./executions.js";
import type { HostWorld } from "./host-world.js";
import type { ExampleProcess } from "./start-example.js";
import { TIME_LIMITS } from "./time-limits.js";

/** How long the cloud's answer is on the way: long enough that a process without a graceful end dies before. */
const ANSWER_AFTER_MS = 4_000;

/** Settings of an example whose time limits leave room for the slow answer of {@link stopInPurchase}. */
export const patient = ({ settings }: HostWorld): HostWorld["settings"] => ({
  ...settings,
  TIME_LIMITS: JSON.stringify({
    engine: { ...TIME_LIMITS.engine, leaseMs: 120_000, lineTimeoutMs: 30_000, sendWithinMs: 15_000 },
    provider: { ...TIME_LIMITS.provider, timing: { ...TIME_LIMITS.provider.timing, maxRequestLifetimeMs: 60_000 } },
  }),
});

/**
 * Sends an example SIGTERM in the middle of a purchase: the cloud has sold, and its answer is still on the way. The
 * process must end by itself, and must have recorded the purchase by then.
 *
 * `deliver` gives the example its work. It may fail. `beforeSignal` is called before SIGTERM is sent. Start the example with the settings
 * of {@link patient}.
 */
export async function stopInPurchase(
  world: HostWorld,
  example: ExampleProcess,
  deliver: () => Promise<unknown>,
  beforeSignal: () => void = () => {},
): Promise<void> {
  const { cloud } = world;
  await cloud.faults.add({
    operation: "PurchaseReservedInstancesOffering",
    kind: "slow-reply",
    ms: ANSWER_AFTER_MS,
  });
  const delivered = deliver().catch(() => {});
  await vi.waitFor(async () => expect(await cloud.ledger.purchases(), example.output()).toHaveLength(1), {
    timeout: 60_000,
    interval: 50,
  });
  expect((await storedExecution(world)).lines).toMatchObject([{ state: "submitting" }]);
  beforeSignal();
  process.kill(example.pid, "SIGTERM");
  await example.ended();
  await delivered;
  expect(await storedExecution(world)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
  await expectLedger(world);
}
