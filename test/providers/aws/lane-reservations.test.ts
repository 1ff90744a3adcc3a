import { describe, expect, test } from "vitest";
import { changeAnswers } from "./changed-answers.js";
import { changeOfferings, changeReservations, laneCloud, openLane } from "./lane-cloud.js";
import { LANE_SERVICES, OPENSEARCH } from "./lane-services.js";
import { ACCOUNT, context, OTHER_ACCOUNT, TOKEN } from "./simulated-line.js";

const UNREADABLE = ["empty-body", "garbage-body", "cut-body", "reset-before", "error-500-before", "throttle"] as const;

describe.each(LANE_SERVICES)("$name", (service) => {
  const { request, operations, stated, unitPrice, byTheHour } = service;

  test("declares what it dedupes, none of which ends a doubt by a resend", async () => {
    const { provider } = await laneCloud(service);
    expect(provider).toMatchObject({
      service: request.service,
      idempotency: {
        ...service.contract,
        maxRequestLifetimeMs: 900_000,
        visibilityLagMs: 300_000,
        clockSkewMs: 60_000,
      },
    });
    expect(provider.label).toBeUndefined();
  });

  describe("prepare", () => {
    test("finds the offering among its neighbours, the price of the whole line, the lane and its snapshot", async () => {
      const cloud = await laneCloud(service);
      const prepared = await cloud.prepare();
      expect(prepared).toEqual({
        reference: expect.stringMatching(/^[0-9a-f-]{36}$/),
        lane: `${request.service}/${ACCOUNT}/us-east-1`,
        snapshot: [],
        price: request.expectedPrice,
        detail: { unitPrice, ...service.kept },
      });
      await cloud.buy({ offeringId: prepared.reference, quantity: 1 });
      expect((await cloud.prepare()).snapshot).toEqual(await cloud.boughtIds());
    });

    test("adds the charges of every hour of the term", async () => {
      const cloud = await laneCloud(service);
      const prepared = await cloud.prepare(byTheHour);
      expect(prepared).toMatchObject({ price: byTheHour.expectedPrice, detail: { unitPrice: "0" } });
      expect(prepared.reference).not.toBe((await cloud.prepare()).reference);
    });

    test.each(Object.entries(stated))(
      "takes no offering of another %s, or of none that is stated",
      async (name, [, other]) => {
        for (const value of [other, undefined]) {
          const cloud = await laneCloud(service);
          changeOfferings(cloud, service, (offering) => {
            offering[name] = value;
          });
          await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", retryable: false });
        }
      },
    );

    test("does not choose among several", async () => {
      const cloud = await laneCloud(service);
      const { reference } = await cloud.prepare();
      const twins: unknown[] = [];
      changeOfferings(cloud, service, (offering) => {
        twins.push(offering[service.offeringId]);
        for (const [name, [expected]] of Object.entries(stated)) offering[name] = expected;
        Object.assign(offering, { FixedPrice: 1, RecurringCharges: [], OfferingType: "All Upfront" });
      });
      const thrown = cloud.prepare();
      await expect(thrown).rejects.toMatchObject({ code: "OFFERING_AMBIGUOUS", details: { offerings: twins } });
      expect(twins).toContain(reference);
    });

    test.each([
      ["dearer", "0.98"],
      ["cheaper", "1.02"],
    ])("refuses a price that is %s than the tolerance allows", async (_what, factor) => {
      const cloud = await laneCloud(service);
      const amount = (Number(request.expectedPrice.amount) * Number(factor)).toFixed(2);
      const line = { ...request, expectedPrice: { amount, currency: "USD" } };
      await expect(cloud.prepare(line)).rejects.toMatchObject({
        code: "PRICE_DRIFT",
        details: { expected: { amount }, actual: request.expectedPrice },
      });
      expect(await cloud.prepare({ ...line, priceTolerancePercent: 3 })).toMatchObject({
        price: request.expectedPrice,
      });
    });

    test("refuses a price in another currency", async () => {
      const cloud = await laneCloud(service);
      const line = { ...request, expectedPrice: { ...request.expectedPrice, currency: "EUR" } };
      await expect(cloud.prepare(line)).rejects.toMatchObject({ code: "PRICE_DRIFT" });
    });

    test("reads every page of offerings, up to the cap", async () => {
      const cloud = await laneCloud(service, { emptyPages: true });
      expect(await cloud.prepare()).toMatchObject({ price: request.expectedPrice });
      expect(await cloud.asked("offerings")).toHaveLength(2);
      const capped = await laneCloud(service, { emptyPages: true }, { maxPages: 1 });
      await expect(capped.prepare()).rejects.toMatchObject({
        code: "OFFERING_PAGES_EXCEEDED",
        message: expect.stringContaining(`${operations.offerings} did not end within 1 pages (option maxPages)`),
      });
    });

    test.each(["offerings", "reservations"] as const)("refuses %s whose pages never end", async (listing) => {
      const cloud = await laneCloud(service);
      await cloud.fault(listing, { kind: "repeat-page-token", times: 5 });
      await expect(cloud.prepare()).rejects.toMatchObject({
        code: "OFFERING_PAGES_EXCEEDED",
        message: `${operations[listing]} answered the same page token twice.`,
      });
    });

    test.each(["empty-body", "garbage-body"] as const)("tries again later after %s", async (kind) => {
      for (const listing of ["offerings", "reservations"] as const) {
        const cloud = await laneCloud(service);
        await cloud.fault(listing, { kind, times: 5 });
        await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
      }
    });

    test("asks nothing in another account or region", async () => {
      for (const settings of [{ account: OTHER_ACCOUNT }, { region: "eu-west-1" }]) {
        const cloud = await laneCloud(service, {}, settings);
        await expect(cloud.prepare()).rejects.toMatchObject({ code: "ACCOUNT_MISMATCH" });
        expect(await cloud.asked("offerings")).toEqual([]);
      }
    });

    test("ends between two pages when it is aborted", async () => {
      const cloud = await laneCloud(service, { emptyPages: true });
      const caller = new AbortController();
      changeAnswers(cloud.client, operations.offerings, () => caller.abort());
      const prepared = cloud.prepare(request, { signal: caller.signal });
      await expect(prepared).rejects.toMatchObject({ code: "PREPARE_FAILED" });
      expect(await cloud.asked("offerings")).toHaveLength(1);
      expect(await cloud.asked("reservations")).toEqual([]);
    });
  });

  describe("inventory", () => {
    /** The line's offering bought by hand, in the line's quantity. */
    async function stocked() {
      const cloud = await laneCloud(service);
      const prepared = await cloud.prepare();
      const id = await cloud.buy({ offeringId: prepared.reference, quantity: request.quantity, name: "by-hand" });
      return { cloud, prepared, id };
    }

    test("shows what may be the line's, with its charge for the whole quantity, and nothing that says otherwise", async () => {
      const { cloud, prepared, id } = await stocked();
      const { reference } = await cloud.prepare(byTheHour);
      await cloud.buy({ offeringId: reference, quantity: request.quantity });
      expect(await cloud.inventory(prepared)).toEqual([
        {
          commitmentId: id,
          quantity: request.quantity,
          startedAt: cloud.clock.now(),
          charge: request.expectedPrice,
          sighting: { meaning: "live", state: "active" },
          ...(service === OPENSEARCH && { token: "by-hand" }),
        },
      ]);
    });

    test.each(Object.entries(stated))(
      "counts one that does not state its %s, which may or may not be the line's",
      async (name) => {
        const { cloud, id } = await stocked();
        changeReservations(cloud, service, (_, terms) => {
          terms[name] = undefined;
        });
        expect(await cloud.inventory()).toMatchObject([{ commitmentId: id, maybe: `${name} is not stated` }]);
        expect((await cloud.prepare()).snapshot).toEqual([id]);
      },
    );

    test("needs no attribute of one that states the line's own offering", async () => {
      const { cloud, prepared, id } = await stocked();
      changeReservations(cloud, service, (_, terms) => {
        for (const name of Object.keys(stated)) terms[name] = undefined;
      });
      const [item] = await cloud.inventory(prepared);
      expect(item).toMatchObject({ commitmentId: id });
      expect(item).not.toHaveProperty("maybe");
    });

    test("counts one of another offering that is like the line's, which may or may not be the line's", async () => {
      const { cloud, prepared, id } = await stocked();
      expect(await cloud.inventory({ ...prepared, reference: "another" })).toMatchObject([
        { commitmentId: id, maybe: `it is of offering ${prepared.reference}, and the purchase was of another` },
      ]);
    });

    test.each(Object.entries(stated))(
      "leaves out another %s, unless it is of the line's own offering",
      async (name, [, other]) => {
        const { cloud, prepared, id } = await stocked();
        changeReservations(cloud, service, (_, terms) => {
          terms[name] = other;
        });
        expect(await cloud.inventory(prepared)).toMatchObject([
          { commitmentId: id, maybe: `it is of the line's offering and states another ${name}` },
        ]);
        expect((await cloud.prepare()).snapshot).toEqual([id]);
        expect(await cloud.inventory({ ...prepared, reference: "another" })).toEqual([]);
      },
    );

    test.each([
      ["active", "live"],
      ["payment-pending", "live"],
      ["pending-payment", "live"],
      ["exchanging", "live"],
      ["being-invented", "live"],
      ["payment-failed", "void"],
      ["retired", "unclear"],
    ])("shows one that is %s, which means %s", async (state, meaning) => {
      const { cloud, id } = await stocked();
      await cloud.simulator.states.set(id, state);
      expect(await cloud.inventory()).toMatchObject([{ commitmentId: id, sighting: { meaning, state } }]);
      expect((await cloud.prepare()).snapshot).toEqual([id]);
    });

    test("shows one without a state as live", async () => {
      const { cloud, id } = await stocked();
      changeReservations(cloud, service, (reservation) => {
        reservation[service.fields.state] = undefined;
      });
      expect(await cloud.inventory()).toMatchObject([{ commitmentId: id, sighting: { meaning: "live" } }]);
    });

    test("shows one whose term is over as ended", async () => {
      const { cloud, id } = await stocked();
      cloud.clock.advance(31_536_000_000);
      expect(await cloud.inventory()).toMatchObject([
        { commitmentId: id, sighting: { meaning: "ended", state: "retired" } },
      ]);
    });

    test("says of one that states neither its start nor its quantity no more than that", async () => {
      const { cloud, prepared, id } = await stocked();
      changeReservations(cloud, service, (reservation) => {
        for (const name of ["StartTime", "startDate", service.fields.quantity]) reservation[name] = undefined;
      });
      const [item] = await cloud.inventory(prepared);
      expect(item).toMatchObject({ commitmentId: id, maybe: "its quantity is not stated" });
      expect(item).not.toHaveProperty("quantity");
      expect(item).not.toHaveProperty("startedAt");
    });

    test("does not know the charge without the price of one unit", async () => {
      const { cloud, prepared } = await stocked();
      expect((await cloud.inventory())[0]).not.toHaveProperty("charge");
      const another = { ...prepared, detail: { unitPrice: "1" } };
      expect((await cloud.inventory(another))[0]).not.toHaveProperty("charge");
    });

    test("fails for one without an id", async () => {
      const { cloud } = await stocked();
      changeReservations(cloud, service, (reservation) => {
        reservation[service.fields.id] = undefined;
      });
      await expect(cloud.inventory()).rejects.toMatchObject({
        code: "LOOKUP_FAILED",
        message: expect.stringContaining("without an id"),
      });
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED" });
    });

    test("reads every page, up to the cap", async () => {
      const { cloud, prepared } = await stocked();
      const orders = Array.from({ length: 104 }, () => cloud.buy({ offeringId: prepared.reference, quantity: 1 }));
      await Promise.all(orders);
      expect(await cloud.inventory(prepared)).toHaveLength(105);
      expect((await cloud.prepare()).snapshot).toHaveLength(105);
      const { provider } = openLane(cloud, service, { maxPages: 1 });
      await expect(provider.inventory?.(request, TOKEN, context())).rejects.toMatchObject({
        code: "OFFERING_PAGES_EXCEEDED",
      });
    });

    test("finds nothing of another region", async () => {
      const { cloud } = await stocked();
      const elsewhere = openLane(cloud, service, { region: "eu-west-1" }).provider;
      const there = Object.assign(structuredClone(request), { region: "eu-west-1" });
      expect(await elsewhere.inventory?.(there, TOKEN, context())).toEqual([]);
    });

    test.each(UNREADABLE)("that meets %s throws and is never empty", async (kind) => {
      const { cloud, prepared } = await stocked();
      await cloud.fault("reservations", { kind, times: 5 });
      await expect(cloud.inventory(prepared)).rejects.toMatchObject({ code: "LOOKUP_FAILED", retryable: true });
    });
  });
});

test.each(LANE_SERVICES.filter((service) => service !== OPENSEARCH))(
  "$name looks nothing up by token: a purchase leaves no name, only an entry in its lane",
  async (service) => {
    const cloud = await laneCloud(service);
    const prepared = await cloud.prepare();
    await cloud.purchase(prepared);
    const before = await cloud.asked("reservations");
    expect(await cloud.lookup({ prepared })).toBeUndefined();
    expect(await cloud.asked("reservations")).toEqual(before);
    expect(await cloud.inventory(prepared)).toMatchObject([{ quantity: service.request.quantity }]);
  },
);
