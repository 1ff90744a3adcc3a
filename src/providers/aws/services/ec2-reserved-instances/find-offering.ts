import type { DescribeReservedInstancesOfferingsRequest, ReservedInstancesOffering } from "@aws-sdk/client-ec2";
import { type AwsEc2Request, EC2_PLATFORMS } from "../../../../domain/commitment-request/aws-ec2.js";
import { collectPages } from "../../../collect-pages.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { onlyOffering } from "../../only-offering.js";
import { attributesOf, type Ec2Attributes } from "./attributes.js";

/** An offering that can be bought. */
export interface FoundOffering extends ReservedInstancesOffering {
  readonly ReservedInstancesOfferingId: string;
}

/**
 * The one offering of AWS itself that is exactly what the line buys.
 *
 * Throws `OFFERING_NOT_FOUND` for none and `OFFERING_AMBIGUOUS` for several: the library does not choose.
 */
export async function findOffering(connection: Ec2Connection, request: AwsEc2Request): Promise<FoundOffering> {
  const listed = await listOfferings(connection, request);
  const wanted = attributesOf(request);
  const { id, offering } = onlyOffering({
    what: `reserved instances in ${request.region}`,
    wanted,
    listed: listed.length,
    matching: listed.filter((candidate) => isExactly(candidate, wanted)),
    idOf: ({ ReservedInstancesOfferingId }) => ReservedInstancesOfferingId,
    open: { value: request.platform, known: EC2_PLATFORMS },
  });
  return { ...offering, ReservedInstancesOfferingId: id };
}

async function listOfferings({ client, settings, signal, limit }: Ec2Connection, request: AwsEc2Request) {
  const { DescribeReservedInstancesOfferingsCommand } = await loadEc2();
  return collectPages({
    operation: "DescribeReservedInstancesOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeReservedInstancesOfferingsCommand({ ...query(request), NextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedInstancesOfferings, nextToken: page.NextToken };
    },
  });
}

// Only `scope` is in Filters, because it has no field of its own. With everything in Filters, EC2 answers many empty
// pages. The enums of the SDK know four platforms; the API reference lists the others as well.
function query(request: AwsEc2Request): DescribeReservedInstancesOfferingsRequest {
  const { Scope, Duration, AvailabilityZone, ...fields } = attributesOf(request);
  return {
    ...(fields as Pick<
      DescribeReservedInstancesOfferingsRequest,
      "InstanceType" | "ProductDescription" | "InstanceTenancy" | "OfferingClass" | "OfferingType"
    >),
    ...(AvailabilityZone !== undefined && { AvailabilityZone }),
    MinDuration: Duration,
    MaxDuration: Duration,
    IncludeMarketplace: false,
    Filters: [{ Name: "scope", Values: [Scope] }],
    MaxResults: 100,
  };
}

function isExactly(offering: ReservedInstancesOffering, wanted: Ec2Attributes): boolean {
  const { AvailabilityZone, ...fields } = wanted;
  const names = Object.keys(fields) as (keyof typeof fields)[];
  return (
    offering.Marketplace !== true &&
    (AvailabilityZone ?? "") === (offering.AvailabilityZone ?? "") &&
    names.every((name) => offering[name] === fields[name])
  );
}
