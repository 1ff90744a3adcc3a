import { awsRegionSchema } from "../../../domain/commitment-request/common.js";

/** The names of the regions, as the endpoint rules of the AWS SDK describe them. */
const CODES: Readonly<Record<string, string>> = {
  "AWS European Sovereign Cloud (Germany)": "eusc-de-east-1",
  "AWS GovCloud (US-East)": "us-gov-east-1",
  "AWS GovCloud (US-West)": "us-gov-west-1",
  "Africa (Cape Town)": "af-south-1",
  "Asia Pacific (Hong Kong)": "ap-east-1",
  "Asia Pacific (Hyderabad)": "ap-south-2",
  "Asia Pacific (Jakarta)": "ap-southeast-3",
  "Asia Pacific (Malaysia)": "ap-southeast-5",
  "Asia Pacific (Melbourne)": "ap-southeast-4",
  "Asia Pacific (Mumbai)": "ap-south-1",
  "Asia Pacific (New Zealand)": "ap-southeast-6",
  "Asia Pacific (Osaka)": "ap-northeast-3",
  "Asia Pacific (Seoul)": "ap-northeast-2",
  "Asia Pacific (Singapore)": "ap-southeast-1",
  "Asia Pacific (Sydney)": "ap-southeast-2",
  "Asia Pacific (Taipei)": "ap-east-2",
  "Asia Pacific (Thailand)": "ap-southeast-7",
  "Asia Pacific (Tokyo)": "ap-northeast-1",
  "Canada (Central)": "ca-central-1",
  "Canada West (Calgary)": "ca-west-1",
  "China (Beijing)": "cn-north-1",
  "China (Ningxia)": "cn-northwest-1",
  "Europe (Frankfurt)": "eu-central-1",
  "Europe (Ireland)": "eu-west-1",
  "Europe (London)": "eu-west-2",
  "Europe (Milan)": "eu-south-1",
  "Europe (Paris)": "eu-west-3",
  "Europe (Spain)": "eu-south-2",
  "Europe (Stockholm)": "eu-north-1",
  "Europe (Zurich)": "eu-central-2",
  "Israel (Tel Aviv)": "il-central-1",
  "Mexico (Central)": "mx-central-1",
  "Middle East (Bahrain)": "me-south-1",
  "Middle East (Saudi Arabia)": "me-west-1",
  "Middle East (UAE)": "me-central-1",
  "South America (Chile)": "sa-west-1",
  "South America (Sao Paulo)": "sa-east-1",
  "US East (N. Virginia)": "us-east-1",
  "US East (Ohio)": "us-east-2",
  "US West (N. California)": "us-west-1",
  "US West (Oregon)": "us-west-2",
};

/**
 * The code of a region that Cost Explorer names. `undefined` for a name that is not known.
 *
 * Its model does not say whether it answers with codes or with names: `Region` is "the Amazon Web Services Region of the
 * recommended reservation". So both are read. The price lists spell the regions of Europe "EU (Ireland)".
 */
export function regionCode(stated: string): string | undefined {
  if (awsRegionSchema().safeParse(stated).success) return stated;
  const name = stated.replace(/^EU \(/, "Europe (");
  return Object.hasOwn(CODES, name) ? CODES[name] : undefined;
}
