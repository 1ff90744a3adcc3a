/** The functions of the package that take a store, and so could move an execution past an engine. */
export const OVER_A_STORE = [
  "createPurchaseEngine",
  "pruneExecutions",
  "reapStuckExecutions",
  "replayLimits",
  "transitionExecutionStatus",
] as const;

/** The functions of the package that know no store. */
export const PURE = [
  "BuyonceError",
  "answerOf",
  "anyOwnPolicy",
  "canTransition",
  "commitmentName",
  "deriveIdempotencyToken",
  "fingerprint",
  "idempotencyGuid",
  "isBuyonceError",
  "isTerminal",
  "maskToken",
  "mayAcknowledge",
  "memoryStore",
  "parseCommitmentRequests",
  "reapAfterFromEnv",
  "reservationId",
  "settle",
  "sightingIn",
  "uuidV4Shaped",
] as const;
