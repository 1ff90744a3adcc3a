import type { AwsEc2Request } from "../../../../domain/commitment-request/aws-ec2.js";
import { termSeconds } from "../../../../domain/commitment-request/common.js";
import { OFFERING_TYPES } from "../../offering-type.js";
import { plainText } from "../../plain-text.js";

/** What a line buys, in the fields and spellings that offerings and commitments of EC2 share. */
export interface Ec2Attributes {
  readonly InstanceType: string;
  readonly ProductDescription: string;
  readonly InstanceTenancy: string;
  readonly OfferingClass: string;
  readonly OfferingType: string;
  /** Seconds. */
  readonly Duration: number;
  readonly Scope: string;
  /** `undefined` for regional scope. */
  readonly AvailabilityZone: string | undefined;
}

/** The same fields as the cloud states them, any of which may be missing. */
export type StatedAttributes = { readonly [Name in keyof Ec2Attributes]?: Ec2Attributes[Name] | undefined };

/** The attributes of a line. */
export const attributesOf = (request: AwsEc2Request): Ec2Attributes => ({
  InstanceType: request.instanceType,
  ProductDescription: request.platform,
  InstanceTenancy: request.tenancy,
  OfferingClass: request.offeringClass,
  OfferingType: OFFERING_TYPES[request.payment],
  Duration: termSeconds(request.term),
  Scope: request.scope === "region" ? "Region" : "Availability Zone",
  AvailabilityZone: request.availabilityZone,
});

/** The attributes in which an offering or a commitment differs from a line. A missing attribute differs. */
export const differing = (request: AwsEc2Request, stated: StatedAttributes): readonly (keyof Ec2Attributes)[] => {
  const expected = attributesOf(request);
  return NAMES.filter((name) => comparable(expected[name]) !== comparable(stated[name]));
};

/** The attributes of a line that a commitment leaves out. */
export const unstated = (request: AwsEc2Request, stated: StatedAttributes): readonly (keyof Ec2Attributes)[] =>
  differing(request, stated).filter((name) => comparable(stated[name]) === undefined);

/**
 * The attributes that a commitment states otherwise than a line. With regional scope, a commitment states that it has no
 * zone.
 */
export const statedOtherwise = (request: AwsEc2Request, stated: StatedAttributes): readonly (keyof Ec2Attributes)[] => {
  const left = comparable(stated.Scope) === "region" ? ["AvailabilityZone"] : [];
  const open = unstated(request, stated).filter((name) => !left.includes(name));
  return differing(request, stated).filter((name) => !open.includes(name));
};

/**
 * Whether a commitment may be the line's: no attribute that it states says otherwise.
 *
 * A missing attribute does not rule it out. If the commitment were left out here, its purchase could be taken for one
 * that never happened.
 */
export const mayBeInLane = (request: AwsEc2Request, stated: StatedAttributes): boolean =>
  differing(request, stated).length === unstated(request, stated).length;

const NAMES = [
  "InstanceType",
  "ProductDescription",
  "InstanceTenancy",
  "OfferingClass",
  "OfferingType",
  "Duration",
  "Scope",
  "AvailabilityZone",
] as const satisfies readonly (keyof Ec2Attributes)[];

// Since EC2-Classic is gone, every platform is one "(Amazon VPC)". It is not documented under which of the two
// spellings a purchase is listed. So the suffix never tells two commitments apart, and neither do blanks and case.
const comparable = (value: string | number | undefined): string | undefined =>
  value === undefined || value === "" ? undefined : plainText(String(value)).replace(/\(amazonvpc\)$/, "");
