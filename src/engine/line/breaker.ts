import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import { messageOf } from "../../domain/errors.js";
import { newFreezeId } from "../../domain/id.js";
import type { LineRef } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";

/** Who freezes when the breaker does. */
export const BREAKER = "breaker";

/**
 * Freezes a cloud in an account after several purchases whose outcome is unknown. Only a person lifts the freeze.
 *
 * A failure of it changes nothing: the doubts are stored already, and no request waits for the breaker.
 */
export async function tripBreaker(context: EngineContext, request: CommitmentRequest): Promise<void> {
  const { breaker, store, logger } = context;
  if (breaker === null) return;
  const scope = { cloud: cloudOf(request.service), account: request.account };
  try {
    const doubts = await store.doubts({ ...scope, sentWithinMs: breaker.withinMs, limit: breaker.unknowns });
    if (doubts.length < breaker.unknowns) return;
    const held = await store.freezes();
    if (held.some((freeze) => freeze.scope.cloud === scope.cloud && freeze.scope.account === scope.account)) return;
    const reason = `${doubts.length} purchases with an unknown outcome: ${doubts.map(inWords).join(", ")}`;
    await store.freeze({ id: newFreezeId(), scope, frozenBy: BREAKER, reason });
    logger.error("Purchases are frozen, because the outcome of several is unknown", { ...scope, reason });
  } catch (thrown) {
    logger.error("The breaker could not be asked", { ...scope, error: messageOf(thrown) });
  }
}

const inWords = ({ executionId, lineIndex }: LineRef): string => `line ${lineIndex} of ${executionId}`;
