import type { AwsCatalogue } from "./aws-catalogue.js";
import type { AwsSettings } from "./aws-simulator-options.js";

/** What all simulated services share. */
export interface AwsWorld {
  readonly settings: AwsSettings;
  readonly catalogue: AwsCatalogue;
  /** The next number, never given out before; commitments are numbered in the order in which they came to exist. */
  nextNumber(): number;
}
