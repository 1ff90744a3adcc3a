import { CreateSavingsPlanCommand, DeleteQueuedSavingsPlanCommand } from "@aws-sdk/client-savingsplans";
import type { AwsSimulatorOptions, Fault, SavingsPlansOffering } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { AwsSavingsPlansRequest } from "../../../src/domain/commitment-request/aws-savings-plans.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { mayResend } from "../../../src/domain/idempotency-contract.js";
import { savingsPlans } from "../../../src/providers/aws/services/savings-plans.js";
import { TOKEN_TAG } from "../../../src/providers/aws/token-tag.js";
import type { ProviderContext } from "../../../src/providers/commitment-provider.js";
import {
  ACCOUNT,
  context,
  ignoreFilters,
  OTHER_TOKEN,
  permitFor,
  planRequest,
  plansClient,
  seen,
  simulated,
  TOKEN,
} from "./simulated-line.js";

/** A simulator with a client and a provider of the line's account. */
async function cloudWith(options: AwsSimulatorOptions = {}, settings: { readonly maxPages?: number } = {}) {
  const cloud = await simulated(options);
  const client = plansClient(cloud);
  const provider = savingsPlans({ clientFor: () => client, ...settings });
  const now = (more: Partial<ProviderContext> = {}) => context({ now: cloud.clock.now(), ...more });
  return {
    ...cloud,
    client,
    provider,
    fault: (fault: Fault) => cloud.simulator.faults.add(fault),
    lookup: (request = planRequest(), prepared?: Prepared, lineageAttempt = 1) =>
      provider.lookup(request, TOKEN, now({ lineageAttempt, ...(prepared && { prepared }) })),
    prepare: (request = planRequest(), lineageAttempt = 1) => provider.prepare(request, TOKEN, now({ lineageAttempt })),
    purchase: (request: AwsSavingsPlansRequest, prepared: Prepared) =>
      provider.purchase(permitFor(request, prepared, cloud.clock.now()), context()),
    label: (commitmentIds: readonly string[], request = planRequest()) =>
      provider.label?.({ commitmentIds, adopted: true }, TOKEN, { ...now(), request }),
    create: (more: Partial<CreateSavingsPlanCommand["input"]> & { readonly savingsPlanOfferingId: string }) =>
      client.send(new CreateSavingsPlanCommand({ commitment: "0.5", ...more })),
  };
}
type Cloud = Awaited<ReturnType<typeof cloudWith>>;

/** Prepares and buys; the id that AWS answered. */
async function bought(cloud: Cloud, request = planRequest()) {
  const prepared = await cloud.prepare(request);
  const outcome = await cloud.purchase(request, prepared);
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  return { prepared, id: outcome.commitment.commitmentIds[0] ?? "" };
}

const instancePlan = planRequest({ planType: "EC2Instance", region: "eu-west-1", instanceFamily: "m5" });

const offeringLike = (offeringId: string, more: Partial<SavingsPlansOffering> = {}): SavingsPlansOffering => ({
  offeringId,
  planType: "Compute",
  paymentOption: "No Upfront",
  durationSeconds: 31_536_000,
  productTypes: ["EC2"],
  description: "a plan",
  serviceCode: "ComputeSavingsPlans",
  usageType: "x",
  operation: "",
  ...more,
});
const FIRST = "00000000-0000-4000-8000-000000000001";
const SECOND = "00000000-0000-4000-8000-000000000002";

describe("contract", () => {
  const { idempotency, service } = savingsPlans({ clientFor: () => Promise.reject(new Error("unused")) });

  test("native token, remembered for no longer than any AWS API says of such a token", () => {
    expect(service).toBe("aws.savings-plans");
    expect(idempotency).toEqual({
      kind: "native-token",
      windowMs: 300_000,
      maxRequestLifetimeMs: 900_000,
      visibilityLagMs: 300_000,
      clockSkewMs: 60_000,
    });
  });

  test("never lets a doubt end by a resend, unless it is told a longer memory", () => {
    expect(mayResend(idempotency, 0, 0)).toBe(false);
    const told = savingsPlans({
      clientFor: () => Promise.reject(new Error("unused")),
      timing: { windowMs: 86_400_000 },
    });
    expect(mayResend(told.idempotency, 0, 0)).toBe(true);
  });
});

