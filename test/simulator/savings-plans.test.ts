import {
  CreateSavingsPlanCommand,
  DeleteQueuedSavingsPlanCommand,
  DescribeSavingsPlansCommand,
  DescribeSavingsPlansOfferingsCommand,
  type SavingsPlanOffering,
  TagResourceCommand,
} from "@aws-sdk/client-savingsplans";
import { describe, expect, it } from "vitest";
import {
  aPlanOffering,
  buyPlan,
  listedPlans,
  ManualClock,
  OTHER_ACCOUNT,
  savingsPlansFor,
  simulatedAws,
} from "./simulated-aws.js";

const YEAR_SECONDS = 31_536_000;
const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

describe("DescribeSavingsPlansOfferings", () => {
  it("finds the plans of one family in one region", async () => {
    const client = savingsPlansFor(await simulatedAws());
    const { searchResults } = await client.send(
      new DescribeSavingsPlansOfferingsCommand({
        planTypes: ["EC2Instance"],
        productType: "EC2",
        paymentOptions: ["All Upfront"],
        durations: [3 * YEAR_SECONDS],
        currencies: ["USD"],
        filters: [
          { name: "region", values: ["eu-west-1"] },
          { name: "instanceFamily", values: ["m5"] },
        ],
      }),
    );
    expect(searchResults).toEqual([
      expect.objectContaining({
        offeringId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        planType: "EC2Instance",
        paymentOption: "All Upfront",
        durationSeconds: 3 * YEAR_SECONDS,
        currency: "USD",
        properties: [
          { name: "region", value: "eu-west-1" },
          { name: "instanceFamily", value: "m5" },
        ],
      }),
    ]);
  });

  it.each([false, true])("pages, each row once, with empty pages: %s", async (emptyPages) => {
    const simulator = await simulatedAws({ emptyPages });
    const client = savingsPlansFor(simulator);
    const rows: SavingsPlanOffering[] = [];
    let nextToken: string | undefined;
    do {
      const request = { maxResults: 10, ...(nextToken && { nextToken }) };
      const page = await client.send(new DescribeSavingsPlansOfferingsCommand(request));
      rows.push(...(page.searchResults ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    const onSale = await simulator.offerings.savingsPlans();
    expect(rows.map((row) => row.offeringId)).toEqual(onSale.map((row) => row.offeringId));
  });

  it("has the same ids in every run", async () => {
    const [first, second] = [await simulatedAws(), await simulatedAws()];
    expect(await first.offerings.savingsPlans()).toEqual(await second.offerings.savingsPlans());
  });
});

describe("CreateSavingsPlan", () => {
  it("buys, with its tags, and the listing shows it", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock });
    const client = savingsPlansFor(simulator);
    const savingsPlanOfferingId = await aPlanOffering(client, "No Upfront");
    const id = await buyPlan(client, { commitment: "1.25", clientToken: "t1", tags: { "buyonce:token": "abc" } });
    expect(await listedPlans(client)).toEqual([
      expect.objectContaining({
        savingsPlanId: id,
        savingsPlanArn: `arn:aws:savingsplans::111122223333:savingsplan/${id}`,
        offeringId: savingsPlanOfferingId,
        commitment: "1.25000000",
        upfrontPaymentAmount: "0.00000000",
        recurringPaymentAmount: "1.25000000",
        currency: "USD",
        state: "active",
        start: new Date(clock.now()).toISOString(),
        termDurationInSeconds: YEAR_SECONDS,
        savingsPlanType: "Compute",
        tags: { "buyonce:token": "abc" },
      }),
    ]);
    expect(await simulator.ledger.purchases()).toEqual([
      {
        service: "aws.savings-plans",
        account: "111122223333",
        region: "global",
        commitmentId: id,
        purchaseId: "purchase-000001",
        offeringId: savingsPlanOfferingId,
        quantity: 1,
        commitment: "1.25",
        token: "t1",
        tags: { "buyonce:token": "abc" },
        state: "active",
        purchasedAt: clock.now(),
        charge: { amount: "0.00000000", currency: "USD" },
      },
    ]);
  });

  it("buys once for one client token in one account", async () => {
    const simulator = await simulatedAws();
    const client = savingsPlansFor(simulator);
    const first = await buyPlan(client, { clientToken: "t1" });
    expect(await buyPlan(client, { clientToken: "t1" })).toBe(first);
    expect(await buyPlan(client, { clientToken: "t2" })).not.toBe(first);
    expect(await buyPlan(savingsPlansFor(simulator, { account: OTHER_ACCOUNT }), { clientToken: "t1" })).not.toBe(
      first,
    );
    expect(await simulator.ledger.purchases()).toHaveLength(3);
  });

  it("buys twice for two sends without a token of the caller's, as the SDK makes up a new one for each", async () => {
    const simulator = await simulatedAws();
    const client = savingsPlansFor(simulator);
    await buyPlan(client);
    await buyPlan(client);
    expect(await simulator.ledger.purchases()).toHaveLength(2);
  });

  it("forgets a token after its window and buys again", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, clientTokenWindowMs: 5000 });
    const client = savingsPlansFor(simulator);
    const first = await buyPlan(client, { clientToken: "t1" });
    clock.advance(4999);
    expect(await buyPlan(client, { clientToken: "t1" })).toBe(first);
    clock.advance(1);
    expect(await buyPlan(client, { clientToken: "t1" })).not.toBe(first);
    expect((await simulator.ledger.purchases()).map((row) => row.token)).toEqual(["t1", "t1"]);
  });

  it("refuses a changed request under a known token", async () => {
    const simulator = await simulatedAws();
    const client = savingsPlansFor(simulator);
    await buyPlan(client, { clientToken: "t1" });
    const changed = buyPlan(client, { clientToken: "t1", commitment: "0.6" });
    await expect(changed).rejects.toMatchObject({ name: "ValidationException" });
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("returns the first plan for a changed request if the switch says so", async () => {
    const simulator = await simulatedAws({ changedRequestUnderToken: "return-original" });
    const client = savingsPlansFor(simulator);
    const first = await buyPlan(client, { clientToken: "t1" });
    expect(await buyPlan(client, { clientToken: "t1", commitment: "0.6" })).toBe(first);
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitment: "0.5" }]);
  });

  it("takes an upfront amount from 50 to 99 percent for Partial Upfront", async () => {
    const simulator = await simulatedAws();
    const client = savingsPlansFor(simulator);
    const savingsPlanOfferingId = await aPlanOffering(client, "Partial Upfront");
    const create = (upfrontPaymentAmount: string) => buyPlan(client, { savingsPlanOfferingId, upfrontPaymentAmount });
    // 0.5 USD for 8760 hours is 4380 USD.
    for (const amount of ["2189", "4337", "2190.5"]) {
      await expect(create(amount)).rejects.toMatchObject({ name: "ValidationException" });
    }
    await create("2190");
    expect(await listedPlans(client)).toMatchObject([
      { upfrontPaymentAmount: "2190.00000000", recurringPaymentAmount: "0.25000000" },
    ]);
  });

  it.each([
    ["ValidationException", 400, { savingsPlanOfferingId: "not an id" }],
    ["ValidationException", 400, { savingsPlanOfferingId: undefined }],
    ["ResourceNotFoundException", 404, { savingsPlanOfferingId: UNKNOWN_ID }],
    ["ValidationException", 400, { commitment: undefined }],
    ["ValidationException", 400, { commitment: "0.0009" }],
    ["ValidationException", 400, { commitment: "1000000.1" }],
    ["ValidationException", 400, { commitment: "0.123456" }],
    ["ValidationException", 400, { commitment: "-1" }],
    ["ValidationException", 400, { commitment: "1e3" }],
    ["ValidationException", 400, { upfrontPaymentAmount: "2190" }],
    ["ValidationException", 400, { purchaseTime: new Date("2020-01-01T00:00:00Z") }],
    ["ValidationException", 400, { purchaseTime: new Date("2099-01-01T00:00:00Z") }],
    ["ValidationException", 400, { tags: { "aws:x": "y" } }],
    ["ValidationException", 400, { tags: { k: "v".repeat(257) } }],
  ])("answers %s (%i) to %j and buys nothing", async (name, httpStatusCode, more) => {
    const simulator = await simulatedAws();
    const client = savingsPlansFor(simulator);
    const savingsPlanOfferingId = await aPlanOffering(client, "No Upfront");
    const request = { savingsPlanOfferingId, commitment: "0.5", ...more };
    await expect(client.send(new CreateSavingsPlanCommand(request))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode },
    });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("takes the smallest, the largest and the finest commitment", async () => {
    const simulator = await simulatedAws();
    const client = savingsPlansFor(simulator);
    for (const commitment of ["0.001", "1000000", "1.00001"]) await buyPlan(client, { commitment });
    expect(await simulator.ledger.purchases()).toHaveLength(3);
  });
});

