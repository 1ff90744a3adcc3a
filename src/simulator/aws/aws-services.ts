import type { AwsService } from "./aws-service.js";
import type { AwsWorld } from "./aws-world.js";
import { ec2Service } from "./services/ec2/ec2-service.js";
import { elastiCacheService } from "./services/elasticache.js";
import { memoryDbService } from "./services/memorydb.js";
import { openSearchService } from "./services/opensearch.js";
import { rdsService } from "./services/rds.js";
import { redshiftService } from "./services/redshift/redshift-service.js";
import { redshiftServerlessService } from "./services/redshift-serverless.js";
import { savingsPlansService } from "./services/savings-plans/savings-plans-service.js";
import { stsService } from "./services/sts.js";

/** Every simulated service; the dispatcher looks nowhere else. */
export function awsServices(world: AwsWorld): AwsService[] {
  return [
    ec2Service(world),
    savingsPlansService(world),
    rdsService(world),
    elastiCacheService(world),
    memoryDbService(world),
    openSearchService(world),
    redshiftService(world),
    redshiftServerlessService(world),
    stsService,
  ];
}