describe("prepare", () => {
  test("finds the offering and the price of the whole term", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    expect(prepared).toEqual({
      reference: expect.stringMatching(/^[0-9a-f-]{36}$/),
      price: { amount: "4380", currency: "USD" },
      snapshot: [],
      detail: {},
    });
    const offerings = await cloud.simulator.offerings.savingsPlans();
    expect(offerings.find(({ offeringId }) => offeringId === prepared.reference)).toMatchObject({
      planType: "Compute",
      paymentOption: "No Upfront",
      durationSeconds: 31_536_000,
    });
  });

  test("asks with typed fields", async () => {
    const cloud = await cloudWith();
    await cloud.prepare();
    await cloud.prepare(instancePlan).catch(() => undefined);
    const [compute] = await seen(cloud, "DescribeSavingsPlansOfferings");
    expect(compute?.params).toEqual({
      planTypes: ["Compute"],
      durations: [31_536_000],
      paymentOptions: ["No Upfront"],
      currencies: ["USD"],
      maxResults: 1000,
    });
  });

  test("finds the plan of a region and an instance family", async () => {
    const cloud = await simulated();
    const client = plansClient(cloud, { region: "eu-west-1" });
    const provider = savingsPlans({ clientFor: () => client });
    const prepared = await provider.prepare(instancePlan, TOKEN, context());
    const offerings = await cloud.simulator.offerings.savingsPlans();
    expect(offerings.find(({ offeringId }) => offeringId === prepared.reference)).toMatchObject({
      planType: "EC2Instance",
      region: "eu-west-1",
      instanceFamily: "m5",
    });
  });

  describe("does not take an offering that differs in", () => {
    const differing: readonly (readonly [string, Partial<SavingsPlansOffering>])[] = [
      ["the duration", { durationSeconds: 94_608_000 }],
      ["the payment", { paymentOption: "All Upfront" }],
      ["the plan type", { planType: "SageMaker" }],
      ["the region", { region: "eu-west-1" }],
      ["the instance family", { instanceFamily: "m5" }],
    ];

    test.each(differing)("%s, though AWS lists it", async (_what, more) => {
      const cloud = await cloudWith({ offerings: { replace: true, savingsPlans: [offeringLike(FIRST, more)] } });
      ignoreFilters(cloud.client);
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", details: { listed: 1 } });
    });
  });

  test("finds the one among all of them where AWS ignores what it is asked", async () => {
    const cloud = await cloudWith();
    const { reference } = await cloud.prepare();
    ignoreFilters(cloud.client);
    expect(await cloud.prepare()).toMatchObject({ reference });
  });

  test("refuses what AWS does not sell", async () => {
    const cloud = await cloudWith({ offerings: { replace: true } });
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", retryable: false });
  });

  test("does not choose among several", async () => {
    const cloud = await cloudWith({
      offerings: { replace: true, savingsPlans: [offeringLike(FIRST), offeringLike(SECOND)] },
    });
    await expect(cloud.prepare()).rejects.toMatchObject({
      code: "OFFERING_AMBIGUOUS",
      details: { offerings: [FIRST, SECOND] },
    });
  });

  test("refuses an expected price that is not the commitment over the term", async () => {
    const cloud = await cloudWith();
    const request = planRequest({ expectedPrice: { amount: "4500", currency: "USD" } });
    await expect(cloud.prepare(request)).rejects.toMatchObject({ code: "PRICE_DRIFT", retryable: false });
  });

  test("goes on over empty pages, up to the cap", async () => {
    const cloud = await cloudWith({ emptyPages: true });
    expect((await cloud.prepare()).reference).toMatch(/-/);
    const capped = await cloudWith({ emptyPages: true }, { maxPages: 1 });
    await expect(capped.prepare()).rejects.toMatchObject({ code: "OFFERING_PAGES_EXCEEDED" });
  });

  test.each(["empty-body", "garbage-body"] as const)("tries again later after %s", async (kind) => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: "DescribeSavingsPlansOfferings", kind });
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
  });
});

