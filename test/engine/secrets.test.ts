import { expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { idempotencyGuid, uuidV4Shaped } from "../../src/idempotency/token-formats.js";
import { attemptToken } from "../../src/providers/attempt-token.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";

/** Every form in which a token of the first two attempts may turn up. */
const formsOf = (lineageKey: string): readonly string[] =>
  [1, 2].flatMap((lineageAttempt) => {
    const token = attemptToken(deriveIdempotencyToken(lineageKey, 0), { lineageAttempt });
    return [token, token.slice(0, 40), idempotencyGuid(token), uuidV4Shaped(token)];
  });

test("neither a lineage key nor anything derived from a token leaves the engine, by any verb, event, explanation or error", async () => {
  const { cloud, clock, store, another } = purchaseFixture(CONTRACT.native);
  const leaky = {
    ...cloud.provider,
    async purchase(...[permit]: Parameters<typeof cloud.provider.purchase>) {
      const clientToken = attemptToken(permit.token, { lineageAttempt: 2 });
      const said = `${permit.token} as ${clientToken}, ${uuidV4Shaped(clientToken)} and ${idempotencyGuid(permit.token)}`;
      return permit.attempt === 1
        ? ({ kind: "unknown", reason: `no reply to ${said}` } as const)
        : ({ kind: "rejected", rejection: { code: "Refused", message: said, details: { said } } } as const);
    },
    async prepare(...[, token]: Parameters<typeof cloud.provider.prepare>) {
      return { reference: "offering", detail: { clientToken: attemptToken(token, { lineageAttempt: 2 }) } };
    },
  };
  const engine = another({ providers: [leaky] });
  const seen: unknown[] = [];
  const keep = async <Value>(value: Promise<Value>): Promise<Value> => {
    seen.push(
      await value.catch((error: unknown) => [
        String(error),
        JSON.stringify(error),
        JSON.stringify((error as { current?: unknown }).current),
      ]),
    );
    return value;
  };
  const { id } = await keep(engine.submit({ requestKey: "k", createdBy: "ann", lines: [simulatedLine()] }));
  const stored = await store.get(id);
  if (stored === undefined) throw new Error("nothing is stored");
  await keep(engine.pause(id, { pausedBy: "ann" }));
  await keep(engine.resume(id, { resumedBy: "ann" }));
  await keep(engine.approve(id, { approvedBy: "bob" }));
  await keep(engine.run(id));
  await keep(engine.explain(id));
  await keep(engine.resolve(id, 0, { outcome: "rejected", evidence: { note: "no" }, resolvedBy: "carol" })).catch(
    () => undefined,
  );
  await keep(engine.cancel(id, { canceledBy: "ann" }));
  clock.advance(SETTLE_WAIT_MS + 1);
  await keep(engine.resolve(id, 0, { outcome: "rejected", evidence: { note: "no" }, resolvedBy: "carol" }));
  await keep(engine.cancel(id, { canceledBy: "ann" })).catch(() => undefined);
  const { id: second } = await keep(engine.retry(id, { requestedBy: "dan" }));
  await keep(engine.retry(id, { requestedBy: "dan" })).catch(() => undefined);
  await keep(engine.approve(second, { approvedBy: "bob" }));
  await keep(engine.run(second));
  await keep(engine.history());
  for (const one of [id, second]) {
    await keep(engine.events(one));
    await keep(engine.explain(one));
  }
  const text = JSON.stringify(seen);
  expect(text).not.toContain(stored.lineageKey);
  expect(text).toContain("lineageId");
  for (const form of formsOf(stored.lineageKey)) expect(text.toLowerCase()).not.toContain(form);
});
