import type { ReservedNodesOffering } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import {
  bought,
  cloudWith,
  ignoreFilters,
  NAME,
  NAME_2,
  NAME_3,
  type NamedCloud,
  offeringLike,
  restate,
  rewrite,
  sellingOnly,
} from "./named-cloud.js";
import { NAMED_SERVICES, type NamedService } from "./named-services.js";

const FIRST = "00000000-0000-4000-8000-000000000001";
const SECOND = "00000000-0000-4000-8000-000000000002";

/** The seeded offering that the line buys. */
async function seededId({ simulator }: NamedCloud, { service, offering }: NamedService): Promise<string | undefined> {
  const wanted = { ...offering, offeringType: "All Upfront", durationSeconds: 31_536_000 };
  const listed = await simulator.offerings.list(service, "us-east-1");
  return listed.find((one) => Object.entries(wanted).every(([name, value]) => Reflect.get(one, name) === value))
    ?.offeringId;
}

/** Offerings that differ from the line's in one attribute. */
const neighboursOf = ({
  offering,
  service,
}: NamedService): readonly (readonly [string, Partial<ReservedNodesOffering>])[] => [
  ["the node type", { nodeType: `${offering.nodeType}d` }],
  ["the duration", { durationSeconds: 94_608_000 }],
  ["the payment", { offeringType: "No Upfront" }],
  ...(offering.productDescription === undefined
    ? []
    : ([
        ["the engine", { productDescription: `aurora-${offering.productDescription}` }],
        ["the engine's license", { productDescription: `${offering.productDescription} (byol)` }],
      ] as const)),
  // RDS spells its engines in several ways.
  ...(offering.productDescription === undefined || service === "aws.rds"
    ? []
    : ([["the case of the engine", { productDescription: offering.productDescription.toUpperCase() }]] as const)),
  ...(offering.multiAz === undefined ? [] : ([["the zones", { multiAz: !offering.multiAz }]] as const)),
];

