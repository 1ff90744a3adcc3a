import { describe, expect, test } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import { ec2ReservedInstances, savingsPlans } from "../../src/providers/aws/index.js";
import { azureReservations } from "../../src/providers/azure/index.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import { gcpCommittedUseDiscounts, gcpSpendCommitments } from "../../src/providers/gcp/index.js";

const CONTEXT = { signal: new AbortController().signal, logger: silentLogger, now: 0, lineageAttempt: 1 };
const TOKEN = "0".repeat(64);

/** An adapter of each way to connect, with what it asks for and the members that a client must have. */
const ADAPTERS: readonly (readonly [
  service: string,
  make: (clientFor: () => never) => CommitmentProvider,
  wanted: string,
  members: string,
])[] = [
  [
    "aws.ec2",
    (clientFor) => ec2ReservedInstances({ clientFor }),
    "an AWS SDK v3 client of the service for account acct-1 and region eu-west-1",
    "config and send",
  ],
  [
    "aws.savings-plans",
    (clientFor) => savingsPlans({ clientFor }),
    "an AWS SDK v3 client of the service for account acct-1 and region eu-west-1",
    "config and send",
  ],
  [
    "azure.reservations",
    (clientFor) => azureReservations({ clientFor }),
    "a client of the Azure SDK for account acct-1",
    "pipeline",
  ],
  [
    "gcp.compute",
    (clientFor) => gcpCommittedUseDiscounts({ clientFor }),
    "{ commitments: RegionCommitmentsClient, operations: RegionOperationsClient } for account acct-1 and region eu-west-1",
    "commitments and operations",
  ],
  [
    "gcp.spend",
    (clientFor) => gcpSpendCommitments({ clientFor }),
    "a client of google-auth-library for account acct-1",
    "request",
  ],
];

describe.each(ADAPTERS)("an adapter of %s", (service, make, wanted, members) => {
  test.each([
    [undefined, "undefined"],
    [null, "null"],
    [{}, `a value without ${members}`],
    [async () => {}, `a value without ${members}`],
  ])("says what clientFor must return in place of %j", async (client, returned) => {
    const provider = make(() => client as never);
    const line = { service, account: "acct-1", region: "eu-west-1" } as never;
    await expect(provider.lookup(line, TOKEN, CONTEXT)).rejects.toThrow(
      `clientFor must return ${wanted}; it returned ${returned}`,
    );
  });
});
