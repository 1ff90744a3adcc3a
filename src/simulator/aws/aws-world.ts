import type { AwsCatalogue } from "./aws-catalogue.js";
import type { AwsSettings } from "./aws-simulator-options.js";
import type { Organization } from "./usage/organization.js";
import type { UsageBook } from "./usage/usage-book.js";

/** What all simulated services share. */
export interface AwsWorld {
  readonly settings: AwsSettings;
  readonly catalogue: AwsCatalogue;
  /** What the accounts use, for which commitments are recommended. */
  readonly usage: UsageBook;
  readonly organization: Organization;
  /** The next number, never given out before; commitments are numbered in the order in which they came to exist. */
  nextNumber(): number;
}
