import { describe, expect, test } from "vitest";
import type { Money } from "../../src/domain/money.js";
import type { PurchaseEngineOptions } from "../../src/engine/engine-options.js";
import { checkPrice } from "../../src/providers/check-price.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { type EngineWorld, type OpenWorld, onEachStore, QUICK } from "./support/on-each-store.js";

const usd = (amount: string): Money => ({ amount, currency: "USD" });
const by = (approvedBy: string) => ({ approvedBy });

/** A world whose cloud asks a price of its own for lines of one size. */
async function priced(open: OpenWorld, options: Partial<PurchaseEngineOptions> = {}) {
  const world = await open(QUICK.native);
  const { provider } = world.cloud;
  const market = { price: "100", expected: [] as unknown[] };
  const drifting: typeof provider = {
    ...provider,
    async prepare(request, token, context) {
      market.expected.push(request.expectedPrice);
      const isDear = "offering" in request && request.offering["size"] === "dear";
      if (isDear) checkPrice(request, usd(market.price));
      return provider.prepare(request, token, context);
    },
  };
  const another = (more: Partial<PurchaseEngineOptions> = {}) =>
    world.another({ onPriceDrift: "ask", ...options, providers: [drifting], ...more });
  const engine = another();
  const basket = async (people: readonly string[] = ["bob"]) => {
    const lines = [simulatedLine(), simulatedLine({ offering: { size: "dear" } })];
    const { id } = await engine.submit({ requestKey: "basket", createdBy: "ann", lines });
    for (const person of people) await engine.approve(id, by(person));
    return id;
  };
  return { ...world, engine, another, market, basket };
}

const lineOf = async ({ store }: Pick<EngineWorld, "store">, id: string, index = 1) =>
  (await store.get(id))?.lines.find((line) => line.index === index);

const accept = (approvedBy: string, amount: string) => ({
  approvedBy,
  acceptPrices: [{ lineIndex: 1, price: usd(amount) }],
});

describe("an engine that asks people about prices", () => {
  onEachStore((open) => {
    test("lets the line wait, buys the others, and buys it at the price that a person accepts", async () => {
      const world = await priced(open);
      const { engine, market, store, cloud, pass } = world;
      const id = await world.basket();
      market.price = "120";
      await engine.run(id);
      const waiting = await lineOf(world, id);
      expect(waiting).toMatchObject({
        state: "planned",
        attempt: 0,
        priceDrift: { found: usd("120"), acceptedBy: [], isAccepted: false },
        lastError: {
          code: "PRICE_DRIFT",
          message: expect.stringMatching(/Expected 100 USD.*found 120 USD.*acceptPrices/),
        },
      });
      expect(cloud.ledger()).toHaveLength(1);
      expect(await store.get(id)).toMatchObject({ status: "running", lease: null });
      await pass(100);
      const { version } = (await store.get(id)) ?? {};
      await engine.tick();
      expect(await store.get(id)).toMatchObject({ version });
      expect((await engine.explain(id)).lines[1]?.next).toContain("accept 120 USD");
      await expect(engine.approve(id, accept("carol", "121"))).rejects.toMatchObject({
        code: "PRICE_DIFFERS",
        details: { lineIndex: 1, found: usd("120") },
      });
      await expect(engine.approve(id, by("carol"))).rejects.toMatchObject({ code: "EXECUTION_NOT_IN_EXPECTED_STATUS" });
      expect((await engine.approve(id, accept("carol", "120.00"))).approvedBy).toBe("bob");
      market.price = "120.5";
      await engine.tick();
      expect(market.expected.at(-1)).toEqual(usd("120"));
      const bought = await lineOf(world, id);
      expect(bought).toMatchObject({
        state: "committed",
        fingerprint: waiting?.fingerprint,
        request: waiting?.request,
      });
      expect(cloud.ledger()).toHaveLength(2);
      const trail = await store.events(id);
      expect(trail.find(({ kind }) => kind === "price_accepted")).toMatchObject({
        actor: "carol",
        data: { accepted: [{ lineIndex: 1, expected: usd("100"), price: usd("120.00"), have: 1, needed: 1 }] },
      });
    });

    test("asks several people for the same price, and asks again if one of them loses the right", async () => {
      const rights = new Set(["bob", "carol", "dora", "eve"]);
      const authorize: PurchaseEngineOptions["authorize"] = ({ verb, actor }) =>
        verb !== "approve" || rights.has(actor.id);
      const world = await priced(open, { approvals: 2, authorize });
      const { engine, market, cloud } = world;
      const id = await world.basket(["bob", "carol"]);
      market.price = "120";
      await engine.run(id);
      await engine.approve(id, accept("dora", "120"));
      await engine.approve(id, accept("DORA", "120")).catch(() => undefined);
      await engine.tick();
      expect((await lineOf(world, id))?.priceDrift).toMatchObject({ acceptedBy: ["dora"], isAccepted: false });
      await engine.approve(id, accept("eve", "120"));
      rights.delete("dora");
      await engine.run(id);
      expect(cloud.ledger()).toHaveLength(1);
      expect((await lineOf(world, id))?.lastError).toMatchObject({ code: "APPROVER_NOT_AUTHORIZED" });
      await engine.approve(id, accept("bob", "120"));
      await engine.run(id);
      expect(await lineOf(world, id)).toMatchObject({ state: "committed", priceDrift: { acceptedBy: ["eve", "bob"] } });
    });

    test("ends the wait with a refusal when the approval runs out, and with cancel", async () => {
      const world = await priced(open, { approvalLifetimeMs: 1_500 });
      const { engine, market, pass, store } = world;
      const id = await world.basket();
      market.price = "80";
      await engine.run(id);
      expect(await lineOf(world, id)).toMatchObject({ state: "planned", priceDrift: { found: usd("80") } });
      await pass(1_600);
      await engine.tick();
      expect(await store.get(id)).toMatchObject({ status: "partially_completed" });
      expect(await lineOf(world, id)).toMatchObject({ state: "rejected", rejection: { code: "PRICE_DRIFT" } });
      expect((await engine.explain(id)).lines[1]?.next).toContain("submit again with the price that you approve");
      await engine.retry(id, { requestedBy: "ann", force: true });
      const lax = await priced(open);
      const canceled = await lax.basket();
      lax.market.price = "120";
      await lax.engine.run(canceled);
      await lax.engine.cancel(canceled, { canceledBy: "ann" });
      expect(await lax.store.get(canceled)).toMatchObject({ status: "completed", lines: [{}, { state: "skipped" }] });
    });

    test("refuses a price that the limits do not allow, and one in another currency", async () => {
      const limits = [{ name: "all", scope: {}, per: "year", max: usd("210") }] as const;
      const world = await priced(open, { limits });
      const { engine, market } = world;
      const id = await world.basket();
      market.price = "120";
      await engine.run(id);
      await expect(engine.approve(id, accept("bob", "120"))).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
      expect((await lineOf(world, id))?.priceDrift).toMatchObject({ isAccepted: false });
      market.price = "105";
      await world.another({ onPriceDrift: "reject" }).tick();
      expect(await lineOf(world, id)).toMatchObject({ state: "planned" });
    });
  });
});
