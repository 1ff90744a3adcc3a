import { nodeCrypto } from "./node-modules.js";

/**
 * What stands for a lineage key outside of stores and engine: `lin_` and 32 hex digits of its hash.
 *
 * Two executions have the same one exactly if they are of one lineage. No token can be derived from it.
 */
export const lineageIdOf = (lineageKey: string): string =>
  `lin_${nodeCrypto().hash("sha256", `view:${lineageKey}`, "hex").slice(0, 32)}`;