describe("purchase", () => {
  test("sends the commitment as approved, the token as client token and tag, and no purchase time", async () => {
    const cloud = await cloudWith();
    const request = planRequest({ hourlyCommitment: "0.00456", expectedPrice: { amount: "39.9456", currency: "USD" } });
    const prepared = await cloud.prepare(request);
    const outcome = await cloud.purchase(request, prepared);
    const [sent] = await seen(cloud, "CreateSavingsPlan");
    expect(sent?.params).toEqual({
      savingsPlanOfferingId: prepared.reference,
      commitment: "0.00456",
      clientToken: TOKEN,
      tags: { [TOKEN_TAG]: TOKEN },
    });
    const [purchase] = await cloud.simulator.ledger.purchases();
    expect(purchase).toMatchObject({ account: ACCOUNT, commitment: "0.00456", token: TOKEN });
    expect(outcome).toEqual({ kind: "committed", commitment: { commitmentIds: [purchase?.commitmentId] } });
  });

  test("sends the upfront amount of a plan that is paid in part", async () => {
    const cloud = await cloudWith();
    const request = planRequest({ payment: "partial_upfront", upfrontAmount: "2500" });
    await bought(cloud, request);
    const [sent] = await seen(cloud, "CreateSavingsPlan");
    expect(sent?.params).toMatchObject({ upfrontPaymentAmount: "2500" });
  });

  test("sends the same request for the same permit, which AWS buys once", async () => {
    const cloud = await cloudWith();
    const { prepared, id } = await bought(cloud);
    const again = await cloud.purchase(planRequest(), JSON.parse(JSON.stringify(prepared)));
    expect(again).toEqual({ kind: "committed", commitment: { commitmentIds: [id] } });
    expect(await cloud.simulator.ledger.purchases()).toHaveLength(1);
  });

  test.each(["empty-body", "garbage-body", "cut-body", "reset-after", "error-500-after"] as const)(
    "that meets %s is unknown, and found by lookup",
    async (kind) => {
      const cloud = await cloudWith();
      await cloud.fault({ operation: "CreateSavingsPlan", kind });
      const prepared = await cloud.prepare();
      expect((await cloud.purchase(planRequest(), prepared)).kind).toBe("unknown");
      const [purchase] = await cloud.simulator.ledger.purchases();
      expect(await cloud.lookup()).toMatchObject({
        commitmentIds: [purchase?.commitmentId],
        labeled: true,
        differences: [],
      });
    },
  );
});

