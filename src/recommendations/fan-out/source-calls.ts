import pLimit, { type LimitFunction } from "p-limit";
import pRetry from "p-retry";
import { anySignal } from "../../domain/any-signal.js";
import type { Clock } from "../../domain/clock.js";
import type { SourceContext, SourceFault } from "../../providers/recommendation-source.js";
import { untilAborted } from "../../providers/until-aborted.js";
import { pause } from "./pause.js";

/** How calls are limited and repeated. */
export interface CallLimits {
  /** Requests in flight, over all clouds and accounts. */
  readonly calls: number;
  /** How often a request is made at most. */
  readonly attempts: number;
  /** The wait before the second attempt. It doubles with each attempt, up to `longestWaitMs`. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  readonly requestTimeoutMs: number;
}

/** What the calls of a collection share. */
export interface SourceCalls {
  /** The calls for one account of a source or a directory. */
  callsOf(who: { readonly account: string; readonly faultOf: (thrown: unknown) => SourceFault }): SourceContext["call"];
}

/** The calls of one API and account. */
interface Lane {
  /** As many at once as the cloud has been seen to take. */
  readonly limit: LimitFunction;
  /** Until when all of them wait, by the monotonic clock. */
  pausedUntil: number;
  /** How many calls are under way, those that wait for their next attempt included. */
  users: number;
}

/**
 * Limits the requests of a collection: one limit for all, and one for each API and account.
 *
 * A request takes a slot of the common limit last and for itself alone, and waits for nothing while it has it. So
 * nothing can wait for itself. An API that throttles an account gets half as many of its requests at once, and one more
 * after each that succeeds. `onAttempt` is awaited before each request.
 */
export function sourceCalls(
  limits: CallLimits,
  surroundings: { readonly signal: AbortSignal; readonly clock: Clock; readonly onAttempt: () => Promise<void> },
): SourceCalls {
  const { signal, clock, onAttempt } = surroundings;
  const slots = pLimit(limits.calls);
  const lanes = new Map<string, Lane>();
  const enter = (key: string): Lane => {
    const lane = lanes.get(key) ?? { limit: pLimit(limits.calls), pausedUntil: 0, users: 0 };
    lane.users += 1;
    lanes.set(key, lane);
    return lane;
  };
  /** Forgets a lane that nobody uses and that is not slowed down, so that accounts which are done take no memory. */
  const leave = (key: string, lane: Lane): void => {
    lane.users -= 1;
    const isAtRest = lane.limit.concurrency === limits.calls && lane.pausedUntil <= clock.monotonic();
    if (lane.users === 0 && isAtRest) lanes.delete(key);
  };
  const attempt = async <Answer>(lane: Lane, send: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> => {
    await pause(lane.pausedUntil - clock.monotonic(), signal);
    await onAttempt();
    return slots(async () => {
      signal.throwIfAborted();
      const limit = anySignal([signal, clock.timeout(limits.requestTimeoutMs)]);
      try {
        return await untilAborted(send(limit), limit);
      } catch (thrown) {
        throw limit.aborted && !signal.aborted ? tookTooLong(limits.requestTimeoutMs) : thrown;
      }
    });
  };
  return {
    callsOf: ({ account, faultOf }) => {
      return async (api, send) => {
        const key = `${api}\n${account}`;
        const lane = enter(key);
        const retrying = pRetry(
          async () => {
            const answer = await lane.limit(() => attempt(lane, send));
            if (lane.limit.concurrency < limits.calls) lane.limit.concurrency += 1;
            return answer;
          },
          {
            retries: limits.attempts - 1,
            minTimeout: limits.firstWaitMs,
            maxTimeout: limits.longestWaitMs,
            randomize: true,
            signal,
            shouldRetry: ({ error }) => ["throttled", "unavailable"].includes(faultOf(error).kind),
            onFailedAttempt: ({ error, attemptNumber }) => {
              const { kind, retryAfterMs = 0 } = faultOf(error);
              if (kind !== "throttled") return;
              lane.limit.concurrency = Math.max(1, Math.floor(lane.limit.concurrency / 2));
              const waitMs = Math.min(limits.longestWaitMs, limits.firstWaitMs * 2 ** (attemptNumber - 1));
              lane.pausedUntil = Math.max(lane.pausedUntil, clock.monotonic() + Math.max(waitMs, retryAfterMs));
            },
          },
        );
        return untilAborted(retrying, signal).finally(() => leave(key, lane));
      };
    },
  };
}

/** What a request ends with that took too long. Sources know it by its name. */
const tookTooLong = (ms: number): Error =>
  Object.assign(new Error(`no answer came within ${ms} ms`), { name: "TimeoutError" });
