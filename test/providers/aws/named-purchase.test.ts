import { describe, expect, test } from "vitest";
import {
  cloudWith,
  NAME,
  NAME_2,
  type Restated,
  refuseConnections,
  restate,
  rewrite,
  type Trouble,
  watchBodies,
} from "./named-cloud.js";
import { NAMED_SERVICES } from "./named-services.js";
import { ACCOUNT, context, permitFor, TOKEN, toSecond } from "./simulated-line.js";

describe.each(NAMED_SERVICES)("the purchase of $name", (service) => {
  const { operations, fields, codes, request, offering } = service;

  test("buys the quantity once under the line's name, and says what is charged for all of it", async () => {
    const cloud = await cloudWith(service);
    const prepared = await cloud.prepare();
    const outcome = await cloud.purchase(prepared);
    expect(outcome).toEqual({
      kind: "committed",
      commitment: { commitmentIds: [NAME], startedAt: cloud.clock.now(), charge: request.expectedPrice },
      sighting: { meaning: "live", state: "active" },
    });
    const [sent, ...more] = await cloud.asked("purchase");
    expect(more).toEqual([]);
    expect(sent).toMatchObject({ account: ACCOUNT, region: "us-east-1", signedAt: toSecond(cloud.clock.now()) });
    expect(sent?.params).toEqual(service.wire.purchase(prepared.reference, NAME));
    expect(await cloud.purchases()).toMatchObject([
      {
        commitmentId: NAME,
        token: NAME,
        quantity: 2,
        offeringId: prepared.reference,
        tags: { "buyonce:token": TOKEN },
      },
    ]);
  });

  test("sends the same bytes for another permit of the line, and adopts what is there", async () => {
    const cloud = await cloudWith(service);
    const bodies = watchBodies(cloud.client, operations.purchase);
    const prepared = await cloud.prepare();
    const first = await cloud.purchase(prepared);
    const stored = JSON.parse(JSON.stringify(prepared));
    const again = await cloud.provider.purchase(
      permitFor(request, stored, cloud.clock.now() - 60_000),
      context({ lineageAttempt: 3 }),
    );
    expect(first.kind).toBe("committed");
    expect(again).toEqual({
      kind: "committed",
      commitment: {
        commitmentIds: [NAME],
        startedAt: cloud.clock.now(),
        charge: request.expectedPrice,
        adopted: true,
      },
      sighting: { meaning: "live", state: "active" },
    });
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toEqual(bodies[0]);
    expect(await cloud.purchases()).toHaveLength(1);
  });

  test("uses the name that was prepared, whatever the attempt", async () => {
    const cloud = await cloudWith(service);
    const prepared = { reference: (await cloud.prepare()).reference, detail: { name: NAME_2, unitPrice: "1" } };
    expect(await cloud.purchase(prepared)).toMatchObject({ commitment: { commitmentIds: [NAME_2] } });
  });

  test.each([{ reference: "x" }, { reference: "x", detail: { name: 1 } }])(
    "sends nothing for a permit that keeps no name: %o",
    async (prepared) => {
      const cloud = await cloudWith(service);
      expect(await cloud.purchase(prepared)).toMatchObject({ kind: "not_sent" });
      expect(await cloud.asked("purchase")).toEqual([]);
    },
  );

  describe("reports as charged", () => {
    const unit = offering.fixedPrice;
    test.each<readonly [string, Restated, string | undefined]>([
      ["the price of one, times the quantity", { FixedPrice: unit }, request.expectedPrice.amount],
      ["the price of all where the service states that", { FixedPrice: unit * 2 }, request.expectedPrice.amount],
      ["no amount where nothing is stated for what has a price", { FixedPrice: 0 }, undefined],
      ["no amount where the price is neither of one nor of all", { FixedPrice: unit * 3 }, undefined],
      ["no amount where the price is no number", { FixedPrice: "NaN" }, undefined],
      ["no amount where no price is stated", { FixedPrice: undefined }, undefined],
      ["no amount where no quantity is stated", { [fields.count]: undefined }, undefined],
    ])("%s", async (_what, fields, amount) => {
      const cloud = await cloudWith(service);
      restate(cloud.client, operations.purchase, fields);
      const outcome = await cloud.purchase(await cloud.prepare());
      const charge = amount && { amount, currency: "USD" };
      expect(outcome).toMatchObject({ kind: "committed", commitment: { commitmentIds: [NAME] } });
      expect("commitment" in outcome && outcome.commitment.charge).toEqual(charge);
    });

    test("the price of one where one is bought, whatever the offering said", async () => {
      const cloud = await cloudWith(service);
      restate(cloud.client, operations.purchase, { FixedPrice: 7.5 });
      const one = { ...request, quantity: 1, expectedPrice: { amount: String(unit), currency: "USD" } };
      expect(await cloud.purchase(await cloud.prepare({ request: one }), one)).toMatchObject({
        commitment: { charge: { amount: "7.5", currency: "USD" } },
      });
    });
  });

  describe("believes no success", () => {
    const [nodeType = ""] = Object.keys(service.stated);
    test.each<readonly [string, Restated]>([
      ["without an id", { [fields.id]: undefined }],
      ["with another id", { [fields.id]: NAME_2 }],
      ["with an id that is no text", { [fields.id]: 5 }],
      ["of another quantity", { [fields.count]: 3 }],
      ["of something else", { [nodeType]: "other" }],
      ["of another term", { Duration: 94_608_000 }],
      ["of another id whose payment has failed", { [fields.id]: NAME_2, State: "payment-failed" }],
      ["without an id that has ended", { [fields.id]: undefined, State: "retired" }],
      ["with a start that is no time", { StartTime: "yesterday" }],
    ])("%s", async (_what, fields) => {
      const cloud = await cloudWith(service);
      restate(cloud.client, operations.purchase, fields);
      expect(await cloud.purchase(await cloud.prepare())).toMatchObject({ kind: "unknown" });
      expect(await cloud.asked("purchase")).toHaveLength(1);
      expect(await cloud.purchases()).toHaveLength(1);
    });

    test("that states nothing besides", async () => {
      const cloud = await cloudWith(service);
      rewrite(cloud.client, operations.purchase, (body) =>
        body.startsWith("{") ? "{}" : body.replace(/<(\w+Result)>.*<\/\1>/s, "<$1></$1>"),
      );
      expect(await cloud.purchase(await cloud.prepare())).toMatchObject({ kind: "unknown" });
    });
  });

  test("believes a success that names the reservation and states nothing else", async () => {
    const cloud = await cloudWith(service);
    const silent = Object.fromEntries(
      [...Object.keys(service.stated), fields.count, "State", "StartTime", "FixedPrice"].map((name) => [
        name,
        undefined,
      ]),
    );
    restate(cloud.client, operations.purchase, { ...silent, [fields.id]: NAME.toUpperCase() });
    expect(await cloud.purchase(await cloud.prepare())).toEqual({
      kind: "committed",
      commitment: { commitmentIds: [NAME.toUpperCase()] },
      sighting: { meaning: "live" },
    });
  });

  test.each([
    ["payment-failed", "void"],
    ["retired", "unclear"],
    ["never-heard-of", "live"],
  ])("says where the answer's reservation is %s that this means %s", async (state, meaning) => {
    const cloud = await cloudWith(service);
    restate(cloud.client, operations.purchase, { State: state });
    expect(await cloud.purchase(await cloud.prepare())).toMatchObject({
      kind: "committed",
      commitment: { commitmentIds: [NAME] },
      sighting: { meaning, state },
    });
    expect(await cloud.asked("purchase")).toHaveLength(1);
  });

  describe("that meets", () => {
    test.each<readonly [Trouble, outcome: object, bought: number]>([
      [{ kind: "reset-before" }, { kind: "unknown" }, 0],
      [{ kind: "reset-after" }, { kind: "unknown" }, 1],
      [{ kind: "error-500-before" }, { kind: "unknown" }, 0],
      [{ kind: "error-500-after" }, { kind: "unknown" }, 1],
      [{ kind: "error", code: "ServiceUnavailable", status: 503 }, { kind: "unknown" }, 0],
      [{ kind: "error", code: "NeverHeardOf", status: 400 }, { kind: "unknown" }, 0],
      [{ kind: "empty-body" }, { kind: "unknown" }, 1],
      [{ kind: "garbage-body" }, { kind: "unknown" }, 1],
      [{ kind: "cut-body" }, { kind: "unknown" }, 1],
      [{ kind: "throttle" }, { kind: "not_now" }, 0],
      [{ kind: "payment-fails" }, { kind: "committed", sighting: { meaning: "void", state: "payment-failed" } }, 1],
      ...[codes.quota, codes.offeringAbsent, "AccessDenied", "TagQuotaPerResourceExceeded"].map(
        (code) =>
          [
            { kind: "error", code, status: 400 },
            { kind: "rejected", rejection: { code: expect.stringContaining(code) } },
            0,
          ] as const,
      ),
    ])("%o is %o", async (fault, outcome, count) => {
      const cloud = await cloudWith(service);
      const prepared = await cloud.prepare();
      await cloud.fault({ ...fault, times: 20 });
      expect(await cloud.purchase(prepared)).toMatchObject(outcome);
      expect(await cloud.asked("purchase")).toHaveLength(1);
      expect(await cloud.purchases()).toHaveLength(count);
    });

    test("a service that does not answer in time is unknown", async () => {
      const cloud = await cloudWith(service, {}, { requestTimeoutMs: 500 });
      const prepared = await cloud.prepare();
      await cloud.fault({ kind: "slow-reply", ms: 3_600_000 });
      expect(await cloud.purchase(prepared)).toMatchObject({ kind: "unknown" });
      expect(await cloud.purchases()).toHaveLength(1);
    });

    test("a refused connection is not sent", async () => {
      const cloud = await cloudWith(service);
      const prepared = await cloud.prepare();
      refuseConnections(cloud.client, operations.purchase);
      expect(await cloud.purchase(prepared)).toMatchObject({
        kind: "not_sent",
        reason: expect.stringContaining("ECONNREFUSED"),
      });
      expect(await cloud.asked("purchase")).toEqual([]);
    });
  });
});
