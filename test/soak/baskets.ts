import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import type { SeededRandom } from "../stores/support/seeded-random.js";
import { SERVICE_NAMES } from "./contracts.js";

/** Enough lanes for the lines whose doubts end by waiting not to wait for each other all the time. */
const ACCOUNTS = 20;
const REGIONS = 40;
const SIZES = 2;

/** One to three lines of any services. */
export const basketOf = (random: SeededRandom): readonly CustomRequest[] =>
  Array.from({ length: 1 + random.below(3) }, () => ({
    service: random.pick(SERVICE_NAMES),
    account: `account-${random.below(ACCOUNTS)}`,
    region: `region-${random.below(REGIONS)}`,
    quantity: 1 + random.below(4),
    term: "1yr",
    payment: "no_upfront",
    expectedPrice: { amount: "100", currency: "USD" },
    offering: { size: `size-${random.below(SIZES)}` },
  }));
