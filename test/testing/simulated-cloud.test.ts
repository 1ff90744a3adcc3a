import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { Prepared } from "../../src/domain/evidence.js";
import type { IdempotencyContract } from "../../src/domain/idempotency-contract.js";
import { silentLogger } from "../../src/domain/logger.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import type { CommitmentProvider, PurchaseContext, Sighting } from "../../src/providers/commitment-provider.js";
import { mintPermit, type PurchasePermit } from "../../src/providers/purchase-permit.js";
import { assertNoDoublePurchase } from "../../src/testing/assert-no-double-purchase.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import {
  laneOf,
  offeringOf,
  type PurchaseFault,
  type SimulatedFaults,
  simulatedCloud,
} from "../../src/testing/simulated-cloud.js";
import { CONTRACT, simulatedLine } from "../support/purchase-fixture.js";

const TOKEN = deriveIdempotencyToken("lineage", 0);
const OTHER_TOKEN = deriveIdempotencyToken("lineage", 1);
const LINE = simulatedLine();
const OTHER_LINE = simulatedLine({ offering: { size: "l" } });
const VOID: Sighting = { meaning: "void", state: "payment-failed" };

interface Asked {
  readonly request?: CustomRequest;
  readonly token?: string;
  readonly lineageAttempt?: number;
  readonly prepared?: Prepared;
  readonly provider?: CommitmentProvider<CustomRequest>;
}

/** A cloud with its calls as the engine makes them. */
function opened(contract: IdempotencyContract, faults: SimulatedFaults = {}) {
  const clock = manualClock();
  const cloud = simulatedCloud({ contract, clock, faults });
  const contextOf = ({ lineageAttempt = 1, prepared }: Asked): PurchaseContext => ({
    signal: new AbortController().signal,
    logger: silentLogger,
    now: clock.now(),
    lineageAttempt,
    ...(prepared && { prepared }),
    beforeWire() {},
  });
  const prepare = ({ request = LINE, token = TOKEN, provider = cloud.provider, ...asked }: Asked = {}) =>
    provider.prepare(request, token, contextOf(asked));
  const permitOf = ({ request = LINE, token = TOKEN }: Asked, prepared: Prepared) =>
    mintPermit({
      request,
      token,
      attempt: 1,
      submittedAt: clock.now(),
      prepared,
    }) as PurchasePermit<CustomRequest>;
  return {
    clock,
    cloud,
    prepare,
    permitOf,
    lookup: ({ request = LINE, token = TOKEN, ...asked }: Asked = {}) =>
      cloud.provider.lookup(request, token, contextOf(asked)),
    async inventory({ request = LINE, token = TOKEN, ...asked }: Asked = {}) {
      if (cloud.provider.inventory === undefined) throw new TypeError("no inventory");
      return cloud.provider.inventory(request, token, contextOf(asked));
    },
    label: (commitmentIds: readonly string[], token = TOKEN) =>
      cloud.provider.label?.({ commitmentIds, adopted: false }, token, { ...contextOf({}), request: LINE }),
    send: (permit: PurchasePermit<CustomRequest>, { provider = cloud.provider }: Asked = {}) =>
      provider.purchase(permit, contextOf({})),
    async buy(asked: Asked = {}) {
      const prepared = asked.prepared ?? (await prepare(asked));
      const { provider = cloud.provider } = asked;
      const outcome = await provider.purchase(permitOf(asked, prepared), contextOf(asked));
      return { prepared, outcome };
    },
  };
}

const isPending = async (call: Promise<unknown>): Promise<boolean> =>
  Promise.race([call.then(() => false), nextTurn().then(() => true)]);

const ANSWERS: readonly (readonly [PurchaseFault, string])[] = [
  [{ kind: "none" }, "committed"],
  [{ kind: "split" }, "committed"],
  [{ kind: "lands-as", sighting: VOID }, "committed"],
  [{ kind: "lost-reply" }, "unknown"],
  [{ kind: "lost-request" }, "unknown"],
  [{ kind: "late-landing", ms: 1_000 }, "unknown"],
  [{ kind: "odd-answer", outcome: { kind: "timeout" }, lands: true }, "unknown"],
  [{ kind: "throttled" }, "not_now"],
  [{ kind: "rejected" }, "rejected"],
];

