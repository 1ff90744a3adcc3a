import { expect, test } from "vitest";
import { onEachStore, QUICK } from "./support/on-each-store.js";

/** A later version of the same provider, whose authors thought that requests live for a shorter time. */
const SHORTER = { ...QUICK.none, maxRequestLifetimeMs: 200, visibilityLagMs: 100 };

onEachStore((open) => {
  test("a request is waited for by the bounds of the version that sent it, not by those of the one that asks", async () => {
    const { cloud, store, engine, another, approved, pass, settle } = await open(QUICK.none, {
      purchases: [{ kind: "late-landing", ms: 1_400 }],
    });
    const newer = another({ providers: [cloud.providerUnder(SHORTER)], worker: "w2" });
    const id = await approved();
    await engine.run(id);
    expect((await store.get(id))?.lines[0]?.sentUnder).toEqual(QUICK.none);
    await pass(600);
    await newer.run(id);
    expect((await store.get(id))?.lines[0]?.state).toBe("in_doubt");
    await settle();
    await newer.run(id);
    expect(await store.get(id)).toMatchObject({ status: "completed", lines: [{ sentUnder: null }] });
    expect(cloud.requests()).toHaveLength(1);
    expect(cloud.ledger()).toHaveLength(1);
  });
});
