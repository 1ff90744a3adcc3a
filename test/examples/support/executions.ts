import { expect, vi } from "vitest";
import type { Execution } from "../../../src/domain/execution.js";
import { BASKET } from "./basket.js";
import type { HostWorld } from "./host-world.js";

/** The execution of the basket. There may be no other. */
export async function storedExecution({ store }: Pick<HostWorld, "store">): Promise<Execution> {
  const { executions } = await store.history({ limit: 10 });
  expect(executions.map(({ requestKey }) => requestKey)).toEqual([BASKET.requestKey]);
  return executions[0] as Execution;
}

/**
 * Waits until the basket is bought, and judges by the cloud's own ledger: each line exactly once, under the ids that
 * the execution records.
 *
 * `again` is called before each look, as a scheduler would call it.
 */
export async function expectBoughtOnce(
  world: HostWorld,
  again: () => Promise<unknown> = async () => {},
): Promise<void> {
  const look = (check: (execution: Execution) => void) =>
    vi.waitFor(
      async () => {
        await again();
        check(await storedExecution(world));
      },
      { timeout: 60_000, interval: 500 },
    );
  await look(({ status, reason }) => expect(status, `${reason}`).toBe("completed"));
  await expectLedger(world);
  await look(({ lines }) => expect(lines.some(({ needsLabel }) => needsLabel)).toBe(false));
  await expectLedger(world);
}

/** Judges by the cloud's own ledger: every line of the basket was bought exactly once, and is recorded as such. */
export async function expectLedger(world: HostWorld): Promise<void> {
  const purchases = await world.cloud.ledger.purchases();
  expect(purchases.map(({ service, account, region, quantity }) => ({ service, account, region, quantity }))).toEqual(
    BASKET.lines.map(({ service, account, region, quantity }) => ({ service, account, region, quantity })),
  );
  const { lines } = await storedExecution(world);
  expect(lines.flatMap(({ commitment }) => commitment?.commitmentIds ?? [])).toEqual(
    purchases.map(({ commitmentId }) => commitmentId),
  );
}
