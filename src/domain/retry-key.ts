import type { Execution } from "./execution.js";

/** Request keys with this prefix belong to the library. */
export const RESERVED_KEYS = "buyonce/";

const RETRIES = `${RESERVED_KEYS}retry/`;

/** The request key of a retry: which retry of its lineage it is, from 1 on, and which execution it retries. */
export const retryKey = (retryAttempt: number, retryOf: string): string => `${RETRIES}${retryAttempt}/${retryOf}`;

/**
 * How many retries of its lineage an execution comes after, itself included: 0 for a basket that was submitted, 1 for
 * its first retry.
 *
 * The request key of a retry says so, and never changes. The key of a retry that was stored without the number counts
 * as that of a first retry.
 */
export function retryAttemptOf({ retryOf, requestKey }: Pick<Execution, "retryOf" | "requestKey">): number {
  if (retryOf === null) return 0;
  const [, attempt] = /^(\d+)\//.exec(requestKey.slice(RETRIES.length)) ?? [];
  return requestKey.startsWith(RETRIES) && attempt !== undefined ? Number(attempt) : 1;
}
