import { BuyonceError } from "../../domain/errors.js";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import type { PurchaseFault, SimulatedFaults } from "../simulated-cloud.js";
import type { Random } from "./random.js";

/**
 * What happens to a process at one call of a port. `loses its store`: the call fails, and so does every call of the
 * process to its store or table in the next `ms`.
 */
export type Mishap =
  | { readonly kind: "none" | "dies" }
  | { readonly kind: "stands still" | "loses its store"; readonly ms: number };

/** Around the waits of a default engine: pause after an error, lease, reaper, settle wait. */
const STANDSTILLS_MS = [1_000, 31_000, 121_000, 601_000, 901_000, 1_801_000] as const;

/** Mostly a single error, which the engine outlasts where it writes again. The others are outages, up to a lease. */
const OUTAGES_MS = [0, 0, 1_000, 31_000, 121_000] as const;

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
  if (drawn < 2 * probability) return { kind: "stands still", ms: random.pick(STANDSTILLS_MS) };
  return drawn < 3 * probability ? { kind: "loses its store", ms: random.pick(OUTAGES_MS) } : { kind: "none" };
}

/** When an error comes: before the call has its effect, or after it, as a lost answer. */
export type Moment = "before" | "after";

/** A port that answers with errors, and what it throws. */
export type PortError = (moment: Moment, random: Random) => Error;

/** What a store of executions throws. `STORE_BUSY` says that nothing was stored, so it never comes after the effect. */
export const storeError: PortError = (moment, random) =>
  moment === "before" && random.happens(0.5)
    ? new BuyonceError("STORE_BUSY", "The simulated store is locked by somebody else")
    : driverError();

/** What a database driver throws. */
export const driverError = (): Error =>
  Object.assign(new Error("the connection to the simulated database was lost"), { code: "ECONNRESET" });

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
