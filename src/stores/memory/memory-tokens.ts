import type { Clock, EpochMs } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type { DecisionToken, ExecutionChange } from "../../store-port/execution-store.js";

/** The decision tokens of stored executions. */
export interface MemoryTokens {
  /** Whether a change uses a token that may not decide it at this moment. */
  refuses(execution: Execution, change: ExecutionChange, now: EpochMs): boolean;
  /** Does what a change, that is stored as this execution, says about tokens. */
  apply(execution: Execution, change: ExecutionChange): void;
  /** The token with this hash, unless it is revoked or has run out. */
  find(hash: string): DecisionToken | undefined;
  /** Forgets the tokens of an execution. */
  forget(executionId: string): void;
}

/** No tokens yet. Tokens that are revoked are forgotten. */
export function memoryTokens(clock: Clock): MemoryTokens {
  const tokens = new Map<string, DecisionToken>();
  const forget = (isMeant: (token: DecisionToken) => boolean): void => {
    for (const token of tokens.values()) if (isMeant(token)) tokens.delete(token.hash);
  };
  return {
    refuses({ id, contentFingerprint }, { token: move }, now) {
      if (move?.kind === "issue" && tokens.has(move.hash)) throw new TypeError("a token has this hash already");
      if (move?.kind !== "use") return false;
      const token = tokens.get(move.hash);
      const isUsable =
        token !== undefined && token.usedAt === null && token.expiresAt > now && token.verb === move.verb;
      return !isUsable || token.executionId !== id || token.contentFingerprint !== contentFingerprint;
    },
    apply({ id: executionId, contentFingerprint, updatedAt }, { token: move, event }) {
      if (move?.kind === "revoke") forget((token) => token.executionId === executionId && token.usedAt === null);
      if (move?.kind === "issue") {
        const { kind: _, validForMs, ...given } = move;
        const times = { issuedAt: updatedAt, expiresAt: updatedAt + validForMs, usedAt: null };
        tokens.set(move.hash, { ...given, executionId, contentFingerprint, issuedBy: event.actor, ...times });
      }
      const used = move?.kind === "use" ? tokens.get(move.hash) : undefined;
      if (used !== undefined) tokens.set(used.hash, { ...used, usedAt: updatedAt });
    },
    find(hash) {
      const token = tokens.get(hash);
      return token !== undefined && token.expiresAt > clock.now() ? token : undefined;
    },
    forget: (executionId) => forget((token) => token.executionId === executionId),
  };
}