describe("lookup", () => {
  test("finds nothing in an empty account", async () => {
    expect(await (await cloudWith()).lookup()).toBeUndefined();
  });

  test("finds the plan that carries the token, with what is paid at once", async () => {
    const cloud = await cloudWith();
    const request = planRequest({ payment: "all_upfront" });
    const { id } = await bought(cloud, request);
    expect(await cloud.lookup(request)).toEqual({
      commitmentIds: [id],
      labeled: true,
      sighting: { meaning: "live", state: "active" },
      differences: [],
      startedAt: cloud.clock.now(),
      charge: { amount: "4380", currency: "USD" },
    });
  });

  test("reads every page, up to the cap", async () => {
    const cloud = await cloudWith();
    const { reference } = await cloud.prepare();
    // AWS lists up to 1000 plans on a page.
    for (let batch = 0; batch < 20; batch += 1)
      await Promise.all(Array.from({ length: 50 }, () => cloud.create({ savingsPlanOfferingId: reference })));
    const { id } = await bought(cloud);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id] });
    const capped = savingsPlans({ clientFor: () => cloud.client, maxPages: 1 });
    await expect(capped.lookup(planRequest(), TOKEN, context())).rejects.toMatchObject({
      code: "OFFERING_PAGES_EXCEEDED",
    });
  });

  test("reports what differs from the line", async () => {
    const cloud = await cloudWith();
    await bought(cloud);
    const other = { payment: "all_upfront", term: "3yr", hourlyCommitment: "0.6", planType: "SageMaker" } as const;
    expect(
      (await cloud.lookup(planRequest({ ...other, expectedPrice: { amount: "1", currency: "EUR" } })))?.differences,
    ).toEqual([
      "hourlyCommitment: expected 0.6, found 0.5",
      "planType: expected SageMaker, found Compute",
      "payment: expected All Upfront, found No Upfront",
      "term: expected 94608000, found 31536000",
      "currency: expected EUR, found USD",
    ]);
  });

  test("compares commitments as numbers", async () => {
    const cloud = await cloudWith();
    await bought(cloud);
    expect(await cloud.lookup(planRequest({ hourlyCommitment: "0.50000" }))).toMatchObject({ differences: [] });
  });

  test("compares region and instance family of an EC2Instance plan", async () => {
    const cloud = await simulated();
    const client = plansClient(cloud, { region: "eu-west-1" });
    const provider = savingsPlans({ clientFor: () => client });
    const prepared = await provider.prepare(instancePlan, TOKEN, context());
    await provider.purchase(permitFor(instancePlan, prepared, cloud.clock.now()), context());
    expect(await provider.lookup(instancePlan, TOKEN, context())).toMatchObject({ differences: [] });
    const other = { ...instancePlan, instanceFamily: "c5" };
    expect(await provider.lookup(other, TOKEN, context())).toMatchObject({
      differences: ["instanceFamily: expected c5, found m5"],
    });
  });

  test("two plans under one token are a difference", async () => {
    const cloud = await cloudWith();
    const { prepared } = await bought(cloud);
    await cloud.create({ savingsPlanOfferingId: prepared.reference, tags: { [TOKEN_TAG]: TOKEN } });
    expect(await cloud.lookup()).toMatchObject({ differences: ["quantity: expected 1, found 2"] });
  });

  test("finds a plan that waits for its payment, and says where the payment failed", async () => {
    const cloud = await cloudWith({ paymentPendingMs: 60_000 });
    await cloud.fault({ operation: "CreateSavingsPlan", kind: "payment-fails" });
    const { id } = await bought(cloud);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id] });
    cloud.clock.advance(60_001);
    const sighting = { meaning: "void", state: "payment-failed" };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting });
  });

  test.each([
    ["active", "live"],
    ["pending-return", "live"],
    ["being-invented", "live"],
    ["returned", "ended"],
    ["payment-failed", "void"],
    ["queued-deleted", "void"],
    ["retired", "unclear"],
  ])("finds a plan that is %s, which means %s", async (state, meaning) => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    await cloud.simulator.states.set(id, state);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], differences: [], sighting: { meaning, state } });
  });

  test("finds a plan that has run its term as ended: it was bought", async () => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    cloud.clock.advance(31_536_000_000);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting: { meaning: "ended" } });
  });

  test("passes over a plan whose payment failed once a person retries, and not before", async () => {
    const cloud = await cloudWith();
    const first = await bought(cloud);
    await cloud.simulator.states.set(first.id, "payment-failed");
    const failed = { commitmentIds: [first.id], sighting: { meaning: "void" } };
    expect(await cloud.lookup()).toMatchObject(failed);
    expect(await cloud.lookup(planRequest(), first.prepared, 2)).toMatchObject(failed);
    expect(await cloud.lookup(planRequest(), undefined, 2)).toBeUndefined();
    const second = await cloud.prepare(planRequest(), 2);
    expect(second).toMatchObject({ snapshot: [first.id], detail: { clientToken: expect.stringMatching(/-2$/) } });
    expect(await cloud.lookup(planRequest(), second, 2)).toBeUndefined();
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "NAME_SPENT" });
  });

  test("finds a queued plan, and says where its queued purchase was deleted", async () => {
    const cloud = await cloudWith();
    const { reference } = await cloud.prepare();
    const { savingsPlanId } = await cloud.create({
      savingsPlanOfferingId: reference,
      purchaseTime: new Date(cloud.clock.now() + 3_600_000),
      tags: { [TOKEN_TAG]: TOKEN },
    });
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [savingsPlanId] });
    await cloud.client.send(new DeleteQueuedSavingsPlanCommand({ savingsPlanId }));
    const sighting = { meaning: "void", state: "queued-deleted" };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [savingsPlanId], sighting });
  });

  test.each(["reset-before", "error-500-before", "throttle", "empty-body", "garbage-body", "cut-body"] as const)(
    "that meets %s throws and is never absent",
    async (kind) => {
      const cloud = await cloudWith();
      await cloud.fault({ operation: "DescribeSavingsPlans", kind, times: 20 });
      await expect(cloud.lookup()).rejects.toMatchObject({ code: "LOOKUP_FAILED", retryable: true });
    },
  );
});

