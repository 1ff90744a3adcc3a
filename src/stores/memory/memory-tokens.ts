import type { DecisionToken } from "../../store-port/execution-store.js";
import type { TokenRows } from "../law/decision-tokens.js";

/** Where decision tokens are kept in memory. */
export interface MemoryTokens extends TokenRows {
  /** Forgets the tokens of an execution. */
  forget(executionId: string): void;
}

/** No tokens yet. Tokens that are revoked are forgotten. */
export function memoryTokens(): MemoryTokens {
  const tokens = new Map<string, DecisionToken>();
  const forget = (isMeant: (token: DecisionToken) => boolean): void => {
    for (const token of tokens.values()) if (isMeant(token)) tokens.delete(token.hash);
  };
  return {
    find: (hash) => tokens.get(hash),
    has: (hash) => tokens.has(hash),
    add: (token) => void tokens.set(token.hash, token),
    use(hash, usedAt) {
      const token = tokens.get(hash);
      if (token !== undefined) tokens.set(hash, { ...token, usedAt });
    },
    revoke: (executionId) => forget((token) => token.executionId === executionId && token.usedAt === null),
    forget: (executionId) => forget((token) => token.executionId === executionId),
  };
}
