import type { IncomingHttpHeaders } from "node:http";

/** What a request's Signature Version 4 headers say. The signature itself is not verified: no secret is worth checking. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service's signing name, e.g. `ec2`. */
  readonly service: string;
  readonly signedAt: number;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{64}$/;
const AMZ_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Reads `Authorization` and `X-Amz-Date`; `undefined` if the request is not signed in full. */
export function readSignature(headers: IncomingHttpHeaders): Signature | undefined {
  const [, accessKeyId, region, service] = AUTHORIZATION.exec(headers.authorization ?? "") ?? [];
  const signedAt = readAmzDate(headers["x-amz-date"]);
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return signedAt === undefined ? undefined : { accessKeyId, region, service, signedAt };
}

function readAmzDate(header: string | string[] | undefined): number | undefined {
  if (typeof header !== "string" || !AMZ_DATE.test(header)) return undefined;
  const ms = Date.parse(header.replace(AMZ_DATE, "$1-$2-$3T$4:$5:$6Z"));
  return Number.isNaN(ms) ? undefined : ms;
}
