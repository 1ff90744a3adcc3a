import canonicalize from "canonicalize";
import { nodeCrypto } from "../domain/node-modules.js";

/**
 * The SHA-256 of a value's canonical JSON (RFC 8785), as 64 lowercase hex characters.
 *
 * Equal contents give equal fingerprints whatever the order of their keys. A `TypeError` for what JSON cannot hold.
 */
export function fingerprint(value: unknown): string {
  const json = canonicalize(value);
  if (json === undefined) throw new TypeError("fingerprint needs a JSON value");
  return nodeCrypto().hash("sha256", json, "hex");
}
