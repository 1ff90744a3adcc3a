import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const MINUTE = 60_000;

/** A cloud whose labels hold for none of these commitments; `tries` holds what was tried. */
function refusingLabels(...ids: readonly string[]) {
  const fixture = purchaseFixture(CONTRACT.none);
  const tries: string[] = [];
  const provider: CommitmentProvider<CustomRequest> = {
    ...fixture.cloud.provider,
    async label(commitment, token, context) {
      const [id = ""] = commitment.commitmentIds;
      tries.push(id);
      if (ids.includes(id)) throw new Error("beside the held purchase c-1 there wait c-9, which nobody labeled");
      await fixture.cloud.provider.label?.(commitment, token, context);
      return undefined;
    },
  };
  return { ...fixture, engine: fixture.another({ providers: [provider] }), tries };
}

describe("a label that never holds", () => {
  test("is tried, and its failure written down, every few minutes and not by every tick", async () => {
    const { clock, engine, approved, tries } = refusingLabels("c-1");
    const id = await approved();
    await engine.run(id);
    for (let round = 0; round < 60; round += 1) {
      clock.advance(MINUTE);
      await engine.tick();
    }
    expect(tries.length).toBeGreaterThan(5);
    expect(tries.length).toBeLessThan(20);
    const troubles = (await engine.events(id)).filter(({ kind }) => kind === "attempt_failed");
    expect(troubles.length).toBeLessThan(20);
  });

  test("is explained with its cause, and no longer once it holds", async () => {
    const { clock, engine, another, approved } = refusingLabels("c-1");
    const id = await approved();
    await engine.run(id);
    clock.advance(MINUTE);
    await engine.tick();
    const [line] = (await engine.explain(id)).lines;
    expect(line?.next).toContain("LABEL_FAILED");
    expect(line?.next).toContain("c-9, which nobody labeled");
    clock.advance(10 * MINUTE);
    await another().tick();
    expect((await engine.explain(id)).lines[0]?.next).toBe("Nothing.");
  });
});

test("a label that finds the commitment of another line is reported, not silently tried for ever", async () => {
  const { clock, cloud, store, another, approved } = purchaseFixture(CONTRACT.none);
  const mistaken: CommitmentProvider<CustomRequest> = {
    ...cloud.provider,
    label: async ({ commitmentIds: [id = ""] }) => ({ commitmentIds: [id === "c-2" ? "c-1" : id] }),
  };
  const engine = another({ providers: [mistaken] });
  await engine.run(await approved());
  const second = await approved([simulatedLine({ offering: { size: "l" } })]);
  await engine.run(second);
  clock.advance(MINUTE);
  await engine.tick();
  expect((await store.get(second))?.lines[0]).toMatchObject({
    needsLabel: true,
    commitment: { commitmentIds: ["c-2"] },
  });
  const [trouble] = (await engine.events(second)).filter(({ kind }) => kind === "attempt_failed");
  expect(trouble?.reason).toContain("c-1");
  expect(trouble?.reason).toContain("another line");
});

test("labeling tells the provider which commitments belong to other lines", async () => {
  const { cloud, another, approved } = purchaseFixture(CONTRACT.none);
  const told: ReadonlySet<string>[] = [];
  const asking: CommitmentProvider<CustomRequest> = {
    ...cloud.provider,
    async label(_commitment, _token, { claimedByOthers }) {
      told.push((await claimedByOthers?.(["c-1", "c-2", "c-3"])) ?? new Set());
      return undefined;
    },
  };
  const engine = another({ providers: [asking] });
  await engine.run(await approved());
  await engine.run(await approved([simulatedLine({ offering: { size: "l" } })]));
  expect(told).toEqual([new Set(), new Set(["c-1"])]);
});
