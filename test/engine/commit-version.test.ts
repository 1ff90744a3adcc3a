import { describe, expect, test } from "vitest";
import { BuyonceError } from "../../src/domain/errors.js";
import { silentLogger } from "../../src/domain/logger.js";
import { engineContext } from "../../src/engine/engine-context.js";
import type { CommitmentEvidence } from "../../src/engine/line/commitment-evidence.js";
import { recordEvidence } from "../../src/engine/line/record-evidence.js";
import type { ExecutionChange, ExecutionStore } from "../../src/store-port/execution-store.js";
import { CONTRACT, type PurchaseFixture, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

type Commit = ExecutionStore["commit"];
type EventKind = ExecutionChange["event"]["kind"];

const LOST = new Error("the connection broke");
const lost = (): never => {
  throw LOST;
};

/** The store, but for its first commits of one kind, each of which is left to the next of `replacements`. */
function replacing(store: ExecutionStore, kind: EventKind, ...replacements: readonly Commit[]): ExecutionStore {
  const left = [...replacements];
  return {
    ...store,
    commit: (change) => (change.event.kind === kind ? (left.shift() ?? store.commit) : store.commit)(change),
  };
}

const storedThenLost =
  ({ store }: Pick<PurchaseFixture, "store">, andThen: () => Promise<unknown> = async () => {}): Commit =>
  async (change) => {
    await store.commit(change);
    await andThen();
    return lost();
  };

/** Somebody brings the evidence that a line is bought. */
const bring = ({ store, cloud, clock }: PurchaseFixture, evidence: Omit<CommitmentEvidence, "needsLabel">) =>
  recordEvidence(
    engineContext({ store, providers: [cloud.provider], clock, logger: silentLogger, worker: "bringer" }),
    { ...evidence, needsLabel: false },
  );

const commitment = { commitmentIds: ["c-9"], adopted: false } as const;

const kindsOf = async ({ store }: PurchaseFixture, id: string) => (await store.events(id)).map(({ kind }) => kind);

async function recover({ clock, engine }: PurchaseFixture): Promise<void> {
  for (let round = 0; round < 8; round += 1) {
    clock.advance(130_000);
    await engine.tick();
  }
}

describe("a write-ahead whose answer is lost", () => {
  test("and that arrives after it was asked for again is sent once", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    let first: ExecutionChange | undefined;
    const store = replacing(
      fixture.store,
      "write_ahead",
      async (change) => {
        first = change;
        return lost();
      },
      async (change) => {
        expect(await fixture.store.commit(first ?? change)).toMatchObject({ kind: "moved" });
        return await fixture.store.commit(change);
      },
    );
    expect(await fixture.another({ store }).run(id)).toMatchObject({ status: "completed", lines: [{ attempt: 1 }] });
    expect(await kindsOf(fixture, id)).toEqual([
      ...["submitted", "approved", "claimed", "write_ahead", "committed", "settled"],
    ]);
    expect(fixture.cloud.requests()).toHaveLength(1);
  });

  test("is not sent by a worker that another one has replaced meanwhile", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    const replace = async () => {
      fixture.clock.advance(130_000);
      await fixture.engine.run(id);
    };
    const store = replacing(fixture.store, "write_ahead", storedThenLost(fixture, replace));
    const stoppedClock = { now: () => 0, monotonic: () => 0, timeout: () => new AbortController().signal };
    await fixture.another({ store, clock: stoppedClock, worker: "w2" }).run(id);
    expect(fixture.cloud.requests()).toHaveLength(0);
    await recover(fixture);
    expect(await fixture.store.get(id)).toMatchObject({ status: "completed" });
    expect(fixture.cloud.ledger()).toHaveLength(1);
  });

  test("is not sent once evidence of an earlier request has come in", async () => {
    const fixture = purchaseFixture(CONTRACT.native);
    const id = await fixture.approved();
    const evidence = { executionId: id, lineIndex: 0, commitment };
    const store = replacing(
      fixture.store,
      "write_ahead",
      storedThenLost(fixture, () => bring(fixture, evidence)),
    );
    expect(await fixture.another({ store }).run(id)).toMatchObject({ status: "completed", lines: [{ commitment }] });
    expect(fixture.cloud.requests()).toHaveLength(0);
  });

  test("is made anew where somebody else's change came first", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved([simulatedLine(), simulatedLine({ offering: { size: "l" } })]);
    await fixture.another({ store: rivaled(fixture, id), concurrency: 1 }).run(id);
    expect(await unaccountedRequests(fixture, id)).toEqual([]);
    expect(await fixture.store.get(id)).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: ["c-1"] } }, { commitment }],
    });
  });

  test("is told from somebody else's change by the trail, without which it would be sent unwritten", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved([simulatedLine(), simulatedLine({ offering: { size: "l" } })]);
    const rival = rivaled(fixture, id);
    let wanted: ExecutionChange["event"] | undefined;
    const agreeing: ExecutionStore = {
      ...rival,
      commit(change) {
        wanted = change.event;
        return rival.commit(change);
      },
      events: async (...page) => (await rival.events(...page)).map((event) => ({ ...event, ...wanted })),
    };
    await fixture.another({ store: agreeing, concurrency: 1 }).run(id);
    expect(await unaccountedRequests(fixture, id)).toHaveLength(1);
  });

  /** The first write-ahead gets lost, and evidence about the other line takes its version. */
  const rivaled = (fixture: PurchaseFixture, id: string): ExecutionStore =>
    replacing(fixture.store, "write_ahead", async () => {
      await bring(fixture, { executionId: id, lineIndex: 1, commitment });
      return lost();
    });

  /** Requests beyond the write-aheads in the trail. */
  async function unaccountedRequests(fixture: PurchaseFixture, id: string) {
    const written = (await kindsOf(fixture, id)).filter((kind) => kind === "write_ahead");
    return fixture.cloud.requests().slice(written.length);
  }

  test("and is known to be stored only when its permit has run out is not sent, and bought afresh at once", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    const store = replacing(
      fixture.store,
      "write_ahead",
      storedThenLost(fixture, async () => fixture.clock.advance(11_000)),
    );
    expect(await fixture.another({ store }).run(id)).toMatchObject({
      status: "approved",
      lines: [{ state: "planned", lastError: { code: "NOT_SENT", message: expect.stringContaining("permit") } }],
    });
    expect(fixture.cloud.requests()).toHaveLength(0);
    fixture.clock.advance(30_000);
    await fixture.engine.tick();
    expect(await fixture.store.get(id)).toMatchObject({ status: "completed", lines: [{ attempt: 2 }] });
  });

  test("is given up after a few tries: nothing is sent, and a later tick buys the line", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    const store = replacing(fixture.store, "write_ahead", ...Array<Commit>(50).fill(async () => lost()));
    await expect(fixture.another({ store }).run(id)).rejects.toMatchObject({
      code: "STORE_WRITE_FAILED",
      cause: LOST,
      details: { executionId: id, kind: "write_ahead" },
    });
    expect(fixture.cloud.requests()).toHaveLength(0);
    expect(await fixture.store.get(id)).toMatchObject({ status: "approved", lines: [{ state: "planned" }] });
    await recover(fixture);
    expect(await fixture.store.get(id)).toMatchObject({ status: "completed" });
  });

  test("is not asked for again where the store said on purpose that it was refused", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    let asked = 0;
    const inTransaction: Commit = async () => {
      asked += 1;
      throw new BuyonceError("STORE_IN_TRANSACTION", "a transaction is open");
    };
    const store = replacing(fixture.store, "write_ahead", ...Array<Commit>(5).fill(inTransaction));
    await expect(fixture.another({ store }).run(id)).rejects.toMatchObject({ code: "STORE_IN_TRANSACTION" });
    expect(asked).toBe(1);
  });
});

