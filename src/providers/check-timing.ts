import type { IdempotencyContract } from "../domain/idempotency-contract.js";

/** The bounds of a contract that a wrong unit would shorten. */
export type Bounds = Omit<IdempotencyContract, "kind" | "windowMs">;

/**
 * What is wrong with timings below the documented ones of a service, if anything.
 *
 * If seconds are given for milliseconds, a wait ends while the request can still land, and the line is bought twice. So
 * shorter timings are for simulators only.
 */
export function shortenedTiming(timing: Partial<Bounds>, documented: Bounds): string | undefined {
  const names = ["maxRequestLifetimeMs", "visibilityLagMs", "clockSkewMs"] as const;
  const short = names.filter((name) => (timing[name] ?? documented[name]) < documented[name]);
  if (short.length === 0) return undefined;
  const found = short.map((name) => `${name} is ${timing[name]}, at least ${documented[name]} is needed`).join("; ");
  return `timing is in milliseconds, and shorter than this service needs: ${found}. Against a real cloud this buys twice; for a simulator, set shortenedTimingForSimulators: true`;
}
