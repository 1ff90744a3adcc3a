import type { AnyTerm } from "../../domain/commitment-request/common.js";

/** The API version that is used of Microsoft.Capacity and of Microsoft.BillingBenefits. */
export const API_VERSION = "2022-11-01";

/** How Azure spells the terms. */
export const TERMS = { "1mo": "P1M", "1yr": "P1Y", "3yr": "P3Y", "5yr": "P5Y" } as const satisfies Record<
  AnyTerm,
  string
>;
