import { describe, expect, test } from "vitest";
import type { Prepared } from "../../../src/domain/evidence.js";
import type { CommitmentProvider, ProviderContext } from "../../../src/providers/commitment-provider.js";
import {
  ADAPTERS,
  type Adapter,
  azureCloud,
  bought,
  CALCULATION,
  changing,
  context,
  idOf,
  NAME,
  permitFor,
} from "./azure-cloud.js";
import { OTHER_TOKEN, TOKEN } from "./azure-lines.js";

const YEAR = 365 * 86_400_000;

const isOrder = ({ method, url }: { readonly method: string; readonly url: string }) =>
  method === "GET" && /Orders(\/[^/]+)?$/.test(new URL(url).pathname);

/** A line whose order is `state`, and lookups of it; `properties` are what Azure says besides. */
async function over(adapter: Adapter, state: string, properties: Readonly<Record<string, unknown>> = {}) {
  const cloud = await azureCloud();
  const first = await bought(adapter.over(cloud).provider, adapter.request);
  const id = idOf(first);
  await cloud.simulator.states.set(id, state);
  const between = changing(isOrder, (body) =>
    Array.isArray(body["value"])
      ? { ...body, value: body["value"].map((one) => ({ ...one, properties: { ...one.properties, ...properties } })) }
      : { ...body, properties: { ...body.properties, ...properties } },
  );
  const { provider } = adapter.over(cloud, { between });
  const looked = (more: Partial<ProviderContext> = {}) => provider.lookup(adapter.request, TOKEN, context(more));
  return { cloud, first, id, provider, looked };
}

describe.each(ADAPTERS)("$name", (adapter) => {
  test("that expire are unclear until the end that their order states, and ended from then on", async () => {
    const { cloud, looked, id, first } = await over(adapter, "Expired");
    const start = cloud.clock.now();
    for (const [now, meaning] of [
      [start + YEAR - 1_000, "unclear"],
      [start + YEAR + 1_000, "ended"],
    ] as const)
      for (const more of [{ now }, { now, prepared: first.prepared }])
        expect(await looked(more)).toMatchObject({ commitmentIds: [id], sighting: { meaning, state: "Expired" } });
  });

  test("are told to have ended also by the answer to a purchase", async () => {
    const { cloud, provider, first } = await over(adapter, "Expired");
    const again = (now: number) => provider.purchase(permitFor(adapter.request, first.prepared), context({ now }));
    expect(await again(cloud.clock.now())).toMatchObject({ kind: "committed", sighting: { meaning: "unclear" } });
    expect(await again(cloud.clock.now() + 2 * YEAR)).toMatchObject({
      kind: "committed",
      sighting: { meaning: "ended", state: "Expired" },
    });
  });

  test.each<[string, object, "ended" | "unclear"]>([
    ["the day of its end alone", { expiryDateTime: undefined, expiryDate: "2001-01-01" }, "ended"],
    ["the day of its end in time to come", { expiryDateTime: undefined, expiryDate: "2999-01-01" }, "unclear"],
    ["no end", { expiryDateTime: undefined, expiryDate: undefined }, "unclear"],
    ["null for its end", { expiryDateTime: null, expiryDate: null }, "unclear"],
    ["an end that is no time", { expiryDateTime: "some day", expiryDate: 0 }, "unclear"],
    ["an end that is no time beside a day", { expiryDateTime: "some day", expiryDate: "2001-01-01" }, "ended"],
  ])("that expire by an order with %s are judged by that", async (_what, properties, meaning) => {
    const { cloud, looked } = await over(adapter, "Expired", { ...properties });
    expect((await looked({ now: cloud.clock.now() }))?.sighting).toEqual({ meaning, state: "Expired" });
  });

  test.each(["Cancelled", "CANCELLED"])("that are %s stay unclear, however late it is", async (state) => {
    const { cloud, looked } = await over(adapter, state);
    const now = cloud.clock.now() + 10 * YEAR;
    expect((await looked({ now }))?.sighting).toEqual({ meaning: "unclear", state });
  });

  test("that expire by the clock are ended", async () => {
    const cloud = await azureCloud();
    const { provider } = adapter.over(cloud);
    await bought(provider, adapter.request);
    cloud.clock.advance(2 * YEAR);
    const seen = await provider.lookup(adapter.request, TOKEN, context({ now: cloud.clock.now() }));
    expect(seen?.sighting).toEqual({ meaning: "ended", state: "Expired" });
  });
});

const named = (name: string): Prepared => ({ reference: name, detail: { name } });