describe.each(NAMED_SERVICES)("the preparation of $name", (service) => {
  const { operations, request, offering } = service;
  const listing = operations.offerings;

  test("finds the offering, the price of the whole line, and the name", async () => {
    const cloud = await cloudWith(service);
    expect(await cloud.prepare()).toEqual({
      reference: await seededId(cloud, service),
      price: request.expectedPrice,
      detail: { name: NAME, unitPrice: String(offering.fixedPrice) },
    });
    expect((await cloud.asked("offerings")).map(({ params }) => params)).toEqual([service.wire.offerings]);
  });

  test("finds the one among all of them where the service ignores what it is asked", async () => {
    const cloud = await cloudWith(service);
    ignoreFilters(cloud.client, listing);
    expect(await cloud.prepare()).toMatchObject({ reference: await seededId(cloud, service) });
  });

  describe("does not take an offering that differs in", () => {
    test.each(neighboursOf(service))("%s, listed or not", async (_what, more) => {
      const cloud = await cloudWith(service, sellingOnly(offeringLike(service, more)));
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", retryable: false });
      ignoreFilters(cloud.client, listing);
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", details: { listed: 1 } });
    });

    test.each(Object.keys(service.stated))("that it does not state its %s", async (name) => {
      const cloud = await cloudWith(service, sellingOnly(offeringLike(service)));
      restate(cloud.client, listing, { [name]: undefined });
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND", details: { listed: 1 } });
    });
  });

  test("does not choose between two that are alike, dearer or not", async () => {
    const cloud = await cloudWith(service, sellingOnly(offeringLike(service)));
    expect(await cloud.prepare()).toMatchObject({ reference: FIRST });
    await cloud.simulator.offerings.add({
      reservedNodes: [offeringLike(service, { offeringId: SECOND, fixedPrice: 9 })],
    });
    await expect(cloud.prepare()).rejects.toMatchObject({
      code: "OFFERING_AMBIGUOUS",
      retryable: false,
      details: { offerings: [FIRST, SECOND] },
    });
  });

  describe("reads the listing to its end:", () => {
    test("over empty pages", async () => {
      const cloud = await cloudWith(service, { emptyPages: true });
      expect(await cloud.prepare()).toMatchObject({ reference: await seededId(cloud, service) });
      expect((await cloud.asked("offerings")).length).toBeGreaterThan(1);
    });

    test("a second page with a twin makes it ambiguous", async () => {
      const others = Array.from({ length: 100 }, (_, index) =>
        offeringLike(service, {
          offeringId: `00000000-0000-4000-9000-${String(index).padStart(12, "0")}`,
          nodeType: "x",
        }),
      );
      const twin = offeringLike(service, { offeringId: SECOND });
      const cloud = await cloudWith(service, sellingOnly(offeringLike(service), ...others, twin));
      ignoreFilters(cloud.client, listing);
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "OFFERING_AMBIGUOUS" });
      expect(await cloud.asked("offerings")).toHaveLength(2);
    });

    test("not further than the page cap, which the error names", async () => {
      const cloud = await cloudWith(service, { emptyPages: true }, { maxPages: 1 });
      await expect(cloud.prepare()).rejects.toMatchObject({
        code: "OFFERING_PAGES_EXCEEDED",
        retryable: false,
        message: expect.stringContaining("1 pages (option maxPages)"),
        details: { operation: listing, maxPages: 1 },
      });
    });

    test("not where it answers the same page token again", async () => {
      const cloud = await cloudWith(service);
      await cloud.fault({ kind: "repeat-page-token", times: 20 }, "offerings");
      await expect(cloud.prepare()).rejects.toMatchObject({
        code: "OFFERING_PAGES_EXCEEDED",
        message: expect.stringContaining("same page token twice"),
      });
    });

    test("not after the caller has given up", async () => {
      const cloud = await cloudWith(service, { emptyPages: true });
      const caller = new AbortController();
      rewrite(cloud.client, listing, (body) => {
        caller.abort();
        return body;
      });
      await expect(cloud.prepare({ signal: caller.signal })).rejects.toMatchObject({ code: "PREPARE_FAILED" });
      expect(await cloud.asked("offerings")).toHaveLength(1);
    });
  });

  test.each([
    { kind: "error-500-before" },
    { kind: "empty-body" },
    { kind: "garbage-body" },
    { kind: "error", code: "AccessDenied", status: 403 },
  ] as const)("tries again later where the listing meets %o", async (fault) => {
    const cloud = await cloudWith(service);
    await cloud.fault({ ...fault, times: 20 }, "offerings");
    await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true, moneyMoved: "no" });
  });

  describe("of the name", () => {
    test("takes the first that nothing has", async () => {
      const cloud = await cloudWith(service);
      expect(await cloud.prepare({ lineageAttempt: 3 })).toMatchObject({ detail: { name: NAME } });
      await bought(cloud);
      await cloud.simulator.states.set(NAME, "payment-failed");
      expect(await cloud.prepare({ lineageAttempt: 3 })).toMatchObject({ detail: { name: NAME_2 } });
      await bought(cloud, { lineageAttempt: 2 });
      await cloud.simulator.states.set(NAME_2, "payment-failed");
      expect(await cloud.prepare({ lineageAttempt: 3 })).toMatchObject({ detail: { name: NAME_3 } });
      await expect(cloud.prepare({ lineageAttempt: 2 })).rejects.toMatchObject({
        code: "NAME_SPENT",
        retryable: false,
        details: { spent: `${NAME} is payment-failed, ${NAME_2} is payment-failed` },
      });
    });

    test.each(["active", "retired"])("takes none while one of them is %s: money has moved for it", async (state) => {
      const cloud = await cloudWith(service);
      await bought(cloud);
      await cloud.simulator.states.set(NAME, state);
      await expect(cloud.prepare({ lineageAttempt: 2 })).rejects.toMatchObject({
        code: "PREPARE_FAILED",
        retryable: true,
        message: expect.stringContaining("has come to exist"),
      });
    });

    test("takes none that could not be asked for", async () => {
      const cloud = await cloudWith(service);
      await cloud.fault({ kind: "error-500-before", times: 20 }, "reservations");
      await expect(cloud.prepare()).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
    });
  });
});
