import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { cloudWith } from "./named-cloud.js";
import { NAMED_SERVICES } from "./named-services.js";

/** A store that refuses every try to record a commitment under its fence, so that it is recorded as late evidence. */
const refusingCommitments = (store: ExecutionStore): ExecutionStore => ({
  ...store,
  async commit(change) {
    if (change.event.kind === "committed") throw new Error("the connection was lost");
    return store.commit(change);
  },
});

describe.each(NAMED_SERVICES)("a name of $service that derives from the token", (service) => {
  test("stands whole in the line and masked in the trail, also where its purchase is late evidence", async () => {
    const clock = manualClock(Date.now());
    const { provider } = await cloudWith(service, { clock });
    const store = memoryStore({ clock });
    const engine = createPurchaseEngine({
      ...UNGUARDED,
      store: refusingCommitments(store),
      providers: [provider],
      clock,
      logger: silentLogger,
    });
    const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [service.request] });
    const { lineageKey = "" } = (await store.get(id)) ?? {};
    await engine.approve(id, { approvedBy: "bob" });
    await engine.run(id);
    const shown = deriveIdempotencyToken(lineageKey, 0).slice(0, 40);
    expect((await store.get(id))?.lines[0]?.commitment?.commitmentIds).toEqual([`buyonce-${shown}`]);
    const events = await engine.events(id);
    expect(events.map(({ kind }) => kind)).toContain("late_evidence");
    expect(JSON.stringify(events)).not.toContain(shown);
  });
});
