import { describe, expect, test } from "vitest";
import { chargeOf } from "../../../src/providers/aws/charge.js";
import { currencyOf } from "../../../src/providers/aws/reservations/offering.js";
import { changeReservations, laneCloud } from "./lane-cloud.js";
import { LANE_SERVICES } from "./lane-services.js";
import { ec2Request } from "./simulated-line.js";

describe("a price of nothing", () => {
  const stated = (quantity: number, unitPrice?: string) => ({
    fixedPrice: 0,
    currency: "USD",
    quantity,
    prepared: unitPrice === undefined ? undefined : { reference: "offering", detail: { unitPrice } },
  });

  test.each([1, 3])("is no charge of %i units whose offering has a price", (quantity) => {
    expect(chargeOf(stated(quantity, "664.02"))).toBeUndefined();
  });

  test.each(["0", "0.00", undefined])("is the charge where the offering's is %s", (unitPrice) => {
    expect(chargeOf(stated(3, unitPrice))).toEqual({ amount: "0", currency: "USD" });
  });

  test.each(LANE_SERVICES)(
    "is not recorded as the charge of what $name lists and has not billed yet",
    async (service) => {
      const cloud = await laneCloud(service);
      const prepared = await cloud.prepare();
      await cloud.purchase(prepared);
      changeReservations(cloud, service, (_, terms) => {
        terms[service.fields.terms === undefined ? "FixedPrice" : "upfrontCharge"] = 0;
      });
      const [item] = await cloud.inventory(prepared);
      expect(item?.quantity).toBe(service.request.quantity);
      expect(item).not.toHaveProperty("charge");
    },
  );
});

test("prices without a currency are euros in the European Sovereign Cloud", () => {
  expect(currencyOf(ec2Request({ region: "eusc-de-east-1" }))).toBe("EUR");
});
