import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import type { PurchaseFault, SimulatedFaults } from "../simulated-cloud.js";
import type { Random } from "./random.js";

/** What happens to a process at one call of a port. */
export type Mishap = { readonly kind: "none" | "dies" } | { readonly kind: "stands still"; readonly ms: number };

/** Around the waits of a default engine: pause after an error, lease, reaper, settle wait. */
const STANDSTILLS_MS = [1_000, 31_000, 121_000, 601_000, 901_000, 1_801_000] as const;

/** What a round makes that finds nothing to do. There are thousands a day. */
const IDLE_CALLS: readonly string[] = ["moveDue", "claimDue", "stuck", "unlabeled", "history", "keys"];
const WHILE_IDLE = 0.003;
const AT_WORK = 0.012;
/** Around a purchase a mishap matters most, and there are few purchases. */
const AT_A_PURCHASE = 0.08;

/** Draws what happens at one call of a port. */
export function mishapAt(call: string, random: Random): Mishap {
  const probability = probabilityAt(call);
  const drawn = random.next();
  if (drawn < probability) return { kind: "dies" };
  return drawn < 2 * probability ? { kind: "stands still", ms: random.pick(STANDSTILLS_MS) } : { kind: "none" };
}

function probabilityAt(call: string): number {
  if (call === "purchase" || call === "on the wire") return AT_A_PURCHASE;
  return IDLE_CALLS.includes(call) ? WHILE_IDLE : AT_WORK;
}

/** More than a simulation uses. After the last one, everything goes well. */
const PURCHASES = 200;
const CALLS = 500;

/** Draws what a cloud does wrong. */
export function faultsOf(contract: IdempotencyContract, random: Random): SimulatedFaults {
  const list = <One>(length: number, draw: () => One): readonly One[] => Array.from({ length }, draw);
  return {
    purchases: list(PURCHASES, () => purchaseFault(contract, random)),
    lookups: list(CALLS, () => random.happens(0.05)),
    labels: list(CALLS, () => random.happens(0.2)),
    listingLagsMs: list(PURCHASES, () => random.pick([0, 0, 60_000, contract.visibilityLagMs])),
  };
}

function purchaseFault({ maxRequestLifetimeMs }: IdempotencyContract, random: Random): PurchaseFault {
  const kind = random.pick([
    ...(["none", "none", "none", "none", "none", "none"] as const),
    ...(["lost-reply", "lost-reply", "lost-request", "late-landing", "throttled", "split", "rejected"] as const),
  ]);
  return kind === "late-landing" ? { kind, ms: random.whole(0, maxRequestLifetimeMs) } : { kind };
}
