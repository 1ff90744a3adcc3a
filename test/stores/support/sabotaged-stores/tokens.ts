import { setImmediate as otherWork } from "node:timers/promises";
import type { DecisionToken, ExecutionChange, ExecutionStore } from "../../../../src/store-port/execution-store.js";
import { overlooking } from "./approvals.js";
import { type Sabotage, withChange, withFault } from "./sabotage.js";

/** A store that decides by tokens that the port refuses, if the token is as stated. */
const deciding = (
  isOverlooked: (token: DecisionToken | undefined, change: ExecutionChange) => boolean,
): Sabotage["build"] =>
  overlooking(async (refusal, { correct, change }) => {
    if (refusal.because !== "token" || change.token?.kind !== "use") return false;
    return isOverlooked(await correct.decisionToken(change.token.hash), change);
  });

/** A store that shows tokens which it once knew, for as long as it knew them or for ever. */
const remembering: Sabotage["build"] = withFault((correct) => {
  const known = new Map<string, DecisionToken>();
  return {
    async commit(change) {
      const result = await correct.commit(change);
      const { token } = change;
      const stored = token?.kind === "issue" ? await correct.decisionToken(token.hash) : undefined;
      if (stored !== undefined) known.set(stored.hash, stored);
      return result;
    },
    decisionToken: async (hash) => (await correct.decisionToken(hash)) ?? known.get(hash),
  };
});

const isForOther = (token: DecisionToken | undefined, { executionId }: ExecutionChange): boolean =>
  token !== undefined && token.usedAt === null && token.executionId !== executionId;

/** Uses the token of a change without what the change decides. */
const burn = (correct: ExecutionStore, { executionId, token, event }: ExecutionChange) =>
  correct.commit({ executionId, guard: {}, event, ...(token && { token }) });

const ONCE = "a token is stored as it was issued, for the content of its execution, and decides once";
const FOR_ONE = "a token decides for its verb and its execution alone, and a wrong use leaves it unused";
const IN_TIME = "a token that has run out by the store's clock decides nothing and is not shown";
const REVOKED = "a revocation ends the unused tokens of its execution, and needs a version";

/** Tokens that decide what they may not, twice, or too late. */
export const tokenSabotages: readonly Sabotage[] = [
  {
    fault: "lets a token decide twice",
    noticedBy: ONCE,
    build: deciding((token) => token !== undefined && token.usedAt !== null),
  },
  {
    fault: "keeps who issued a token in the place of its recipient",
    noticedBy: ONCE,
    build: withChange((change) =>
      change.token?.kind === "issue"
        ? { ...change, token: { ...change.token, recipient: change.event.actor } }
        : change,
    ),
  },
  {
    fault: "lets a token decide for another verb",
    noticedBy: FOR_ONE,
    build: deciding(
      (token, { token: move }) => move?.kind === "use" && token !== undefined && token.verb !== move.verb,
    ),
  },
  { fault: "lets a token decide about another execution", noticedBy: FOR_ONE, build: deciding(isForOther) },
  { fault: "lets an unknown token decide", noticedBy: FOR_ONE, build: deciding((token) => token === undefined) },
  {
    fault: "gives tokens more time than was asked for",
    noticedBy: ONCE,
    build: withChange((change) =>
      change.token?.kind === "issue"
        ? { ...change, token: { ...change.token, validForMs: change.token.validForMs * 10 } }
        : change,
    ),
  },
  { fault: "shows tokens that have run out", noticedBy: IN_TIME, build: remembering },
  {
    fault: "uses a token although what it decides is refused",
    noticedBy: "a change that another guard refuses leaves its token unused",
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        if (result.kind === "refused" && result.because === "guard" && change.token?.kind === "use")
          await burn(correct, change);
        return result;
      },
    })),
  },
  {
    fault: "looks whether a token is used first and decides later",
    noticedBy: "of many racing uses of one token one wins",
    build: withFault((correct) => ({
      async commit(change) {
        if (change.token?.kind !== "use") return await correct.commit(change);
        const token = await correct.decisionToken(change.token.hash);
        for (let wait = 0; wait < 5; wait += 1) await otherWork();
        const result = await correct.commit(change);
        const execution = await correct.get(change.executionId);
        const isFresh = token !== undefined && token.usedAt === null && token.executionId === change.executionId;
        const isSeen = isFresh && token.verb === change.token.verb && result.kind === "refused";
        return isSeen && result.because === "token" && execution ? { kind: "moved", execution } : result;
      },
    })),
  },
  {
    fault: "revokes no token",
    noticedBy: REVOKED,
    build: withChange((change) => {
      const { token, ...rest } = change;
      return token?.kind === "revoke" ? rest : change;
    }),
  },
  {
    fault: "issues a hash again for somebody else",
    noticedBy: "a hash is issued once, and an approval issues none",
    build: withFault((correct) => ({
      async commit(change) {
        const { token, ...rest } = change;
        const isKnown = token?.kind === "issue" && (await correct.decisionToken(token.hash)) !== undefined;
        return await correct.commit(isKnown ? rest : change);
      },
    })),
  },
  {
    fault: "issues tokens with an approval",
    noticedBy: "a hash is issued once, and an approval issues none",
    build: withChange((change) => {
      const { token, ...rest } = change;
      return token?.kind === "issue" && change.status === "approved" ? rest : change;
    }),
  },
];
