import { describe, expect, test } from "vitest";
import { bought, cloudWith, NAME, restate, type Trouble } from "./named-cloud.js";
import { NAMED_SERVICES } from "./named-services.js";

describe.each(NAMED_SERVICES)("a purchase of $name under a name that is taken", (service) => {
  const { operations, fields, codes, request } = service;

  test("by something else is unknown, and says what differs", async () => {
    const cloud = await cloudWith(service);
    const prepared = await cloud.prepare();
    const { amount } = request.expectedPrice;
    const three = {
      ...request,
      quantity: 3,
      expectedPrice: { amount: String(Number(amount) * 1.5), currency: "USD" },
    };
    await bought(cloud, { request: three });
    expect(await cloud.purchase(prepared)).toEqual({
      kind: "unknown",
      reason: "the name is taken: quantity: expected 2, found 3",
    });
  });

  test.each([
    ["active", "live"],
    ["payment-failed", "void"],
    ["retired", "unclear"],
  ])("by one of ours that is %s says that this means %s, and the engine decides", async (state, meaning) => {
    const cloud = await cloudWith(service);
    const prepared = await bought(cloud);
    await cloud.simulator.states.set(NAME, state);
    expect(await cloud.purchase(prepared)).toMatchObject({
      kind: "committed",
      commitment: { commitmentIds: [NAME], adopted: true },
      sighting: { meaning, state },
    });
  });

  test.each<Trouble>([
    { kind: "error-500-before" },
    { kind: "error", code: "AccessDenied", status: 403 },
    { kind: "throttle" },
    { kind: "empty-body" },
    { kind: "garbage-body" },
    { kind: "cut-body" },
    { kind: "reset-before" },
  ])("by what cannot be read is unknown: %o", async (fault) => {
    const cloud = await cloudWith(service);
    const prepared = await bought(cloud);
    await cloud.fault({ ...fault, times: 20 }, "reservations");
    expect(await cloud.purchase(prepared)).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("the name is taken, but the commitment that has it could not be read"),
    });
  });

  test("by what is not listed yet is unknown", async () => {
    const cloud = await cloudWith(service, { listingLagMs: 60_000 });
    const prepared = await bought(cloud);
    expect(await cloud.purchase(prepared)).toEqual({
      kind: "unknown",
      reason: "the name is taken, and nothing of that name is listed",
    });
    await cloud.simulator.clock.advance(60_000);
    expect(await cloud.purchase(prepared)).toMatchObject({ kind: "committed", commitment: { adopted: true } });
    expect(await cloud.purchases()).toHaveLength(1);
  });

  test("in capitals is adopted as the service spells it", async () => {
    const cloud = await cloudWith(service);
    const prepared = await bought(cloud);
    restate(cloud.client, operations.reservations, { [fields.id]: NAME.toUpperCase() });
    expect(await cloud.purchase(prepared)).toMatchObject({
      kind: "committed",
      commitment: { commitmentIds: [NAME.toUpperCase()], adopted: true },
    });
  });

  test("by nothing that the service can show is unknown", async () => {
    const cloud = await cloudWith(service);
    const prepared = await cloud.prepare();
    await cloud.fault({ kind: "error", code: codes.taken, status: 404 });
    expect(await cloud.purchase(prepared)).toMatchObject({ kind: "unknown" });
  });
});
