import { nodeCrypto } from "../domain/node-modules.js";

/** 32 random bytes as base64url: as hard to guess as a key, and fit for a URL. */
const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** A fresh secret of a decision link. */
export const newLinkSecret = (): string => nodeCrypto().randomBytes(SECRET_BYTES).toString("base64url");

/** Whether a value has the form of such a secret. */
export const isLinkSecret = (value: unknown): value is string => typeof value === "string" && SECRET.test(value);

/** The hash under which a secret is stored. Nothing is gained by a slow hash, because no secret can be guessed. */
export const linkHash = (secret: string): string => nodeCrypto().hash("sha256", secret, "hex");

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export function isSameHash(stored: string, asked: string): boolean {
  const [one, other] = [Buffer.from(stored), Buffer.from(asked)];
  return one.length === other.length && nodeCrypto().timingSafeEqual(one, other);
}

/** What events say of a link: a part of its hash, from which nobody learns the secret. */
export const linkFacts = (hash: string): { readonly via: "link"; readonly link: string } => ({
  via: "link",
  link: hash.slice(0, 16),
});