describe.each(ADAPTERS)("of the orders under several names, a lookup of $name", (adapter) => {
  /** Buys under each name, and puts each order into its state; the first is the first execution's. */
  async function states(...wanted: readonly string[]) {
    // A session is bound to what was calculated, its display name included.
    const cloud = await azureCloud({ changedPurchase: "buy-as-sent" });
    const { provider } = adapter.over(cloud);
    const bought: { readonly id: string; readonly prepared: Prepared }[] = [];
    for (const [index, state] of wanted.entries()) {
      const name = index === 0 ? NAME : `${NAME}-${index + 1}`;
      const prepared = { ...(await prepareUnder(provider, name)), detail: { name } };
      const outcome = await provider.purchase(permitFor(adapter.request, prepared), context());
      const id = idOf({ outcome });
      await cloud.simulator.states.set(id, state);
      bought.push({ id, prepared });
    }
    const looked = (lineageAttempt: number, prepared?: Prepared) =>
      provider.lookup(adapter.request, TOKEN, context({ lineageAttempt, ...(prepared && { prepared }) }));
    return { looked, ids: bought.map(({ id }) => id), prepared: bought.map((one) => one.prepared) };
  }

  /** What a write-ahead keeps of a purchase under a name; a calculation gives an order id to whoever asks. */
  const prepareUnder = (provider: CommitmentProvider, name: string): Promise<Prepared> =>
    adapter === CALCULATION ? provider.prepare(adapter.request, OTHER_TOKEN, context()) : Promise.resolve(named(name));

  test("passes over a void one once a person has decided to buy again", async () => {
    const { looked, ids } = await states("BillingFailed");
    expect(await looked(2)).toBeUndefined();
    expect(await looked(1)).toMatchObject({ commitmentIds: [ids[0]], sighting: { meaning: "void" } });
  });

  test("answers with a void one while the request in question went out under its name", async () => {
    const { looked, ids, prepared } = await states("BillingFailed");
    const sighting = { meaning: "void", state: "BillingFailed" };
    expect(await looked(1, prepared[0])).toMatchObject({ commitmentIds: [ids[0]], sighting, differences: [] });
    expect(await looked(2, prepared[0])).toMatchObject({ commitmentIds: [ids[0]], sighting });
  });

  test("answers with the one that the request in question made, of two that are void", async () => {
    const { looked, ids, prepared } = await states("Failed", "BillingFailed");
    expect(await looked(2, prepared[0])).toMatchObject({ commitmentIds: [ids[0]], sighting: { state: "Failed" } });
    expect(await looked(2, prepared[1])).toMatchObject({ commitmentIds: [ids[1]], differences: [] });
    expect(await looked(3)).toBeUndefined();
  });

  test("answers with the last one where every name is spent", async () => {
    const { looked, ids } = await states("Failed", "BillingFailed");
    expect(await looked(2)).toMatchObject({
      commitmentIds: [ids[1]],
      sighting: { meaning: "void", state: "BillingFailed" },
      differences: [],
    });
  });

  test.each(["Succeeded", "Creating", "Cancelled", "Expired", "Merged"])(
    "answers with the one that is %s, which may have been bought, and with no void one",
    async (state) => {
      const { looked, ids, prepared } = await states("Failed", state, "BillingFailed");
      for (const sent of [undefined, prepared[1]])
        expect(await looked(3, sent)).toMatchObject({ commitmentIds: [ids[1]], sighting: { state }, differences: [] });
      expect(await looked(3, prepared[2])).toMatchObject({ commitmentIds: [ids[1]], sighting: { state } });
    },
  );

  test.each(["Cancelled", "Expired", "Split"])(
    "tells both where the first is %s and a second one lives: both may have been bought",
    async (state) => {
      const { looked } = await states(state, "Succeeded");
      expect(await looked(2)).toMatchObject({ differences: ["orders: expected 1, found 2"] });
    },
  );
});

describe("a calculated order that is void", () => {
  /** Two orders under the line's name: both were calculated before either was bought, as two workers of one line may do. */
  async function twoOfOneName(...states: readonly [string, string]) {
    const cloud = await azureCloud();
    const { provider } = CALCULATION.over(cloud);
    const prepared = [
      await provider.prepare(CALCULATION.request, TOKEN, context()),
      await provider.prepare(CALCULATION.request, TOKEN, context()),
    ];
    const ids: string[] = [];
    for (const [index, one] of prepared.entries()) {
      const outcome = await provider.purchase(permitFor(CALCULATION.request, one), context());
      ids.push(idOf({ outcome }));
      await cloud.simulator.states.set(ids[index] ?? "", states[index] ?? "");
    }
    const looked = (more: Partial<ProviderContext>) => provider.lookup(CALCULATION.request, TOKEN, context(more));
    return { ids, looked, first: prepared[0] ?? expect.unreachable() };
  }

  test("is no answer where another order has the line's name", async () => {
    const { ids, looked, first } = await twoOfOneName("BillingFailed", "Succeeded");
    for (const prepared of [first, undefined])
      expect(await looked({ ...(prepared && { prepared }) })).toMatchObject({
        commitmentIds: [ids[1]],
        sighting: { meaning: "live" },
        differences: [],
      });
  });

  test("spends one name together with another one of that name", async () => {
    const { looked, first } = await twoOfOneName("BillingFailed", "Failed");
    expect(await looked({ lineageAttempt: 2 })).toBeUndefined();
    expect(await looked({ lineageAttempt: 1 })).toMatchObject({ sighting: { meaning: "void" }, differences: [] });
    expect(await looked({ lineageAttempt: 2, prepared: first })).toMatchObject({ sighting: { meaning: "void" } });
  });

  test("is told by its own id before any list shows it", async () => {
    const cloud = await azureCloud({ listingLagMs: 3_600_000 });
    const { provider } = CALCULATION.over(cloud);
    const first = await bought(provider, CALCULATION.request);
    await cloud.simulator.states.set(idOf(first), "Failed");
    expect(await provider.lookup(CALCULATION.request, TOKEN, context({ prepared: first.prepared }))).toMatchObject({
      commitmentIds: [idOf(first)],
      sighting: { meaning: "void", state: "Failed" },
    });
    expect(await provider.lookup(CALCULATION.request, TOKEN, context())).toBeUndefined();
  });

  test("is told also where it names no reservation, which nobody owes anything for", async () => {
    const { looked, id } = await over(CALCULATION, "Failed", { reservations: [] });
    expect(await looked()).toMatchObject({ commitmentIds: [id], sighting: { meaning: "void" }, differences: [] });
  });
});