describe("the record of a purchase", () => {
  const readOnly: Commit = async () => {
    throw new BuyonceError("STORE_READ_ONLY", "the primary became a replica");
  };

  test("whose answers are lost is no alarm where it is stored", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    const store = replacing(fixture.store, "committed", storedThenLost(fixture), async () => lost());
    expect(await fixture.another({ store }).run(id)).toMatchObject({ status: "completed" });
    expect(await kindsOf(fixture, id)).toEqual([
      ...["submitted", "approved", "claimed", "write_ahead", "committed", "settled"],
    ]);
  });

  test("that a server refuses which became read-only says that money moved", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    const store = { ...fixture.store };
    const commit: Commit = (change) =>
      ["claimed", "write_ahead"].includes(change.event.kind) ? fixture.store.commit(change) : readOnly(change);
    await expect(fixture.another({ store: { ...store, commit } }).run(id)).rejects.toMatchObject({
      code: "PURCHASE_NOT_RECORDED",
      moneyMoved: "yes",
      details: { commitment: { commitmentIds: ["c-1"] } },
    });
    await recover(fixture);
    expect(await fixture.store.get(id)).toMatchObject({ status: "completed", lines: [{ attempt: 1 }] });
  });

  test("that nobody knows the outcome of says that money may have moved", async () => {
    const fixture = purchaseFixture(CONTRACT.none, { purchases: [{ kind: "lost-reply" }] });
    const id = await fixture.approved();
    const store = replacing(fixture.store, "put_in_doubt", readOnly, readOnly, readOnly, readOnly);
    await expect(fixture.another({ store }).run(id)).rejects.toMatchObject({
      code: "STORE_WRITE_FAILED",
      moneyMoved: "maybe",
      cause: { code: "STORE_READ_ONLY" },
    });
    expect(await fixture.store.get(id)).toMatchObject({ status: "in_doubt", lines: [{ state: "submitting" }] });
  });
});

describe("evidence without a lease", () => {
  test("is recorded once where the store's answers and reads are lost", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    let reads = 0;
    const store: ExecutionStore = {
      ...replacing(fixture.store, "late_evidence", storedThenLost(fixture), async () => lost()),
      async get(executionId) {
        reads += 1;
        return reads % 2 === 1 ? lost() : await fixture.store.get(executionId);
      },
    };
    await bring({ ...fixture, store }, { executionId: id, lineIndex: 0, commitment });
    expect((await kindsOf(fixture, id)).slice(2)).toEqual(["late_evidence"]);
  });

  test("of a second commitment is reported once where the store's answer is lost", async () => {
    const fixture = purchaseFixture(CONTRACT.none);
    const id = await fixture.approved();
    await fixture.engine.run(id);
    const store = replacing(fixture.store, "duplicate_found", storedThenLost(fixture));
    const brought = bring({ ...fixture, store }, { executionId: id, lineIndex: 0, commitment });
    await expect(brought).rejects.toMatchObject({ code: "DUPLICATE_COMMITMENT" });
    expect((await kindsOf(fixture, id)).filter((kind) => kind === "duplicate_found")).toHaveLength(1);
  });
});
