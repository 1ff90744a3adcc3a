import type { Clock, EpochMs } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type { DecisionToken, ExecutionChange } from "../../store-port/execution-store.js";

/** Where decision tokens are stored. */
export interface TokenRows {
  /** The token with this hash. `undefined` once it is revoked. */
  find(hash: string): DecisionToken | undefined;
  /** Whether a token has or had this hash. */
  has(hash: string): boolean;
  add(token: DecisionToken): void;
  use(hash: string, usedAt: EpochMs): void;
  /** Revokes the tokens of an execution that nobody has used. */
  revoke(executionId: string, revokedAt: EpochMs): void;
}

/** The decision tokens of stored executions. */
export interface DecisionTokens {
  /** Whether a change uses a token that may not decide it at this moment. */
  refuses(execution: Execution, change: ExecutionChange, now: EpochMs): boolean;
  /** Does what a change, that is stored as this execution, says about tokens. */
  apply(execution: Execution, change: ExecutionChange): void;
  /** The token with this hash, unless it is revoked or has run out. */
  find(hash: string): DecisionToken | undefined;
}

/** The tokens in these rows. */
export function decisionTokens(tokens: TokenRows, clock: Clock): DecisionTokens {
  return {
    refuses({ id, contentFingerprint }, { token: move }, now) {
      if (move?.kind === "issue" && tokens.has(move.hash)) throw new TypeError("a token has this hash already");
      if (move?.kind !== "use") return false;
      const token = tokens.find(move.hash);
      const isUsable =
        token !== undefined && token.usedAt === null && token.expiresAt > now && token.verb === move.verb;
      return !isUsable || token.executionId !== id || token.contentFingerprint !== contentFingerprint;
    },
    apply({ id: executionId, contentFingerprint, updatedAt }, { token: move, event }) {
      if (move?.kind === "revoke") tokens.revoke(executionId, updatedAt);
      if (move?.kind === "issue") {
        const { kind: _, validForMs, ...given } = move;
        const times = { issuedAt: updatedAt, expiresAt: updatedAt + validForMs, usedAt: null };
        tokens.add({ ...given, executionId, contentFingerprint, issuedBy: event.actor, ...times });
      }
      if (move?.kind === "use") tokens.use(move.hash, updatedAt);
    },
    find(hash) {
      const token = tokens.find(hash);
      return token !== undefined && token.expiresAt > clock.now() ? token : undefined;
    },
  };
}
