import { CostExplorerClient } from "@aws-sdk/client-cost-explorer";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elastiCache from "@aws-sdk/client-elasticache";
import * as memoryDb from "@aws-sdk/client-memorydb";
import * as openSearch from "@aws-sdk/client-opensearch";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import * as rds from "@aws-sdk/client-rds";
import * as redshift from "@aws-sdk/client-redshift";
import * as serverless from "@aws-sdk/client-redshift-serverless";
import * as plans from "@aws-sdk/client-savingsplans";
import type { ConnectedAwsSimulator } from "buyonce/simulator";
import { silentLogger } from "../../../src/domain/logger.js";
import {
  awsOrganizationAccounts,
  awsReservationRecommendations,
  awsSavingsPlansRecommendations,
} from "../../../src/providers/aws/index.js";
import { collectRecommendations } from "../../../src/recommendations/index.js";
import { USAGE } from "../aws-usage.js";
import { ACCOUNT, buy, buyPlan, clientOf, ManualClock, simulatedAws } from "../simulated-aws.js";
import { type Call, type Watched, watch } from "./watched-calls.js";

/** Makes calls that no adapter makes, with a client whose calls are watched. */
type Script = (open: Open, simulator: ConnectedAwsSimulator) => Promise<void>;
type Open = <Client extends { destroy(): void }>(Constructor: Parameters<typeof clientOf<Client>>[0]) => Client;

const KEY = "a";
const TAGS = [{ Key: KEY, Value: "1" }];

