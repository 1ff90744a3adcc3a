/**
 * A process with nothing to do but to wait for an execution that nobody brings on, and with garbage collected all the
 * while. Prints what becomes of the wait, and what a run did whose time is over in the middle of a slow look at the cloud.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../../src/domain/clock.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { CONTRACT, simulatedLine } from "../../support/purchase-fixture.js";
import { UNGUARDED } from "../../support/unguarded.js";

const cloud = simulatedCloud({ contract: CONTRACT.native, clock: systemClock });
const lookup = async (...call: Parameters<typeof cloud.provider.lookup>) => {
  await sleep(800);
  return cloud.provider.lookup(...call);
};
const engine = createPurchaseEngine({
  ...UNGUARDED,
  store: memoryStore(),
  providers: [{ ...cloud.provider, lookup }],
  logger: silentLogger,
});
const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [simulatedLine()] });
await engine.approve(id, { approvedBy: "bob" });
// A timer that does not keep the process alive.
setInterval(() => globalThis.gc?.(), 20).unref();

const waited = await engine.waitUntilSettled(id, { timeoutMs: 400 }).catch(({ code }) => code);
await engine.run(id, { within: 300, signal: new AbortController().signal });
console.log(JSON.stringify({ waited, sent: cloud.requests().length }));
