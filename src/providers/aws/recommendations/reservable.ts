import type { ReservationPurchaseRecommendationDetail } from "@aws-sdk/client-cost-explorer";
import { type AwsEc2Request, EC2_PLATFORMS } from "../../../domain/commitment-request/aws-ec2.js";
import { type AwsElastiCacheRequest, ELASTICACHE_ENGINES } from "../../../domain/commitment-request/aws-elasticache.js";
import type { AwsMemoryDbRequest } from "../../../domain/commitment-request/aws-memorydb.js";
import type { AwsOpenSearchRequest } from "../../../domain/commitment-request/aws-opensearch.js";
import type { AwsRdsRequest } from "../../../domain/commitment-request/aws-rds.js";
import type { AwsRedshiftRequest } from "../../../domain/commitment-request/aws-redshift.js";
import type { CommonRequest } from "../../../domain/commitment-request/common.js";
import { plainText } from "../plain-text.js";
import { rdsProduct } from "./rds-product.js";

/** What Cost Explorer recommends to reserve, read for a service. */
export interface Reservable {
  /** As stated: a code, a name, or nothing. */
  readonly region: string | undefined;
  readonly count: string | undefined;
  readonly subject: Readonly<Record<string, string | boolean>>;
  /** Such as `m5.large Linux/UNIX`. */
  readonly what: string;
  /** What a line has besides the fields of every line. A text says why there is no line. */
  readonly fields: ReservableFields | string;
}

/** What the lines of the services have besides the fields of every line. */
export type ReservableFields =
  | OwnFields<AwsEc2Request>
  | OwnFields<AwsRdsRequest>
  | OwnFields<AwsElastiCacheRequest>
  | OwnFields<AwsOpenSearchRequest>
  | OwnFields<AwsRedshiftRequest>
  | OwnFields<AwsMemoryDbRequest>;

type OwnFields<Request extends CommonRequest> = Omit<Request, keyof CommonRequest>;

/** What cannot be read from a recommendation. */
export interface ReservableSettings {
  readonly offeringClass: "standard" | "convertible";
  readonly redshiftOfferingType: string | undefined;
}

/** A service whose reservations Cost Explorer recommends. */
interface RecommendedService {
  /**
   * The `Service` of the request. Sources: the examples of the AWS CLI reference for EC2 and Redshift; the list in the
   * answer to an unknown service, as recorded by users of the API, for the others.
   */
  readonly askedAs: string;
  /** `undefined` if the details of the service are missing. */
  read(detail: ReservationPurchaseRecommendationDetail, settings: ReservableSettings): Reservable | undefined;
}

/** The services, by the names that their lines have. No line has `aws.dynamodb`. */
export const RECOMMENDED_SERVICES = {
  "aws.ec2": { askedAs: "Amazon Elastic Compute Cloud - Compute", read: readEc2 },
  "aws.rds": { askedAs: "Amazon Relational Database Service", read: readRds },
  "aws.elasticache": { askedAs: "Amazon ElastiCache", read: readElastiCache },
  "aws.opensearch": { askedAs: "Amazon OpenSearch Service", read: readOpenSearch },
  "aws.redshift": { askedAs: "Amazon Redshift", read: readRedshift },
  "aws.memorydb": { askedAs: "Amazon MemoryDB Service", read: readMemoryDb },
  "aws.dynamodb": { askedAs: "Amazon DynamoDB Service", read: readDynamoDb },
} as const satisfies Readonly<Record<string, RecommendedService>>;

/** One of {@link RECOMMENDED_SERVICES}. */
export type RecommendedServiceName = keyof typeof RECOMMENDED_SERVICES;

type Read = RecommendedService["read"];

function readEc2({ InstanceDetails, ...detail }: Parameters<Read>[0], { offeringClass }: ReservableSettings) {
  const stated = InstanceDetails?.EC2InstanceDetails;
  if (stated === undefined) return undefined;
  const { Region, InstanceType: instanceType = "", Platform = "", Tenancy = "", AvailabilityZone = "" } = stated;
  const platform = EC2_PLATFORMS.find((each) => plainText(each) === plainText(Platform));
  const tenancy = TENANCIES.get(Tenancy.toLowerCase());
  const zone = AvailabilityZone !== "" && { availabilityZone: AvailabilityZone };
  const shown = [instanceType, platform ?? Platform, tenancy === "default" ? "" : Tenancy, AvailabilityZone];
  return {
    region: Region,
    count: detail.RecommendedNumberOfInstancesToPurchase,
    subject: { instanceType, platform: platform ?? Platform, tenancy: tenancy ?? Tenancy, ...zone },
    what: shown.filter((word) => word !== "").join(" "),
    fields: ec2Fields(),
  };

  function ec2Fields(): OwnFields<AwsEc2Request> | string {
    if (platform === undefined) return `it is not known which product description of EC2 is meant by "${Platform}"`;
    if (tenancy === undefined) return `EC2 sells no Reserved Instances for tenancy "${Tenancy}"`;
    const scope = zone === false ? "region" : "availability_zone";
    return { service: "aws.ec2", instanceType, platform, tenancy, offeringClass, scope, ...zone };
  }
}