describe("a plan that lost its tags", () => {
  async function lost() {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.fault({ operation: "CreateSavingsPlan", kind: "lost-tag-at-creation" });
    const outcome = await cloud.purchase(planRequest(), prepared);
    if (outcome.kind !== "committed") throw new Error("not bought");
    return { cloud, prepared, ids: outcome.commitment.commitmentIds };
  }

  test("is found after a request was sent, and labeled then", async () => {
    const { cloud, prepared, ids } = await lost();
    expect(await cloud.lookup(planRequest(), prepared)).toMatchObject({
      commitmentIds: ids,
      labeled: false,
      differences: [],
    });
    await cloud.label(ids);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: ids, labeled: true });
  });

  test("is nobody's before a request was sent, and in the snapshot of the next one", async () => {
    const { cloud, ids } = await lost();
    expect(await cloud.lookup()).toBeUndefined();
    const prepared = await cloud.prepare();
    expect(prepared.snapshot).toEqual(ids);
    expect(await cloud.lookup(planRequest(), prepared)).toBeUndefined();
  });

  test("is not taken for a line that buys something else", async () => {
    const { cloud, prepared } = await lost();
    expect(await cloud.lookup(planRequest({ hourlyCommitment: "0.6" }), prepared)).toBeUndefined();
  });

  test("is not mixed up with the plan of another line", async () => {
    const cloud = await cloudWith();
    const prepared = await cloud.prepare();
    await cloud.create({ savingsPlanOfferingId: prepared.reference, tags: { [TOKEN_TAG]: OTHER_TOKEN } });
    expect(await cloud.lookup(planRequest(), prepared)).toBeUndefined();
  });

  test("counts whatever its state is by now", async () => {
    const { cloud, prepared, ids } = await lost();
    await cloud.simulator.states.set(ids[0] ?? "", "payment-failed");
    expect(await cloud.lookup(planRequest(), prepared)).toMatchObject({
      commitmentIds: ids,
      labeled: false,
      sighting: { meaning: "void" },
    });
    expect((await cloud.prepare()).snapshot).toEqual(ids);
  });

  test("and leaves out what is compared is for a person to judge", async () => {
    const { cloud, prepared, ids } = await lost();
    await cloud.fault({ operation: "DescribeSavingsPlans", kind: "leave-out", fields: ["currency"] });
    expect(await cloud.lookup(planRequest(), prepared)).toMatchObject({
      commitmentIds: ids,
      labeled: false,
      differences: ["currency: expected USD, found none"],
    });
  });

  test("cannot be told from another one: the lookup fails", async () => {
    const { cloud, prepared } = await lost();
    await cloud.create({ savingsPlanOfferingId: prepared.reference });
    await expect(cloud.lookup(planRequest(), prepared)).rejects.toMatchObject({
      code: "LOOKUP_FAILED",
      message: expect.stringContaining("several plans without a token"),
    });
  });
});

describe("label", () => {
  test("does nothing where the token is there", async () => {
    const cloud = await cloudWith();
    const { id } = await bought(cloud);
    expect(await cloud.label([id])).toEqual({ commitmentIds: [id], charge: { amount: "0", currency: "USD" } });
    expect(await seen(cloud, "TagResource")).toEqual([]);
  });

  test("is tried again until the plan is listed", async () => {
    const cloud = await cloudWith({ listingLagMs: 60_000 });
    const { id } = await bought(cloud);
    await expect(cloud.label([id])).rejects.toThrow("is not listed yet");
    cloud.clock.advance(60_000);
    await cloud.label([id]);
  });

  test("is tried again where the tag was accepted and lost", async () => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: "CreateSavingsPlan", kind: "lost-tag-at-creation" });
    const { id } = await bought(cloud);
    await cloud.fault({ operation: "TagResource", kind: "lost-tag" });
    await expect(cloud.label([id])).rejects.toThrow("is not listed yet on");
    await cloud.label([id]);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], labeled: true });
  });

  test("takes over no plan that carries another line's token", async () => {
    const cloud = await cloudWith();
    const { reference } = await cloud.prepare();
    const { savingsPlanId = "" } = await cloud.create({
      savingsPlanOfferingId: reference,
      tags: { [TOKEN_TAG]: "another" },
    });
    await expect(cloud.label([savingsPlanId])).rejects.toThrow("carries the token of another line");
  });

  test.each([
    ["payment-failed", "void"],
    ["queued-deleted", "void"],
    ["returned", "ended"],
    ["retired", "unclear"],
  ])("tells that a plan is %s, which has nothing to label, instead of trying for ever", async (state, meaning) => {
    const cloud = await cloudWith();
    await cloud.fault({ operation: "CreateSavingsPlan", kind: "lost-tag-at-creation" });
    const { id } = await bought(cloud);
    await cloud.simulator.states.set(id, state);
    expect(await cloud.label([id])).toEqual({ commitmentIds: [id], sighting: { meaning, state } });
    expect(await seen(cloud, "TagResource")).toEqual([]);
  });
});
