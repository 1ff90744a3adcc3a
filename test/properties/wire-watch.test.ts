import { expect, test } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import type { PurchasePermit } from "../../src/providers/purchase-permit.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { CONTRACT, simulatedLine } from "../support/purchase-fixture.js";
import { wireWatch } from "./support/wire-watch.js";

/** One line of a worker at a cloud that knows nothing and sells nothing. */
function watched() {
  const clock = manualClock();
  const watch = wireWatch(memoryStore({ clock }), clock, () => false);
  const cloud = {
    service: "custom.simulated",
    idempotency: CONTRACT.native,
    lookup: async () => undefined,
    prepare: async () => ({ reference: "r", detail: {} }),
    async purchase(_, { beforeWire }) {
      beforeWire();
      return { kind: "unknown", reason: "nothing came back" };
    },
  } as CommitmentProvider;
  const provider = watch.over(cloud, "w1");
  const contextOf = (signal: AbortSignal) => ({ signal, logger: silentLogger, now: 0, lineageAttempt: 1 });
  const permit = { token: "t", attempt: 1, submittedAt: clock.now() } as unknown as PurchasePermit;
  return {
    lookup: (signal: AbortSignal) => provider.lookup(simulatedLine(), "t", contextOf(signal)),
    send: () => provider.purchase(permit, { ...contextOf(new AbortController().signal), beforeWire() {} }),
    wasAborted: async () => (await watch.passages()).map(({ aborted }) => aborted),
  };
}

// Found by seed 1006682239 of the double-purchase property.
test("a lookup of a call that has ended, and that comes late, says nothing of the call that sends", async () => {
  const { lookup, send, wasAborted } = watched();
  await lookup(new AbortController().signal);
  await lookup(AbortSignal.abort());
  await send();
  expect(await wasAborted()).toEqual([false]);
});

test("what is sent after the abort of its call is seen", async () => {
  const { lookup, send, wasAborted } = watched();
  const call = new AbortController();
  await lookup(call.signal);
  call.abort();
  await send();
  expect(await wasAborted()).toEqual([true]);
});