describe("DescribeSavingsPlans", () => {
  it("filters by state, id, ARN and field, leaves unknown ids out, and pages", async () => {
    const client = savingsPlansFor(await simulatedAws());
    const active = await buyPlan(client, { commitment: "0.5" });
    const queued = await buyPlan(client, { commitment: "0.7", purchaseTime: new Date(Date.now() + 3_600_000) });
    const ids = async (request: DescribeSavingsPlansCommand["input"]) =>
      (await listedPlans(client, request)).map((plan) => plan.savingsPlanId);
    expect(await ids({ states: ["queued"] })).toEqual([queued]);
    expect(await ids({ savingsPlanIds: [active, UNKNOWN_ID] })).toEqual([active]);
    expect(await ids({ savingsPlanArns: [`arn:aws:savingsplans::111122223333:savingsplan/${queued}`] })).toEqual([
      queued,
    ]);
    expect(await ids({ filters: [{ name: "commitment", values: ["0.7"] }] })).toEqual([queued]);
    const first = await client.send(new DescribeSavingsPlansCommand({ maxResults: 1 }));
    expect(first.savingsPlans).toMatchObject([{ savingsPlanId: active }]);
    expect(await ids({ maxResults: 1, nextToken: String(first.nextToken) })).toEqual([queued]);
    const unknownState = client.send(new DescribeSavingsPlansCommand({ maxResults: 0 }));
    await expect(unknownState).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("shows a plan only after the listing lag, and its own tags with it", async () => {
    const clock = new ManualClock();
    const client = savingsPlansFor(await simulatedAws({ clock, listingLagMs: 1000, tagLagMs: 60_000 }));
    await buyPlan(client, { tags: { k: "v" } });
    expect(await listedPlans(client)).toEqual([]);
    clock.advance(1000);
    expect(await listedPlans(client)).toMatchObject([{ tags: { k: "v" } }]);
  });

  it("goes from queued over payment-pending to active", async () => {
    const clock = new ManualClock();
    const client = savingsPlansFor(await simulatedAws({ clock, paymentPendingMs: 1000, maxClockSkewMs: 7_200_000 }));
    await buyPlan(client, { purchaseTime: new Date(clock.now() + 3_600_000) });
    const states = async () => (await listedPlans(client)).map((plan) => plan.state);
    expect(await states()).toEqual(["queued"]);
    clock.advance(3_600_000);
    expect(await states()).toEqual(["payment-pending"]);
    clock.advance(1000);
    expect(await states()).toEqual(["active"]);
  });
});

describe("TagResource", () => {
  it("tags a listed plan, and does not find one that is not listed", async () => {
    const clock = new ManualClock();
    const client = savingsPlansFor(await simulatedAws({ clock, listingLagMs: 1000, tagLagMs: 500 }));
    const resourceArn = `arn:aws:savingsplans::111122223333:savingsplan/${await buyPlan(client, { tags: { a: "1" } })}`;
    const tag = new TagResourceCommand({ resourceArn, tags: { b: "2" } });
    await expect(client.send(tag)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    clock.advance(1000);
    await client.send(tag);
    expect(await listedPlans(client)).toMatchObject([{ tags: { a: "1" } }]);
    clock.advance(500);
    expect(await listedPlans(client)).toMatchObject([{ tags: { a: "1", b: "2" } }]);
  });
});

describe("DeleteQueuedSavingsPlan", () => {
  it("deletes a queued plan and no other", async () => {
    const simulator = await simulatedAws();
    const client = savingsPlansFor(simulator);
    const active = await buyPlan(client);
    const queued = await buyPlan(client, { purchaseTime: new Date(Date.now() + 3_600_000) });
    const remove = (savingsPlanId: string) => client.send(new DeleteQueuedSavingsPlanCommand({ savingsPlanId }));
    await remove(queued);
    await expect(remove(active)).rejects.toMatchObject({ name: "ValidationException" });
    await expect(remove(UNKNOWN_ID)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect((await simulator.ledger.purchases()).map((row) => row.state)).toEqual(["active", "queued-deleted"]);
  });
});
