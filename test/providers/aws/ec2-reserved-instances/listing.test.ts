import { describe, expect, test } from "vitest";
import { linePrice } from "../../../../src/providers/aws/line-price.js";
import { inLane } from "../../../../src/providers/aws/services/ec2-reserved-instances/inventory.js";
import { theTagged } from "../../../../src/providers/aws/services/ec2-reserved-instances/lookup.js";
import {
  chargeOfReservations,
  type ListedReservation,
  termBeganAt,
} from "../../../../src/providers/aws/services/ec2-reserved-instances/reserved-instances.js";
import {
  type SightedReservation,
  sightingOf,
} from "../../../../src/providers/aws/services/ec2-reserved-instances/sighted-reservations.js";
import { unitPriceOf } from "../../../../src/providers/aws/services/ec2-reserved-instances/unit-price.js";
import { TOKEN_TAG } from "../../../../src/providers/aws/token-tag.js";
import { ec2Request, TOKEN } from "../simulated-line.js";

const YEAR = 31_536_000;
const DAY_MS = 86_400_000;
const BOUGHT = Date.UTC(2030, 0, 1);

/** What the simulator cannot answer: the cloud may one day. */
const entry = (more: object = {}): ListedReservation =>
  ({
    ReservedInstancesId: "ri-1",
    InstanceType: "m5.large",
    ProductDescription: "Linux/UNIX",
    InstanceTenancy: "default",
    OfferingClass: "standard",
    OfferingType: "All Upfront",
    Duration: YEAR,
    Scope: "Region",
    InstanceCount: 2,
    State: "active",
    Tags: [{ Key: TOKEN_TAG, Value: TOKEN }],
    ...more,
  }) as ListedReservation;
const sighted = (more: object = {}): SightedReservation => {
  const listed = entry(more);
  return { ...listed, sighting: sightingOf(listed, BOUGHT), madeFrom: [] };
};
const found = (...entries: readonly SightedReservation[]) => theTagged(entries, ec2Request(), { lineageAttempt: 1 });

describe("a state that is not known", () => {
  test.each(["being-invented", undefined])("(%s) counts as live", (State) => {
    expect(found(sighted({ State }))).toMatchObject({ commitmentIds: ["ri-1"], sighting: { meaning: "live" } });
    expect(inLane([entry({ State })], ec2Request())).toHaveLength(1);
  });
});

describe("a commitment that is retired", () => {
  const times = (days: number) => ({ Start: new Date(BOUGHT), End: new Date(BOUGHT + days * DAY_MS) });
  const meaning = (more: object, days: number) =>
    sightingOf(entry({ State: "retired", ...more }), BOUGHT + days * DAY_MS).meaning;

  test("has ended after its whole term, and not before", () => {
    expect(meaning(times(365), 360)).toBe("unclear");
    expect(meaning(times(365), 365)).toBe("ended");
    expect(meaning({ Start: new Date(BOUGHT) }, 365)).toBe("ended");
  });

  test("is unclear for ever where it ended before that", () => {
    expect(meaning(times(100), 2_000)).toBe("unclear");
  });

  test.each([
    ["its start", { ...times(365), Start: undefined }],
    ["its duration", { ...times(365), Duration: undefined }],
    ["nothing of its term", { Duration: undefined }],
  ])("is unclear for ever where it does not state %s: its end may have come early", (_what, more) => {
    expect(meaning(more, 2_000)).toBe("unclear");
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
  ])("(%s) keeps nothing out of the lane, and is no difference from the line whose token is there", (name) => {
    expect(inLane([entry({ [name]: undefined })], ec2Request())).toHaveLength(1);
    expect(found(sighted({ [name]: undefined }))?.differences).toEqual([]);
    expect(found(sighted({ [name]: "another" }))?.differences).toEqual([
      expect.stringMatching(new RegExp(`^${name}: expected .*, found another$`)),
    ]);
  });

  test("such as an empty zone is none", () => {
    expect(found(sighted({ AvailabilityZone: "" }))?.differences).toEqual([]);
    const zonal = ec2Request({ scope: "availability_zone", availabilityZone: "us-east-1a" });
    expect(inLane([entry({ AvailabilityZone: "", Scope: undefined })], zonal)).toHaveLength(1);
  });
});

test("another zone is another line's", () => {
  const zonal = ec2Request({ scope: "availability_zone", availabilityZone: "us-east-1a" });
  const zone = (AvailabilityZone: string) => entry({ Scope: "Availability Zone", AvailabilityZone });
  expect(inLane([zone("us-east-1b"), zone("us-east-1a")], zonal)).toEqual([zone("us-east-1a")]);
});

describe("the beginning of a term", () => {
  const began = (more: object) => termBeganAt(entry(more));

  test("is the start, as far as it is stated", () => {
    expect(began({ Start: new Date(BOUGHT), End: new Date(BOUGHT + YEAR * 1000) })).toBe(BOUGHT);
    expect(began({ Start: new Date(BOUGHT) })).toBe(BOUGHT);
    expect(began({})).toBeUndefined();
  });

  test("is that of the original where a modification made it", () => {
    const made = { Start: new Date(BOUGHT + 100 * DAY_MS), End: new Date(BOUGHT + YEAR * 1000) };
    expect(began(made)).toBe(BOUGHT);
    expect(began({ ...made, State: "retired" })).toBe(BOUGHT + 100 * DAY_MS);
  });
});

describe("the charge of an entry", () => {
  const reported = (FixedPrice: number, more: object = {}) =>
    chargeOfReservations([entry({ FixedPrice, CurrencyCode: "USD", ...more })], {
      reference: "offering",
      detail: { unitPrice: "498.02" },
    });

  test.each([498.02, 996.04])("is that of the whole quantity, be %d the price of one or of all", (FixedPrice) => {
    expect(reported(FixedPrice)).toEqual({ amount: "996.04", currency: "USD" });
  });

  test("is unknown where the price is neither, or has no currency", () => {
    expect(reported(500)).toBeUndefined();
    expect(reported(996.04, { CurrencyCode: undefined })).toBeUndefined();
  });

  test("is nothing only where the offering's price was nothing", () => {
    const free = { reference: "offering", detail: { unitPrice: "0" } };
    const charge = chargeOfReservations([entry({ FixedPrice: 0, CurrencyCode: "USD" })], free);
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
