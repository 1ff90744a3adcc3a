import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import { CONTRACT, purchaseFixture, SETTLE_WAIT_MS, simulatedLine } from "../support/purchase-fixture.js";

type Provider = CommitmentProvider<CustomRequest>;

const LOST_REPLY = { purchases: [{ kind: "lost-reply" }] } as const;

describe("a line in doubt that was prepared without a lane", () => {
  test("is not taken for absent by its token alone where the provider dedupes nothing today", async () => {
    const { clock, store, cloud, another, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    // As an earlier version of the provider declared and prepared it.
    const before: Provider = {
      ...cloud.provider,
      idempotency: { ...CONTRACT.native, windowMs: 0 },
      prepare: async () => ({ reference: "offering" }),
    };
    const id = await approved();
    await another({ providers: [before] }).run(id);
    const engine = another();
    for (let round = 0; round < 4; round += 1) {
      clock.advance(SETTLE_WAIT_MS + 1);
      await engine.tick();
    }
    expect(cloud.requests()).toHaveLength(1);
    expect(await store.get(id)).toMatchObject({
      status: "completed",
      lines: [{ state: "committed", commitment: { commitmentIds: ["c-1"], adopted: true } }],
    });
  });

  test("is not explained as safe to send again where the provider dedupes nothing today", async () => {
    const { cloud, another, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    const before: Provider = {
      ...cloud.provider,
      idempotency: { ...CONTRACT.native, windowMs: 0 },
      prepare: async () => ({ reference: "offering" }),
    };
    const id = await approved();
    await another({ providers: [before] }).run(id);
    expect((await another().explain(id)).lines[0]?.notAgainBecause).toContain("No dedupe of the cloud is relied on");
  });
});

describe("an adopted commitment whose start the cloud does not state", () => {
  test.each([[2], [1, 1]])("has no start, in parts of %o", async (...quantities) => {
    const { clock, store, cloud, another, approved } = purchaseFixture(CONTRACT.none, LOST_REPLY);
    const startless: Provider = {
      ...cloud.provider,
      inventory: async (request, token, context) => {
        const [item, ...others] = (await cloud.provider.inventory?.(request, token, context)) ?? [];
        if (item === undefined || others.length > 0) throw new Error("one purchase is expected");
        return quantities.map((quantity, part) => ({ commitmentId: `part-${part}`, quantity }));
      },
    };
    const engine = another({ providers: [startless] });
    const id = await approved([simulatedLine()]);
    await engine.run(id);
    clock.advance(SETTLE_WAIT_MS + 1);
    await engine.tick();
    const commitment = (await store.get(id))?.lines[0]?.commitment;
    expect(commitment).toMatchObject({ adopted: true, commitmentIds: quantities.map((_, part) => `part-${part}`) });
    expect(commitment).not.toHaveProperty("startedAt");
  });
});
