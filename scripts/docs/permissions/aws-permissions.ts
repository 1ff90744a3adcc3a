import { knownOf, type Need, type Purpose, permissionsOf, purposeOfWrite, type Service } from "./permission.js";
import { type RecordedStep, recordedAdapters, recordedSteps } from "./recorded-requests.js";

/*
 * The name of an action is the service for which the request is signed, and the operation. The Service Authorization
 * Reference has an action of that name for each of them. What follows is from that reference as well.
 */

/** The action that a request needs in addition if it carries tags, by the service that it is signed for. */
const TAGGING: Readonly<Record<string, string>> = {
  ec2: "CreateTags",
  elasticache: "AddTagsToResource",
  memorydb: "TagResource",
  rds: "AddTagsToResource",
  savingsplans: "TagResource",
};

/** What carries the tag, by the service of a line. */
const TAGGED: Readonly<Record<string, string>> = {
  "aws.ec2": "arn:aws:ec2:*:*:reserved-instances/*",
  "aws.ec2-capacity-blocks": "arn:aws:ec2:*:*:capacity-reservation/*",
  "aws.ec2-dedicated-hosts": "arn:aws:ec2:*:*:host-reservation/*",
  "aws.elasticache": "arn:aws:elasticache:*:*:reserved-instance:*",
  "aws.memorydb": "arn:aws:memorydb:*:*:reservednode/*",
  "aws.rds": "arn:aws:rds:*:*:ri:*",
  "aws.savings-plans": "arn:aws:savingsplans::*:savingsplan/*",
};

const READS = /^(?:Describe|Get|List)/;
/** How a request carries tags, in the protocols of AWS. */
const CARRIES_TAGS = /^(?:TagSpecification\.|Tags\.Tag\.)|^ {2}"[Tt]ags": [[{]/m;

/** The adapters of AWS, by the service of a line, and what they are called. */
const SERVICES: Readonly<Record<string, string>> = {
  "aws.ec2": "EC2 Reserved Instances",
  "aws.ec2-capacity-blocks": "EC2 Capacity Blocks",
  "aws.ec2-dedicated-hosts": "EC2 Dedicated Host Reservations",
  "aws.elasticache": "ElastiCache reserved nodes",
  "aws.memorydb": "MemoryDB reserved nodes",
  "aws.opensearch": "OpenSearch Reserved Instances",
  "aws.rds": "RDS reserved DB instances",
  "aws.redshift": "Redshift reserved nodes",
  "aws.redshift-serverless": "Redshift Serverless reservations",
  "aws.savings-plans": "Savings Plans",
};

/** One service of AWS. */
export interface AwsService extends Pick<Service, "title" | "permissions"> {
  /** The resources whose tags are written. */
  readonly tagged?: string;
}

/** What each adapter of AWS needs, and what the sources of recommendations need. */
export function awsServices(): readonly AwsService[] {
  const adapters = recordedAdapters("aws").map((service) => {
    const needs = recordedSteps(`aws/golden/${service}.http`).flatMap(needsOf);
    const tagged = TAGGED[service];
    if (needs.some(({ purpose }) => purpose === "label") !== (tagged !== undefined))
      throw new Error(`${service} writes tags, and TAGGED does not know it, or the other way round`);
    const permissions = permissionsOf([CALLER, ...needs]);
    return { title: `${knownOf(SERVICES, service)} (\`${service}\`)`, permissions, ...(tagged && { tagged }) };
  });
  const sources = recordedSteps("aws/recommendations/golden/aws.recommendations.http").flatMap(sourceNeedsOf);
  return [...adapters, { title: "Recommendations", permissions: permissionsOf(sources) }];
}

/** Each adapter checks once for each client that it belongs to the line's account. The golden files leave that out. */
const CALLER: Need = {
  name: "sts:GetCallerIdentity",
  purpose: "read",
  operation: "GetCallerIdentity",
  step: "the first use of a client",
};

const needsOf = (recorded: RecordedStep): readonly Need[] => [
  ...actionsOf(recorded, (operation) => (READS.test(operation) ? "read" : purposeOfWrite(recorded.step))),
  ...tagNeedsOf(recorded),
];

/** Sources change nothing that anybody pays for, so all that they need counts as reading. */
const sourceNeedsOf = (recorded: RecordedStep): readonly Need[] =>
  actionsOf(recorded, () => "read").map((need) => ({ ...need, step: recorded.scenario }));

function actionsOf(recorded: RecordedStep, purposeOf: (operation: string) => Purpose): readonly Need[] {
  const prefix = signedFor(recorded);
  return recorded.operations.map((operation) => {
    const name = `${prefix}:${operation}`;
    return { name, purpose: purposeOf(operation), operation, step: recorded.step };
  });
}

/** What a purchase needs because it carries tags. */
function tagNeedsOf(recorded: RecordedStep): readonly Need[] {
  const { step, operations, requests } = recorded;
  if (step !== "purchase" || !requests.some((text) => CARRIES_TAGS.test(text))) return [];
  const prefix = signedFor(recorded);
  const tagging = TAGGING[prefix];
  if (tagging === undefined) throw new Error(`which action of ${prefix} lets a purchase carry tags?`);
  return [{ name: `${prefix}:${tagging}`, purpose: "label", operation: `${operations.join()} with tags`, step }];
}

/** The service that the requests of a step are signed for. */
function signedFor({ requests, operations }: RecordedStep): string {
  const signed = new Set(requests.map((text) => /^signed for: [^/]+\/(.+)$/m.exec(text)?.[1]));
  const [service, ...others] = signed;
  if (service === undefined || others.length > 0) throw new Error(`${operations.join()} is signed for ${[...signed]}`);
  return service;
}
