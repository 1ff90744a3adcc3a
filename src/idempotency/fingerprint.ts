import canonicalize from "canonicalize";
import { invalidArgument } from "../domain/input-problem.js";
import { nodeCrypto } from "../domain/node-modules.js";

/**
 * The SHA-256 of a value's canonical JSON (RFC 8785), as 64 lowercase hex characters.
 *
 * Equal contents give equal fingerprints, in any order of their keys. A value that JSON cannot hold is refused with `INVALID_REQUEST`.
 */
export function fingerprint(value: unknown): string {
  const json = canonicalize(value);
  if (json === undefined) throw invalidArgument("value", "must be a JSON value");
  return nodeCrypto().hash("sha256", json, "hex");
}
