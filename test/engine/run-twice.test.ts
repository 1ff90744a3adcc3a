import { describe, expect, test } from "vitest";
import { BuyonceError } from "../../src/domain/errors.js";
import type { ExecutionChange, ExecutionStore } from "../../src/store-port/execution-store.js";
import { CONTRACT, type PurchaseFixture, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const turn = () => new Promise(setImmediate);

/** Two baskets of one lane. The second has another line besides, and is run again once the first has freed the lane. */
async function twoBaskets({ engine }: PurchaseFixture) {
  const submit = async (requestKey: string, regions: readonly string[]) => {
    const lines = regions.map((region, at) => simulatedLine({ region, quantity: at + 1 }));
    const { id } = await engine.submit({ requestKey, createdBy: "ann", lines });
    await engine.approve(id, { approvedBy: "bob" });
    return id;
  };
  await submit("holder", ["r2"]);
  return await submit("waiter", ["r1", "r2"]);
}

/** A tick in which the holder keeps the lane until `isLeft` says that the waiter's first run is over. */
function tickWhile({ another, cloud }: PurchaseFixture, store: ExecutionStore, isLeft: () => Promise<boolean>) {
  let isFirst = true;
  const purchase: typeof cloud.provider.purchase = async (permit, context) => {
    const outcome = await cloud.provider.purchase(permit, context);
    if (permit.request.region !== "r2" || !isFirst) return outcome;
    isFirst = false;
    for (let turns = 0; turns < 2_000 && !(await isLeft()); turns += 1) await turn();
    return outcome;
  };
  return another({ store, providers: [{ ...cloud.provider, purchase }], concurrency: 4 }).tick();
}

describe("an execution that a tick runs twice", () => {
  test("has the error of its first run in the report", async () => {
    const world = purchaseFixture(CONTRACT.none);
    const { store } = world;
    const id = await twoBaskets(world);
    let isBroken = false;
    const commit = async (change: ExecutionChange) => {
      const isRecord = change.executionId === id && change.event.lineIndex === 0;
      if (!isRecord || !["committed", "late_evidence"].includes(change.event.kind)) return store.commit(change);
      isBroken = true;
      throw new Error("the store is away");
    };
    const { errors } = await tickWhile(
      world,
      { ...store, commit },
      async () => isBroken && (await store.get(id))?.status !== "running",
    );
    expect(errors).toMatchObject([{ executionId: id, error: { code: "PURCHASE_NOT_RECORDED", moneyMoved: "yes" } }]);
  });

  test("has what its first run bought in the report, although its second run fails", async () => {
    const world = purchaseFixture(CONTRACT.none);
    const { cloud, store } = world;
    const id = await twoBaskets(world);
    let claims = 0;
    const claimDue: ExecutionStore["claimDue"] = async (batch) => {
      const claimed = await store.claimDue(batch);
      if (claimed.some(({ execution }) => execution.id === id)) claims += 1;
      return claimed;
    };
    const commit = (change: ExecutionChange) =>
      change.executionId === id && claims === 2 && change.event.kind === "write_ahead"
        ? Promise.reject(new Error("the store is away"))
        : store.commit(change);
    const report = await tickWhile(world, { ...store, claimDue, commit }, async () => {
      const waiter = await store.get(id);
      return waiter?.lines[0]?.state === "committed" && waiter.lease === null;
    });
    expect(claims).toBe(2);
    expect(report).toMatchObject({ ran: 1, errors: [{ executionId: id, error: { code: "STORE_WRITE_FAILED" } }] });
    expect(report.outcomes.committed).toBe(2);
    expect(cloud.ledger()).toHaveLength(2);
  });

  test("is reported as its second run left it, although the first one ends later", async () => {
    const world = purchaseFixture(CONTRACT.none);
    const { store } = world;
    const id = await twoBaskets(world);
    const isIn = async (...statuses: readonly string[]) => statuses.includes(String((await store.get(id))?.status));
    // Before it ends, a run that lost a lane looks whether the lane is free.
    const laneHolder: ExecutionStore["laneHolder"] = async (lane) => {
      const isOver = (await store.get(id))?.lease === null;
      for (let turns = 0; isOver && turns < 2_000 && !(await isIn("completed")); turns += 1) await turn();
      return await store.laneHolder(lane);
    };
    const report = await tickWhile(world, { ...store, laneHolder }, async () => (await store.get(id))?.lease === null);
    expect(await isIn("completed")).toBe(true);
    expect(report).toMatchObject({ ran: 2, outcomes: { committed: 3, inDoubt: 0 } });
    expect(report.outcomes.waiting).toEqual({});
  });
});

describe("what a run leaves", () => {
  test("a line that a stop left untried is due at once, also beside a doubt", async () => {
    const world = purchaseFixture(CONTRACT.none, { purchases: [{ kind: "lost-reply" }] }, { concurrency: 1 });
    const { another, approved, cloud, engine, store } = world;
    const id = await approved([simulatedLine({ region: "r1" }), simulatedLine({ region: "r2" })]);
    const stop = new AbortController();
    const purchase: typeof cloud.provider.purchase = async (...call) => {
      const outcome = await cloud.provider.purchase(...call);
      stop.abort();
      return outcome;
    };
    const stopped = await another({ providers: [{ ...cloud.provider, purchase }] }).run(id, { signal: stop.signal });
    expect(stopped.outcomes).toMatchObject({ inDoubt: 1, waiting: { NOT_TRIED: 1 } });
    await engine.tick();
    expect((await store.get(id))?.lines.map(({ state }) => state)).toEqual(["in_doubt", "committed"]);
  });

  test("an error of a later line says that money may have moved, once an earlier line is bought", async () => {
    const world = purchaseFixture(CONTRACT.none, {}, { concurrency: 1 });
    const { another, approved, store } = world;
    const id = await approved([simulatedLine({ region: "r1" }), simulatedLine({ region: "r2" })]);
    const commit = (change: ExecutionChange) =>
      change.event.kind === "write_ahead" && change.event.lineIndex === 1
        ? Promise.reject(new BuyonceError("INVALID_SCHEMA", "an index is gone"))
        : store.commit(change);
    await expect(another({ store: { ...store, commit } }).run(id)).rejects.toMatchObject({
      code: "INVALID_SCHEMA",
      moneyMoved: "yes",
      current: { id },
    });
  });
});

test("a file that is busy after a lost answer does not say that nothing was stored", async () => {
  const { another, approved, store } = purchaseFixture(CONTRACT.none);
  const id = await approved();
  let tries = 0;
  const commit = async (change: ExecutionChange) => {
    tries += 1;
    if (tries > 1) throw new BuyonceError("STORE_BUSY", "Nothing was stored: another transaction keeps the file.");
    await store.commit(change);
    throw new Error("disk I/O error");
  };
  await expect(another({ store: { ...store, commit } }).cancel(id, { canceledBy: "ann" })).rejects.toMatchObject({
    code: "STORE_WRITE_FAILED",
    moneyMoved: "maybe",
  });
  expect((await store.get(id))?.status).toBe("canceled");
});
