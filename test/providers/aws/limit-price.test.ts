import { expect, test } from "vitest";
import type { Money } from "../../../src/domain/money.js";
import { isLimitable } from "../../../src/providers/aws/limit-price.js";
import { purchaseInput as hostsInput } from "../../../src/providers/aws/services/ec2-dedicated-host-reservations/purchase-input.js";
import { purchaseInput as instancesInput } from "../../../src/providers/aws/services/ec2-reserved-instances/purchase-input.js";
import { DEDICATED_HOSTS } from "./contract/dedicated-hosts.js";
import { ec2Request, permitFor } from "./simulated-line.js";

const preparedWith = (upfront: Money) => ({ reference: "offering", detail: { upfront } });

test.each([
  ["USD", "100", true],
  ["USD", "0", false],
  ["CNY", "100", false],
  ["EUR", "100", false],
])("a price of %s %s can be limited: %s", (currency, amount, expected) => {
  expect(isLimitable({ amount, currency })).toBe(expected);
});

test.each(["CNY", "EUR"])("no limit is sent where AWS bills in %s", (currency) => {
  const prepared = preparedWith({ amount: "100", currency });
  expect(instancesInput(permitFor(ec2Request(), prepared, 0))).not.toHaveProperty("LimitPrice");
  const hosts = hostsInput(
    permitFor(DEDICATED_HOSTS.request as Parameters<typeof hostsInput>[0]["request"], prepared, 0),
  );
  expect(hosts).not.toHaveProperty("LimitPrice");
  expect(hosts).not.toHaveProperty("CurrencyCode");
});