/** The tenancies, in the words of Cost Explorer and of EC2. */
const TENANCIES: ReadonlyMap<string, AwsEc2Request["tenancy"]> = new Map([
  ["shared", "default"],
  ["default", "default"],
  ["dedicated", "dedicated"],
]);

function readRds({ InstanceDetails, ...detail }: Parameters<Read>[0]): Reservable | undefined {
  const stated = InstanceDetails?.RDSInstanceDetails;
  if (stated === undefined) return undefined;
  const { Region, InstanceType: dbInstanceClass = "" } = stated;
  const product = rdsProduct(stated);
  const common = { region: Region, count: detail.RecommendedNumberOfInstancesToPurchase };
  if (typeof product === "string") {
    const { DatabaseEngine = "", DatabaseEdition = "", LicenseModel = "", DeploymentOption = "" } = stated;
    const { DeploymentModel = "" } = stated;
    return {
      ...common,
      subject: { dbInstanceClass, DatabaseEngine, DatabaseEdition, LicenseModel, DeploymentOption, DeploymentModel },
      what: [dbInstanceClass, DatabaseEngine, DatabaseEdition, DeploymentOption]
        .filter((word) => word !== "")
        .join(" "),
      fields: product,
    };
  }
  return {
    ...common,
    subject: { dbInstanceClass, ...product },
    what: `${dbInstanceClass} ${product.engine}${product.multiAz ? " Multi-AZ" : ""}`,
    fields: { service: "aws.rds", dbInstanceClass, ...product },
  };
}

function readElastiCache({ InstanceDetails, ...detail }: Parameters<Read>[0]): Reservable | undefined {
  const stated = InstanceDetails?.ElastiCacheInstanceDetails;
  if (stated === undefined) return undefined;
  const { Region, NodeType: cacheNodeType = "", ProductDescription = "" } = stated;
  const engine = ELASTICACHE_ENGINES.find((each) => each === plainText(ProductDescription));
  return {
    region: Region,
    count: detail.RecommendedNumberOfInstancesToPurchase,
    subject: { cacheNodeType, engine: engine ?? ProductDescription },
    what: `${cacheNodeType} ${engine ?? ProductDescription}`,
    fields:
      engine === undefined
        ? `it is not known which product description of ElastiCache is meant by "${ProductDescription}"`
        : { service: "aws.elasticache", cacheNodeType, engine },
  };
}

/** Class and size make the instance type: `r6g` and `large.search`. The size may state the class again. */
function readOpenSearch({ InstanceDetails, ...detail }: Parameters<Read>[0]): Reservable | undefined {
  const stated = InstanceDetails?.ESInstanceDetails;
  if (stated === undefined) return undefined;
  const { Region, InstanceClass = "", InstanceSize = "" } = stated;
  const instanceType = InstanceSize.startsWith(`${InstanceClass}.`) ? InstanceSize : `${InstanceClass}.${InstanceSize}`;
  return {
    region: Region,
    count: detail.RecommendedNumberOfInstancesToPurchase,
    subject: { instanceType },
    what: instanceType,
    fields: { service: "aws.opensearch", instanceType },
  };
}

/** Redshift sells a node type as several kinds of offering, and Cost Explorer does not say which it means. */
function readRedshift(
  { InstanceDetails, ...detail }: Parameters<Read>[0],
  { redshiftOfferingType: nodeOfferingType }: ReservableSettings,
): Reservable | undefined {
  const stated = InstanceDetails?.RedshiftInstanceDetails;
  if (stated === undefined) return undefined;
  const { Region, NodeType: nodeType = "" } = stated;
  return {
    region: Region,
    count: detail.RecommendedNumberOfInstancesToPurchase,
    subject: { nodeType },
    what: nodeType,
    fields:
      nodeOfferingType === undefined
        ? "Cost Explorer does not say which kind of Redshift offering it means: state it with option redshiftOfferingType"
        : { service: "aws.redshift", nodeType, nodeOfferingType },
  };
}

function readMemoryDb({ InstanceDetails, ...detail }: Parameters<Read>[0]): Reservable | undefined {
  const stated = InstanceDetails?.MemoryDBInstanceDetails;
  if (stated === undefined) return undefined;
  const { Region, NodeType: nodeType = "" } = stated;
  return {
    region: Region,
    count: detail.RecommendedNumberOfInstancesToPurchase,
    subject: { nodeType },
    what: nodeType,
    fields: { service: "aws.memorydb", nodeType },
  };
}

function readDynamoDb({ ReservedCapacityDetails, ...detail }: Parameters<Read>[0]): Reservable | undefined {
  const stated = ReservedCapacityDetails?.DynamoDBCapacityDetails;
  if (stated === undefined) return undefined;
  const { Region, CapacityUnits: capacityUnits = "" } = stated;
  return {
    region: Region,
    count: detail.RecommendedNumberOfCapacityUnitsToPurchase,
    subject: { capacityUnits },
    what: `DynamoDB capacity units (${capacityUnits})`,
    fields: "no API sells reserved capacity of DynamoDB: buy it in the AWS console",
  };
}