/** The operations of each simulated service that no adapter calls. */
export const OTHER_CALLS: Readonly<Record<string, Script>> = {
  "aws.cost-explorer": async (open, simulator) => {
    await simulator.usage.set(USAGE);
    const client = open(CostExplorerClient);
    const options = { clientFor: () => client, payments: ["no_upfront", "partial_upfront"] } as const;
    const { failures } = await collectRecommendations({
      logger: silentLogger,
      sources: [
        { source: awsReservationRecommendations(options), accounts: [ACCOUNT] },
        { source: awsSavingsPlansRecommendations({ ...options, staleAfterMs: 0 }), accounts: [ACCOUNT] },
      ],
    });
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
  },

  "aws.organizations": async (open, simulator) => {
    await simulator.organization.set({
      managementAccount: ACCOUNT,
      accounts: [{ id: "222222222222", state: "PENDING_ACTIVATION" }],
    });
    const directory = awsOrganizationAccounts({ client: open(OrganizationsClient) });
    const signal = new AbortController().signal;
    await directory.accounts({ signal, logger: silentLogger, call: (_api, send) => send(signal) });
  },

  "aws.ec2": async (open) => {
    const client = open(ec2.EC2Client);
    const id = await buy(client, { InstanceCount: 2 });
    await client.send(new ec2.CreateTagsCommand({ Resources: [id], Tags: TAGS }));
    await client.send(new ec2.DescribeTagsCommand({ Filters: [{ Name: "resource-id", Values: [id] }] }));
    await client.send(new ec2.DeleteTagsCommand({ Resources: [id], Tags: [{ Key: KEY }] }));
    await client.send(
      new ec2.ModifyReservedInstancesCommand({
        ReservedInstancesIds: [id],
        TargetConfigurations: [
          { InstanceCount: 1, Scope: "Region" },
          { InstanceCount: 1, Scope: "Availability Zone", AvailabilityZone: "us-east-1a" },
        ],
      }),
    );
    await client.send(new ec2.DescribeReservedInstancesModificationsCommand({}));
    await client.send(new ec2.DescribeReservedInstancesCommand({}));
    await client.send(new ec2.DescribeHostsCommand({ HostIds: ["h-m5-1"] }));
  },

  "aws.rds": async (open) => {
    const client = open(rds.RDSClient);
    const { ReservedDBInstancesOfferings = [] } = await client.send(
      new rds.DescribeReservedDBInstancesOfferingsCommand({}),
    );
    const ReservedDBInstancesOfferingId = ReservedDBInstancesOfferings[0]?.ReservedDBInstancesOfferingId;
    const { ReservedDBInstance } = await client.send(
      new rds.PurchaseReservedDBInstancesOfferingCommand({ ReservedDBInstancesOfferingId }),
    );
    const ResourceName = ReservedDBInstance?.ReservedDBInstanceArn;
    await client.send(new rds.AddTagsToResourceCommand({ ResourceName, Tags: TAGS }));
    await client.send(new rds.ListTagsForResourceCommand({ ResourceName }));
    await client.send(new rds.RemoveTagsFromResourceCommand({ ResourceName, TagKeys: [KEY] }));
  },

  "aws.elasticache": async (open) => {
    const client = open(elastiCache.ElastiCacheClient);
    const { ReservedCacheNodesOfferings = [] } = await client.send(
      new elastiCache.DescribeReservedCacheNodesOfferingsCommand({}),
    );
    const ReservedCacheNodesOfferingId = ReservedCacheNodesOfferings[0]?.ReservedCacheNodesOfferingId;
    const { ReservedCacheNode } = await client.send(
      new elastiCache.PurchaseReservedCacheNodesOfferingCommand({ ReservedCacheNodesOfferingId }),
    );
    const ResourceName = ReservedCacheNode?.ReservationARN;
    await client.send(new elastiCache.AddTagsToResourceCommand({ ResourceName, Tags: TAGS }));
    await client.send(new elastiCache.ListTagsForResourceCommand({ ResourceName }));
    await client.send(new elastiCache.RemoveTagsFromResourceCommand({ ResourceName, TagKeys: [KEY] }));
  },

  "aws.memorydb": async (open) => {
    const client = open(memoryDb.MemoryDBClient);
    const { ReservedNodesOfferings = [] } = await client.send(new memoryDb.DescribeReservedNodesOfferingsCommand({}));
    const ReservedNodesOfferingId = ReservedNodesOfferings[0]?.ReservedNodesOfferingId;
    const { ReservedNode } = await client.send(
      new memoryDb.PurchaseReservedNodesOfferingCommand({ ReservedNodesOfferingId }),
    );
    const ResourceArn = ReservedNode?.ARN;
    await client.send(new memoryDb.TagResourceCommand({ ResourceArn, Tags: TAGS }));
    await client.send(new memoryDb.ListTagsCommand({ ResourceArn }));
    await client.send(new memoryDb.UntagResourceCommand({ ResourceArn, TagKeys: [KEY] }));
  },

  "aws.opensearch": async (open) => {
    const client = open(openSearch.OpenSearchClient);
    const ARN = "arn:aws:es:us-east-1:111122223333:reserved-instance/mine";
    await refused(client.send(new openSearch.ListTagsCommand({ ARN })));
    await refused(client.send(new openSearch.AddTagsCommand({ ARN, TagList: TAGS })));
    await refused(client.send(new openSearch.RemoveTagsCommand({ ARN, TagKeys: [KEY] })));
  },

  "aws.redshift": async (open) => {
    const client = open(redshift.RedshiftClient);
    const { ReservedNodeOfferings = [] } = await client.send(new redshift.DescribeReservedNodeOfferingsCommand({}));
    const ReservedNodeOfferingId = ReservedNodeOfferings[0]?.ReservedNodeOfferingId;
    const { ReservedNode } = await client.send(
      new redshift.PurchaseReservedNodeOfferingCommand({ ReservedNodeOfferingId }),
    );
    const { ReservedNodeId } = ReservedNode ?? {};
    const TargetReservedNodeOfferingId = ReservedNodeOfferings[1]?.ReservedNodeOfferingId;
    const exchange = { ReservedNodeId, TargetReservedNodeOfferingId };
    await client.send(new redshift.AcceptReservedNodeExchangeCommand(exchange));
    await client.send(new redshift.DescribeReservedNodeExchangeStatusCommand({ ReservedNodeId }));
    const ResourceName = `arn:aws:redshift:us-east-1:111122223333:reservednode:${ReservedNodeId}`;
    await client.send(new redshift.DescribeTagsCommand({}));
    await refused(client.send(new redshift.CreateTagsCommand({ ResourceName, Tags: TAGS })));
    await refused(client.send(new redshift.DeleteTagsCommand({ ResourceName, TagKeys: [KEY] })));
  },

  "aws.redshift-serverless": async (open) => {
    const client = open(serverless.RedshiftServerlessClient);
    const { reservationOfferingsList = [] } = await client.send(new serverless.ListReservationOfferingsCommand({}));
    const offeringId = reservationOfferingsList[0]?.offeringId;
    await client.send(new serverless.GetReservationOfferingCommand({ offeringId }));
    const { reservation } = await client.send(new serverless.CreateReservationCommand({ offeringId, capacity: 8 }));
    await client.send(new serverless.GetReservationCommand({ reservationId: reservation?.reservationId }));
  },

  "aws.savings-plans": async (open) => {
    const client = open(plans.SavingsplansClient);
    const savingsPlanId = await buyPlan(client, { commitment: "0.5" });
    const { savingsPlans = [] } = await client.send(new plans.DescribeSavingsPlansCommand({}));
    const resourceArn = savingsPlans[0]?.savingsPlanArn;
    await client.send(new plans.TagResourceCommand({ resourceArn, tags: { [KEY]: "1" } }));
    await client.send(new plans.ListTagsForResourceCommand({ resourceArn }));
    await client.send(new plans.UntagResourceCommand({ resourceArn, tagKeys: [KEY] }));
    await client.send(new plans.ReturnSavingsPlanCommand({ savingsPlanId }));
    await client.send(new plans.DescribeSavingsPlansCommand({}));
  },
};

const refused = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => Promise.reject(new Error("the call was not refused")),
    () => undefined,
  );

/** The calls of a service's script, made at a simulator of their own. */
export async function otherCallsOf(service: string): Promise<readonly Call[]> {
  const simulator: ConnectedAwsSimulator = await simulatedAws({ clock: new ManualClock() });
  const calls: Call[] = [];
  await OTHER_CALLS[service]?.((Constructor) => {
    const client = clientOf(Constructor, simulator);
    watch(client as unknown as Watched, service, calls);
    return client;
  }, simulator);
  return calls;
}
