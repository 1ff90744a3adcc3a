import type { AwsUsage } from "buyonce/simulator";
import { ACCOUNT } from "./simulated-aws.js";

const here = { account: ACCOUNT, region: "us-east-1" } as const;

/** Something of everything that Cost Explorer recommends commitments for. */
export const USAGE = {
  instances: [
    { ...here, service: "aws.ec2", nodeType: "m5.large", productDescription: "Linux/UNIX", count: 4 },
    {
      ...here,
      service: "aws.ec2",
      nodeType: "r5.large",
      productDescription: "Windows",
      tenancy: "dedicated",
      count: 1,
    },
    { ...here, service: "aws.rds", nodeType: "db.r6g.large", productDescription: "aurora-postgresql", count: 2 },
    {
      ...here,
      service: "aws.rds",
      nodeType: "db.r6g.large",
      productDescription: "oracle-se2 (byol)",
      multiAz: true,
      count: 1,
    },
    {
      ...here,
      service: "aws.rds",
      nodeType: "db.r6g.xlarge",
      productDescription: "sqlserver-ee(li)",
      multiAz: true,
      count: 1,
    },
    { ...here, service: "aws.elasticache", nodeType: "cache.r6g.large", productDescription: "valkey", count: 3 },
    { ...here, service: "aws.opensearch", nodeType: "r6g.large.search", count: 2 },
    { ...here, service: "aws.redshift", nodeType: "ra3.xlplus", count: 2 },
    { ...here, service: "aws.memorydb", nodeType: "db.r6g.large", count: 2 },
    { ...here, service: "aws.dynamodb", nodeType: "WriteCapacityUnit", count: 100 },
  ],
  spend: [
    { account: ACCOUNT, planType: "Compute", hourlySpend: 10 },
    { account: ACCOUNT, planType: "EC2Instance", region: "us-east-1", instanceFamily: "m5", hourlySpend: 2.345 },
    { account: ACCOUNT, planType: "SageMaker", hourlySpend: 1 },
    { account: ACCOUNT, planType: "Database", hourlySpend: 1.5 },
  ],
} as const satisfies AwsUsage;