describe("simulatedCloud", () => {
  test.each(ANSWERS)(
    "tells of a request that met %o what it asked for, in which lane, and what came back",
    async (fault, answer) => {
      const { cloud, buy } = opened(CONTRACT.none);
      cloud.strike(fault);
      await buy();
      expect(cloud.requests()).toMatchObject([{ lane: laneOf(LINE), offering: offeringOf(LINE), answer }]);
    },
  );

  test("tells of a request that came too late that it was rejected", async () => {
    const { clock, cloud, prepare, permitOf, send } = opened(CONTRACT.none);
    const permit = permitOf({}, await prepare());
    clock.advance(CONTRACT.none.maxRequestLifetimeMs + 1);
    expect(await send(permit)).toMatchObject({ kind: "rejected" });
    expect(cloud.requests()).toMatchObject([{ answer: "rejected" }]);
    expect(cloud.ledger()).toEqual([]);
  });

  test("hands the lookup, the inventory, the answer and the ledger the state of a commitment", async () => {
    const { cloud, buy, lookup, inventory } = opened(CONTRACT.native);
    const sighting: Sighting = { meaning: "ended", state: "returned", became: "returned by a person" };
    const { prepared } = await buy();
    cloud.setState("c-1", sighting);
    expect(await lookup()).toMatchObject({ commitmentIds: ["c-1"], sighting });
    expect(await inventory()).toMatchObject([{ commitmentId: "c-1", sighting }]);
    expect((await buy({ prepared })).outcome).toMatchObject({ kind: "committed", sighting });
    expect(cloud.ledger()).toMatchObject([{ commitmentId: "c-1", sighting, live: true }]);
  });

  test("says nothing of the state of a commitment that was given none", async () => {
    const { buy, lookup } = opened(CONTRACT.native);
    expect((await buy()).outcome).not.toHaveProperty("sighting");
    expect(await lookup()).not.toHaveProperty("sighting");
  });

  test("lands a purchase in the state that its fault says, and answers with it", async () => {
    const { cloud, buy } = opened(CONTRACT.none);
    cloud.strike({ kind: "lands-as", sighting: VOID });
    expect((await buy()).outcome).toMatchObject({ kind: "committed", sighting: VOID });
    expect(cloud.ledger()).toMatchObject([{ live: false, sighting: VOID }]);
  });

  test.each(["void", "ended"] as const)("leaves what is %s as it is, whatever is said of it later", async (meaning) => {
    const { cloud, buy } = opened(CONTRACT.none);
    await buy();
    cloud.setState("c-1", { meaning, state: "first" });
    cloud.setState("c-1", { meaning: "live", state: "second" });
    expect(cloud.ledger()).toMatchObject([{ sighting: { meaning, state: "first" } }]);
  });

  test("shows a commitment whose term is over as ended, apart from one that is void or pending", async () => {
    const { clock, cloud, buy } = opened(CONTRACT.none);
    for (let bought = 0; bought < 3; bought += 1) await buy();
    cloud.setState("c-2", VOID);
    cloud.setState("c-3", { meaning: "pending", state: "creating" });
    clock.advance(365 * 86_400_000);
    expect(cloud.ledger().map(({ sighting }) => sighting?.meaning)).toEqual(["ended", "void", "pending"]);
  });

  test("lists what states another offering, term or payment for no line but its own", async () => {
    const { buy, inventory } = opened(CONTRACT.none);
    await buy();
    for (const other of [OTHER_LINE, simulatedLine({ term: "3yr" }), simulatedLine({ payment: "all_upfront" })])
      expect(await inventory({ request: other })).toEqual([]);
    expect(await inventory()).toMatchObject([{ commitmentId: "c-1", quantity: 2 }]);
    expect((await inventory())[0]).not.toHaveProperty("maybe");
  });

  test.each(["offering", "term", "payment"] as const)(
    "lists what leaves its %s out as a maybe, for every line that differs in it alone, until it is healed",
    async (attribute) => {
      const { cloud, buy, inventory } = opened(CONTRACT.none);
      await buy();
      const other = simulatedLine(
        {
          offering: { offering: { size: "l" } },
          term: { term: "3yr" as const },
          payment: { payment: "all_upfront" as const },
        }[attribute],
      );
      cloud.leaveOut("all", [attribute]);
      const maybe = `the listing does not state its ${attribute}`;
      for (const request of [LINE, other]) expect(await inventory({ request })).toMatchObject([{ maybe }]);
      cloud.heal();
      expect(await inventory({ request: other })).toEqual([]);
    },
  );

  test("leaves attributes out of the listed commitments alone, the offering if it is not told which", async () => {
    const { cloud, buy, inventory } = opened(CONTRACT.none);
    await buy();
    await buy();
    cloud.leaveOut(["c-2"]);
    expect((await inventory({ request: OTHER_LINE })).map(({ commitmentId }) => commitmentId)).toEqual(["c-2"]);
  });

  test("leaves out no number by making one up", async () => {
    const { cloud, buy, inventory } = opened(CONTRACT.none);
    await buy();
    cloud.leaveOut("all", ["quantity", "startedAt"]);
    const [item] = await inventory();
    expect(item).toEqual({ commitmentId: "c-1", maybe: "the listing does not state its quantity" });
  });

  test("takes the snapshot of the whole lane, whatever offering a listing states", async () => {
    const { cloud, buy, prepare } = opened(CONTRACT.none);
    await buy();
    cloud.buyElsewhere(OTHER_LINE);
    expect(await prepare()).toMatchObject({ lane: laneOf(OTHER_LINE), snapshot: ["c-1", "c-2"] });
  });

  test("finds under the token how a commitment differs from the line", async () => {
    const { buy, lookup } = opened(CONTRACT.named);
    await buy();
    const request = simulatedLine({ quantity: 3, term: "3yr" });
    expect((await lookup({ request }))?.differences).toEqual([
      "term: expected 3yr, found 1yr",
      "quantity: expected 3, found 2",
    ]);
  });

  describe.each(["native", "named"] as const)("under contract %s", (kind) => {
    test("answers a void purchase to the line that sent it, and passes it over for a retry", async () => {
      const { cloud, buy, lookup } = opened(CONTRACT[kind]);
      const { prepared } = await buy();
      cloud.setState("c-1", VOID);
      expect(await lookup({ prepared })).toMatchObject({ commitmentIds: ["c-1"], sighting: VOID });
      expect(await lookup()).toMatchObject({ commitmentIds: ["c-1"] });
      expect(await lookup({ lineageAttempt: 2 })).toBeUndefined();
    });

    test("buys once more for a retry after a void purchase, however often that is sent", async () => {
      const { cloud, prepare, buy, lookup } = opened(CONTRACT[kind]);
      await buy();
      cloud.setState("c-1", VOID);
      const prepared = await prepare({ lineageAttempt: 2 });
      for (let sends = 0; sends < 2; sends += 1)
        expect((await buy({ prepared, lineageAttempt: 2 })).outcome).toMatchObject({
          kind: "committed",
          commitment: { commitmentIds: ["c-2"] },
        });
      expect(await lookup({ prepared, lineageAttempt: 2 })).toMatchObject({ commitmentIds: ["c-2"] });
      expect(cloud.ledger().map(({ token }) => token)).toEqual([TOKEN, TOKEN]);
      assertNoDoublePurchase(cloud.ledger());
    });

    test("has one name more for each retry, and no more", async () => {
      const { cloud, buy, prepare } = opened(CONTRACT[kind]);
      await buy();
      cloud.setState("c-1", VOID);
      await expect(prepare()).rejects.toMatchObject({ code: "NAME_SPENT" });
      await expect(prepare({ lineageAttempt: 2 })).resolves.toBeDefined();
    });
  });

  test("passes a void purchase with the line's label over for a retry under contract none, and answers the retry's own", async () => {
    const { cloud, buy, label, lookup } = opened(CONTRACT.none);
    const { prepared: first } = await buy();
    await label(["c-1"]);
    cloud.setState("c-1", VOID);
    expect(await lookup({ prepared: first })).toMatchObject({ commitmentIds: ["c-1"] });
    const { prepared } = await buy({ lineageAttempt: 2 });
    expect(await lookup({ prepared, lineageAttempt: 2 })).toBeUndefined();
    await label(["c-2"]);
    expect(await lookup({ prepared, lineageAttempt: 2 })).toMatchObject({ commitmentIds: ["c-2"] });
  });

  test("looks an order up by its id, void or not, and mints another for a retry", async () => {
    const { cloud, buy, prepare, lookup } = opened(CONTRACT.minted);
    const { prepared } = await buy();
    cloud.setState("c-1", VOID);
    expect(await lookup({ prepared })).toMatchObject({ commitmentIds: ["c-1"], sighting: VOID });
    expect(await lookup({ lineageAttempt: 2 })).toBeUndefined();
    expect((await prepare({ lineageAttempt: 2 })).reference).not.toBe(prepared.reference);
  });

  test("says in its ledger for which purchases money was owed, so that a void one is no double purchase", async () => {
    const { cloud, buy } = opened(CONTRACT.none);
    await buy();
    await buy();
    expect(() => assertNoDoublePurchase(cloud.ledger())).toThrow("bought more than once");
    cloud.setState("c-1", { meaning: "ended", state: "retired" });
    expect(() => assertNoDoublePurchase(cloud.ledger())).toThrow("bought more than once");
    cloud.setState("c-2", VOID);
    assertNoDoublePurchase(cloud.ledger());
  });

  test("says with a label what became of a commitment that is over", async () => {
    const { cloud, buy, label } = opened(CONTRACT.none);
    await buy();
    expect(await label(["c-1"])).toBeUndefined();
    cloud.setState("c-1", { meaning: "ended", state: "retired" });
    expect(await label(["c-1"])).toEqual({
      commitmentIds: ["c-1"],
      sighting: { meaning: "ended", state: "retired" },
    });
  });

  test.each<readonly [object, string]>([
    [{ falts: {} }, "options.falts"],
    [{ faults: { purchase: [] } }, "faults.purchase"],
    [{ faults: { lookup: [true] } }, "faults.lookup"],
    [{ faults: { purchases: [{ kind: "none" }, { kind: "lost_reply" }] } }, "faults.purchases[1].kind"],
    [{ faults: { purchases: [true] } }, "faults.purchases[0].kind"],
    [{ faults: { labels: [{ kind: "fail" }] } }, "faults.labels[0].kind"],
  ])("refuses %o, of which nothing would be read", (options, path) => {
    const all = { contract: CONTRACT.none, clock: manualClock(), ...options };
    expect(() => simulatedCloud(all)).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST", details: { problems: [expect.objectContaining({ path })] } }),
    );
  });

  test("refuses a strike that would strike nothing", () => {
    const { cloud } = opened(CONTRACT.none);
    expect(() => cloud.strike({ kind: "lost_reply" } as never)).toThrow('did you mean "lost-reply"?');
    expect(() => cloud.strike(undefined as never)).toThrow("fault.kind: must be one of none, lost-reply,");
    expect(() => cloud.strikeCall("lookups" as "lookup", true)).toThrow("call: must be one of lookup, inventory,");
    expect(() => cloud.strikeCall("lookup", { kind: "fail" } as never)).toThrow('did you mean "fails"?');
  });

  test("refuses to change a commitment that it has not, and to leave out what no listing states", () => {
    const { cloud } = opened(CONTRACT.none);
    expect(() => cloud.setState("c-1", VOID)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    expect(() => cloud.leaveOut("all", ["ofering" as "offering"])).toThrow(
      expect.objectContaining({ code: "INVALID_REQUEST" }),
    );
    expect(() => cloud.buyElsewhere(LINE, { labelled: true } as object)).toThrow('did you mean "labeled"?');
  });

  describe("as a provider that behaves oddly", () => {
    const outcome = { kind: "committed ", commitment: null };
    const thrown = Object.create(null);

    test.each([true, false])("answers what it is told to a purchase, which lands: %s", async (lands) => {
      const { cloud, buy } = opened(CONTRACT.none, { purchases: [{ kind: "odd-answer", outcome, lands }] });
      expect((await buy()).outcome).toBe(outcome);
      expect(cloud.ledger()).toHaveLength(lands ? 1 : 0);
    });

    test.each([true, false])("throws what it is told from a purchase, which lands: %s", async (lands) => {
      const { cloud, buy } = opened(CONTRACT.none, { purchases: [{ kind: "throws", thrown, lands }] });
      const caught = await buy().catch((reason: unknown) => ({ reason }));
      expect(caught).toEqual({ reason: thrown });
      expect(cloud.ledger()).toHaveLength(lands ? 1 : 0);
    });

    test.each([true, false])("never answers a purchase, which lands: %s", async (lands) => {
      const { cloud, buy } = opened(CONTRACT.none, { purchases: [{ kind: "hangs", lands }] });
      expect(await isPending(buy())).toBe(true);
      expect(cloud.ledger()).toHaveLength(lands ? 1 : 0);
    });

    test.each(["lookup", "inventory", "prepare", "label"] as const)("does what it is told in one %s", async (call) => {
      const { cloud, ...calls } = opened(CONTRACT.none);
      const ask = () => Promise.resolve(call === "label" ? calls.label([]) : calls[call]());
      const usual = await ask();
      cloud.strikeCall(call, { kind: "fails" });
      await expect(ask()).rejects.toThrow(`simulated ${call} failure`);
      cloud.strikeCall(call, { kind: "throws", thrown: "words" });
      await expect(ask()).rejects.toBe("words");
      cloud.strikeCall(call, { kind: "odd-answer", answer: null });
      expect(await ask()).toBeNull();
      cloud.strikeCall(call, { kind: "hangs" });
      expect(await isPending(ask())).toBe(true);
      expect(await ask()).toEqual(usual);
    });

    test("plays one script of each call, and that of lookups where a call has none of its own", async () => {
      const { lookup, inventory, prepare } = opened(CONTRACT.none, {
        lookups: [false, true, { kind: "odd-answer", answer: 1 }],
        inventories: [{ kind: "odd-answer", answer: 2 }],
      });
      expect(await lookup()).toBeUndefined();
      await expect(prepare()).rejects.toThrow("simulated prepare failure");
      expect(await inventory()).toBe(2);
      expect(await lookup()).toBe(1);
      expect(await inventory()).toEqual([]);
    });

    test("fails a preparation by the script of lookups only where it lists commitments", async () => {
      await expect(opened(CONTRACT.native, { lookups: [true] }).prepare()).resolves.toBeDefined();
      await expect(opened(CONTRACT.native, { prepares: [true] }).prepare()).rejects.toThrow();
    });
  });

  describe("under another version of its provider", () => {
    const LONGER: IdempotencyContract = { ...CONTRACT.none, maxRequestLifetimeMs: 900_000, visibilityLagMs: 600_000 };

    test("lets a request live as long as the version that sent it says", async () => {
      const { clock, cloud, prepare, permitOf, send } = opened(CONTRACT.none);
      const permits = [permitOf({}, await prepare()), permitOf({ token: OTHER_TOKEN }, await prepare())] as const;
      clock.advance(600_000);
      expect(await send(permits[0])).toMatchObject({ kind: "rejected" });
      expect(await send(permits[1], { provider: cloud.providerUnder(LONGER) })).toMatchObject({ kind: "committed" });
      expect(cloud.providerUnder(LONGER).idempotency).toEqual(LONGER);
    });

    test("hides what was bought as long as the version that bought it says", async () => {
      const { clock, cloud, buy, inventory } = opened(CONTRACT.none);
      cloud.hideYounger(600_000);
      await buy();
      await buy({ provider: cloud.providerUnder(LONGER) });
      clock.advance(CONTRACT.none.visibilityLagMs);
      expect(await inventory()).toMatchObject([{ commitmentId: "c-1" }]);
      clock.advance(600_000);
      expect(await inventory()).toHaveLength(2);
    });

    test("keeps the kind of its contract", () => {
      expect(() => opened(CONTRACT.none).cloud.providerUnder(CONTRACT.native)).toThrow(
        expect.objectContaining({ code: "INVALID_REQUEST" }),
      );
    });
  });
});

describe("laneOf and offeringOf", () => {
  test("tell offerings apart whatever the order of their keys, and lanes by service, account and region alone", () => {
    const one = simulatedLine({ offering: { order: 1, line: 2 } });
    const other = simulatedLine({ offering: { order: 2, line: 1 } });
    expect(offeringOf(simulatedLine({ offering: { line: 2, order: 1 } }))).toBe(offeringOf(one));
    expect(offeringOf(other)).not.toBe(offeringOf(one));
    expect(laneOf(other)).toBe(laneOf(one));
    expect(laneOf(simulatedLine({ region: "r2" }))).not.toBe(laneOf(one));
    expect(laneOf(simulatedLine({ account: "acct-2" }))).not.toBe(laneOf(one));
    expect(laneOf(simulatedLine({ service: "custom.other" }))).not.toBe(laneOf(one));
  });
});
