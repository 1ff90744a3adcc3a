import type { AwsService } from "./aws-service.js";
import type { AwsWorld } from "./aws-world.js";
import type { ReservedNodesProducts } from "./reserved-nodes/reserved-nodes-catalogue.js";
import { costExplorerService } from "./services/cost-explorer/cost-explorer-service.js";
import { ec2Service } from "./services/ec2/ec2-service.js";
import { elastiCacheProducts, elastiCacheService } from "./services/elasticache.js";
import { memoryDbProducts, memoryDbService } from "./services/memorydb.js";
import { openSearchProducts, openSearchService } from "./services/opensearch.js";
import { organizationsService } from "./services/organizations.js";
import { rdsProducts, rdsService } from "./services/rds.js";
import { redshiftProducts, redshiftService } from "./services/redshift/redshift-service.js";
import { redshiftServerlessService } from "./services/redshift-serverless.js";
import { savingsPlansService } from "./services/savings-plans/savings-plans-service.js";
import { stsService } from "./services/sts.js";

/** What the services with reserved nodes reserve. */
export const RESERVED_NODES_PRODUCTS: ReservedNodesProducts = {
  "aws.rds": rdsProducts,
  "aws.elasticache": elastiCacheProducts,
  "aws.memorydb": memoryDbProducts,
  "aws.opensearch": openSearchProducts,
  "aws.redshift": redshiftProducts,
};

/** Every simulated service; the dispatcher looks nowhere else. */
export function awsServices(world: AwsWorld): AwsService[] {
  const sellers = [
    ec2Service(world),
    savingsPlansService(world),
    rdsService(world),
    elastiCacheService(world),
    memoryDbService(world),
    openSearchService(world),
    redshiftService(world),
    redshiftServerlessService(world),
  ];
  const purchases = (now: number) => sellers.flatMap((seller) => seller.commitments(now));
  return [...sellers, costExplorerService(world, purchases), organizationsService(world), stsService];
}
