import { nodeCrypto } from "./node-modules.js";

/**
 * The id that replaces a lineage key outside of stores and engine: `lin_` and 32 hex digits of the key's hash.
 *
 * Two executions have the same id exactly if they are of one lineage. No token can be derived from the id.
 */
export const lineageIdOf = (lineageKey: string): string =>
  `lin_${nodeCrypto().hash("sha256", `view:${lineageKey}`, "hex").slice(0, 32)}`;
