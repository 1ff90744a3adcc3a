import { invalidArgument } from "../domain/input-problem.js";

const TOKEN = /^[0-9a-f]{64}$/;
const ID_PREFIX = /^[a-z](?:[a-z0-9]|-(?!-))*$/;
const MAX_ID_CHARACTERS = 60;

/**
 * The token as a GUID: its first 32 hex digits as 8-4-4-4-12, without version bits, for clouds that take any GUID.
 */
export const idempotencyGuid = (token: string): string => dashed(checked(token).slice(0, 32));

/**
 * The token as a UUID with the version-4 and variant bits set, for clouds that require them (Redshift Serverless). The
 * other 122 bits are the first bits of the token.
 */
export function uuidV4Shaped(token: string): string {
  const hex = checked(token).slice(0, 32);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return dashed(`${hex.slice(0, 12)}4${hex.slice(13, 16)}${variant}${hex.slice(17)}`);
}

/**
 * A caller-chosen reservation id: `prefix` and the token's first 40 hex digits, in lower case because RDS stores ids so.
 *
 * The id has at most 60 characters, begins with a letter and has no double hyphen. A prefix that cannot give such an id
 * is refused with `INVALID_REQUEST`.
 */
export function reservationId(prefix: string, token: string): string {
  const lowered = String(prefix).toLowerCase();
  const id = lowered + checked(token).slice(0, 40);
  if (!ID_PREFIX.test(lowered) || id.length > MAX_ID_CHARACTERS)
    throw invalidArgument(
      "prefix",
      `must be 1 to 20 letters, digits and single hyphens, a letter first, got "${prefix}"`,
    );
  return id;
}

/**
 * A commitment name for clouds with RFC 1035 names (GCP: 1 to 63 characters): `prefix` and the token's first 40 hex digits.
 */
export const commitmentName = (prefix: string, token: string): string => reservationId(prefix, token);

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

function checked(token: string): string {
  if (!TOKEN.test(token))
    throw invalidArgument("token", "must be 64 lowercase hex characters, as deriveIdempotencyToken gives them");
  return token;
}
