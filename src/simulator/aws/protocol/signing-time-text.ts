import type { SigningTime } from "./aws-protocol.js";

const MS_PER_MINUTE = 60_000;

/**
 * The message with which AWS's own authentication refuses a signing time.
 *
 * Wording as recorded from real services: "Signature expired: 20221231T235959Z is now earlier than 20230101T000000Z
 * (20230101T000500Z - 5 min.)", and "Signature not yet current: ... is still later than ..." for the other side.
 */
export function signingTimeText({ signedAt, now, maxSkewMs }: SigningTime): string {
  const minutes = maxSkewMs / MS_PER_MINUTE;
  const [signed, current] = [basicIso(signedAt), basicIso(now)];
  return signedAt < now
    ? `Signature expired: ${signed} is now earlier than ${basicIso(now - maxSkewMs)} (${current} - ${minutes} min.)`
    : `Signature not yet current: ${signed} is still later than ${basicIso(now + maxSkewMs)} (${current} + ${minutes} min.)`;
}

function basicIso(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}
