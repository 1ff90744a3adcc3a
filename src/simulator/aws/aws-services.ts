import type { AwsService } from "./aws-service.js";
import type { AwsWorld } from "./aws-world.js";
import { ec2Service } from "./ec2/ec2-service.js";
import { elastiCacheService } from "./elasticache/elasticache-service.js";
import { memoryDbService } from "./memorydb/memorydb-service.js";
import { openSearchService } from "./opensearch/opensearch-service.js";
import { rdsService } from "./rds/rds-service.js";
import { redshiftService } from "./redshift/redshift-service.js";
import { redshiftServerlessService } from "./redshift-serverless/redshift-serverless-service.js";
import { savingsPlansService } from "./savings-plans/savings-plans-service.js";
import { stsService } from "./sts/sts-service.js";

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
