import type { IncomingHttpHeaders } from "node:http";
import type { WireRequest } from "../wire.js";

/** What a request's Signature Version 4 says. The signature itself is not verified: no secret is worth checking. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service's signing name, e.g. `ec2`. */
  readonly service: string;
  readonly signedAt: number;
  /** How long the request may be sent after that, if its address is presigned. */
  readonly lifetimeMs?: number;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]{64}$/;
const AMZ_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

const CREDENTIAL = /^([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request$/;

/** Reads the signature of the headers, or of a presigned address; `undefined` if the request is not signed in full. */
export const readSignature = ({ headers, query }: Pick<WireRequest, "headers" | "query">): Signature | undefined =>
  signatureOfHeaders(headers) ?? signatureOfAddress(new URLSearchParams(query));

/** Whether a request arrives near the time of its signature, or within the lifetime of its presigned address. */
export function isTimely({ signedAt, lifetimeMs = 0 }: Signature, now: number, maxSkewMs: number): boolean {
  return signedAt - now <= maxSkewMs && now - signedAt <= Math.max(lifetimeMs, maxSkewMs);
}

function signatureOfAddress(params: URLSearchParams): Signature | undefined {
  const [, accessKeyId, region, service] = CREDENTIAL.exec(params.get("X-Amz-Credential") ?? "") ?? [];
  const signedAt = readAmzDate(params.get("X-Amz-Date") ?? undefined);
  const isSigned = /^[0-9a-f]{64}$/.test(params.get("X-Amz-Signature") ?? "");
  if (!isSigned || accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const lifetimeMs = Number(params.get("X-Amz-Expires") ?? 0) * 1000;
  return signedAt === undefined ? undefined : { accessKeyId, region, service, signedAt, lifetimeMs };
}

function signatureOfHeaders(headers: IncomingHttpHeaders): Signature | undefined {
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
