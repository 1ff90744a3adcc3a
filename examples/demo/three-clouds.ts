import { CostExplorerClient } from "@aws-sdk/client-cost-explorer";
import { EC2Client } from "@aws-sdk/client-ec2";
import { RDSClient } from "@aws-sdk/client-rds";
import { SavingsplansClient } from "@aws-sdk/client-savingsplans";
import { AzureReservationAPI } from "@azure/arm-reservations";
import { RegionCommitmentsClient, RegionOperationsClient, RegionsClient } from "@google-cloud/compute";
import { RecommenderClient } from "@google-cloud/recommender";
import type { CommitmentProvider, Money } from "buyonce";
import {
  awsReservationRecommendations,
  awsSavingsPlansRecommendations,
  ec2ReservedInstances,
  rdsReservedInstances,
  savingsPlans,
} from "buyonce/aws";
import { azureReservationRecommendations, azureReservations } from "buyonce/azure";
import { gcpCommittedUseDiscounts, gcpUsageRecommendations } from "buyonce/gcp";
import type { SourceAccounts } from "buyonce/recommendations";
import { type LedgerPurchase, startAwsSimulator, startAzureSimulator, startGcpSimulator } from "buyonce/simulator";

const ACCOUNTS = ["111111111111", "222222222222"] as const;
const SUBSCRIPTION = "00000000-0000-4000-8000-000000000001";
const PROJECT = "my-project-1";

/** Simulated clouds whose accounts use something that nobody has committed to. */
export interface ThreeClouds {
  /** Who buys. */
  readonly providers: readonly CommitmentProvider[];
  /** Who recommends. */
  readonly sources: readonly SourceAccounts[];
  /** What the clouds' own ledgers hold. */
  purchases(): Promise<readonly LedgerPurchase[]>;
  close(): Promise<void>;
}

/** Starts three simulated clouds on loopback, with real SDK clients for them. */
export async function startThreeClouds(): Promise<ThreeClouds> {
  const [aws, azure, gcp] = await Promise.all([
    startAwsSimulator(),
    startAzureSimulator(),
    startGcpSimulator({ seedRecommendations: false }),
  ]);
  await aws.usage.set({
    instances: [
      { service: "aws.ec2", ...running("m5.large", 4), account: ACCOUNTS[0], productDescription: "Linux/UNIX" },
      { service: "aws.ec2", ...running("c5.xlarge", 2), account: ACCOUNTS[1], productDescription: "Linux/UNIX" },
      { service: "aws.rds", ...running("db.r6g.large", 1), account: ACCOUNTS[0], productDescription: "mysql" },
    ],
    spend: [{ account: ACCOUNTS[1], planType: "Compute", hourlySpend: 1.5 }],
  });
  await azure.usage.set({
    ...{ kind: "units", subscription: SUBSCRIPTION, reservedResourceType: "VirtualMachines" },
    ...{ sku: "Standard_D2s_v3", location: "westeurope", units: 3 },
  });
  await gcp.recommendations.use({ project: PROJECT, region: "us-central1", type: "GENERAL_PURPOSE_E2", vcpu: 8 });
  const google = googleClients(gcp);
  return {
    providers: [...awsProviders(aws), azureReservations(azureAccess(azure)), google.provider],
    sources: [
      { source: awsReservationRecommendations({ clientFor: costExplorerOf(aws) }), accounts: ACCOUNTS },
      { source: awsSavingsPlansRecommendations({ clientFor: costExplorerOf(aws) }), accounts: ACCOUNTS },
      {
        source: azureReservationRecommendations({ ...azureAccess(azure), calculatePrices: true }),
        accounts: [SUBSCRIPTION],
      },
      { source: google.source, accounts: [PROJECT] },
    ],
    purchases: async () => (await Promise.all([aws, azure, gcp].map(({ ledger }) => ledger.purchases()))).flat(),
    async close() {
      await google.close();
      await Promise.all([aws.close(), azure.close(), gcp.close()]);
    },
  };
}

const running = (nodeType: string, count: number) => ({ region: "eu-west-1", nodeType, count });

type Aws = Awaited<ReturnType<typeof startAwsSimulator>>;

const costExplorerOf = (aws: Aws) => (account: string) =>
  new CostExplorerClient({ ...accessTo(aws, account), region: "us-east-1", maxAttempts: 1 });

const accessTo = ({ url, credentialsFor }: Aws, account: string) => ({
  endpoint: url,
  credentials: credentialsFor(account),
});

const awsProviders = (aws: Aws): readonly CommitmentProvider[] => [
  ec2ReservedInstances({ clientFor: ({ account, region }) => new EC2Client({ ...accessTo(aws, account), region }) }),
  rdsReservedInstances({ clientFor: ({ account, region }) => new RDSClient({ ...accessTo(aws, account), region }) }),
  savingsPlans({
    clientFor: ({ account }) => new SavingsplansClient({ ...accessTo(aws, account), region: "us-east-1" }),
  }),
];

function azureAccess({ httpClient, credentialFor }: Awaited<ReturnType<typeof startAzureSimulator>>) {
  const client = new AzureReservationAPI(credentialFor(SUBSCRIPTION), { httpClient });
  return { clientFor: () => client, httpClient };
}

/** No API of Google states what a commitment costs: this takes it from a price list of one's own. */
const priceFor = ({
  resources,
}: {
  readonly resources?: { readonly vcpu?: number | undefined } | undefined;
}): Money => ({
  amount: String((resources?.vcpu ?? 0) * 120),
  currency: "USD",
});

function googleClients({ clientOptions }: Awaited<ReturnType<typeof startGcpSimulator>>) {
  const recommender = new RecommenderClient(clientOptions(PROJECT));
  const regions = new RegionsClient(clientOptions(PROJECT));
  const commitments = new RegionCommitmentsClient(clientOptions(PROJECT));
  const operations = new RegionOperationsClient(clientOptions(PROJECT));
  return {
    provider: gcpCommittedUseDiscounts({
      clientFor: () => ({ recommender, commitments, operations }),
      pollEveryMs: 50,
    }),
    source: gcpUsageRecommendations({ clientFor: () => ({ recommender, regions }), priceFor }),
    close: () => Promise.all([recommender, regions, commitments, operations].map((client) => client.close())),
  };
}
