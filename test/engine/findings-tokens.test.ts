import { describe, expect, test } from "vitest";
import type { BuyonceError } from "../../src/domain/errors.js";
import type { PurchaseContext, PurchaseOutcome } from "../../src/providers/commitment-provider.js";
import type { PurchasePermit } from "../../src/providers/purchase-permit.js";
import { CONTRACT, purchaseFixture } from "../support/purchase-fixture.js";

describe("a token", () => {
  test.each(["native", "none", "minted"] as const)("stands in no event of a purchase under %s", async (kind) => {
    const { engine, cloud, approved } = purchaseFixture(CONTRACT[kind]);
    const id = await approved();
    await engine.run(id);
    expect(JSON.stringify(await engine.events(id))).not.toContain(cloud.ledger()[0]?.token);
  });

  test("is masked in whatever a provider's errors say of it, in events, errors and the log", async () => {
    const logged: unknown[] = [];
    const log = (...words: unknown[]) => void logged.push(words);
    const fixture = purchaseFixture(CONTRACT.native, {}, { logger: { info: log, warn: log, error: log } });
    const seen = { token: "" };
    const talkative = {
      ...fixture.cloud.provider,
      async purchase(permit: PurchasePermit, context: PurchaseContext): Promise<PurchaseOutcome> {
        context.beforeWire();
        seen.token = permit.token;
        throw new Error(`socket hang up for clientToken=${permit.token}`);
      },
    };
    const engine = fixture.another({ providers: [talkative] });
    const id = await fixture.approved();
    const execution = await engine.run(id);
    const refusal = await engine.retry(id, { requestedBy: "dan" }).catch((thrown: unknown) => thrown);
    for (const told of [
      await engine.events(id),
      await engine.explain(id),
      execution.lines[0]?.doubt,
      execution.reason,
      refusal,
    ])
      expect(JSON.stringify(told)).not.toContain(seen.token);
    expect(JSON.stringify(logged)).not.toContain(seen.token);
    expect(execution.lines[0]?.doubt?.reason).toContain(`${seen.token.slice(0, 8)}...`);
  });

  test("cannot be derived from an error that is written to a log", async () => {
    const { engine, store, approved } = purchaseFixture(CONTRACT.native);
    const id = await approved();
    const error = await engine.retry(id, { requestedBy: "dan" }).catch((thrown: BuyonceError) => thrown);
    expect(error).toMatchObject({ current: { id } });
    expect(JSON.stringify(error)).not.toContain((await store.get(id))?.lineageKey);
  });
});
