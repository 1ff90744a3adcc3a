import { describe, expect, test } from "vitest";
import { inLane, inventoryItem } from "../../../../src/providers/aws/ec2-reserved-instances/inventory.js";
import { findByToken } from "../../../../src/providers/aws/ec2-reserved-instances/lookup.js";
import type { ListedReservation } from "../../../../src/providers/aws/ec2-reserved-instances/reserved-instances.js";
import { unitPriceOf } from "../../../../src/providers/aws/ec2-reserved-instances/unit-price.js";
import { linePrice } from "../../../../src/providers/aws/line-price.js";
import { TOKEN_TAG } from "../../../../src/providers/aws/token-tag.js";
import { ec2Request, TOKEN } from "../simulated-line.js";

/** What the simulator cannot answer: the cloud may one day. */
const entry = (more: Partial<ListedReservation> = {}): ListedReservation => ({
  ReservedInstancesId: "ri-1",
  InstanceType: "m5.large",
  ProductDescription: "Linux/UNIX",
  InstanceTenancy: "default",
  OfferingClass: "standard",
  OfferingType: "All Upfront",
  Duration: 31_536_000,
  Scope: "Region",
  InstanceCount: 2,
  State: "active",
  Tags: [{ Key: TOKEN_TAG, Value: TOKEN }],
  ...more,
});
const question = { request: ec2Request(), token: TOKEN, prepared: undefined };
const future = (more: object): ListedReservation => ({ ...entry(), ...more }) as ListedReservation;

describe("a state that is not known", () => {
  test.each(["being-invented", undefined])("(%s) counts as existing", (State) => {
    const listed = [future({ State })];
    expect(findByToken(listed, question)?.commitmentIds).toEqual(["ri-1"]);
    expect(inLane(listed, ec2Request())).toHaveLength(1);
  });
});

describe("an attribute that is missing", () => {
  test.each([
    "InstanceType",
    "ProductDescription",
    "InstanceTenancy",
    "OfferingClass",
    "OfferingType",
    "Duration",
    "Scope",
  ])("(%s) keeps nothing out of the lane, and is a difference from a line", (name) => {
    const listed = [future({ [name]: undefined })];
    expect(inLane(listed, ec2Request())).toHaveLength(1);
    expect(findByToken(listed, question)?.differences).toEqual([expect.stringContaining(`${name}: expected`)]);
  });

  test("such as an empty zone is none", () => {
    expect(findByToken([entry({ AvailabilityZone: "" })], question)?.differences).toEqual([]);
  });
});

test("another zone is another lane", () => {
  const zonal = ec2Request({ scope: "availability_zone", availabilityZone: "us-east-1a" });
  const zone = (AvailabilityZone: string) => entry({ Scope: "Availability Zone", AvailabilityZone });
  expect(inLane([zone("us-east-1b"), zone("us-east-1a")], zonal)).toEqual([zone("us-east-1a")]);
});

test("one that does not say when it starts counts as new", () => {
  expect(inventoryItem(entry(), undefined).startedAt).toBeGreaterThan(Date.UTC(2100, 0));
});

describe("the charge of an entry", () => {
  const reported = (FixedPrice: number, more: Partial<ListedReservation> = {}) =>
    inventoryItem(entry({ FixedPrice, CurrencyCode: "USD", ...more }), {
      reference: "offering",
      detail: { unitPrice: "498.02" },
    }).charge;

  test.each([498.02, 996.04])("is that of the whole quantity, be %d the price of one or of all", (FixedPrice) => {
    expect(reported(FixedPrice)).toEqual({ amount: "996.04", currency: "USD" });
  });

  test("is unknown where the price is neither, or has no currency", () => {
    expect(reported(500)).toBeUndefined();
    expect(reported(996.04, { CurrencyCode: undefined })).toBeUndefined();
  });

  test("is nothing only where the offering's price was nothing", () => {
    const free = { reference: "offering", detail: { unitPrice: "0" } };
    const { charge } = inventoryItem(entry({ FixedPrice: 0, CurrencyCode: "USD" }), free);
    expect(charge).toEqual({ amount: "0", currency: "USD" });
    expect(reported(0)).toBeUndefined();
  });
});

describe("a price that cannot be read", () => {
  test.each([
    ["no fixed price", { CurrencyCode: "USD" as const }],
    ["no currency", { FixedPrice: 1 }],
    [
      "a charge without a frequency",
      { FixedPrice: 1, CurrencyCode: "USD" as const, RecurringCharges: [{ Amount: 1 }] },
    ],
    [
      "a charge without an amount",
      { FixedPrice: 1, CurrencyCode: "USD" as const, RecurringCharges: [{ Frequency: "Hourly" as const }] },
    ],
  ])("(%s) is never compared", (_what, offering) => {
    expect(() => linePrice(unitPriceOf(offering), ec2Request())).toThrow();
  });

  test("is not one without recurring charges", () => {
    const offering = { FixedPrice: 498.02, CurrencyCode: "USD" as const };
    expect(linePrice(unitPriceOf(offering), ec2Request()).total).toEqual({ amount: "996.04", currency: "USD" });
  });
});
