import fc from "fast-check";
import type { IdempotencyContract } from "../../../src/domain/idempotency-contract.js";
import type { PurchaseFault } from "../../../src/testing/simulated-cloud.js";

/** Time limits that keep the proportions of real ones: skew < lag < lifetime < lease. */
export const TIMES = {
  leaseMs: 1_000,
  sendWithinMs: 100,
  lineTimeoutMs: 500,
  retryDelayMs: 40,
  reapAfterMs: 1_200,
} as const;

const LIMITS = { maxRequestLifetimeMs: 500, visibilityLagMs: 150, clockSkewMs: 10 } as const;
const HALF_SKEW = LIMITS.clockSkewMs / 2;

/** One contract of each kind, and of those with a window a second one that is shorter than the settle wait. */
export const CONTRACTS = {
  "native-token": { kind: "native-token", windowMs: 2_000, ...LIMITS },
  "native-token with a short memory": { kind: "native-token", windowMs: 540, ...LIMITS },
  "caller-named": { kind: "caller-named", windowMs: null, ...LIMITS },
  "server-minted": { kind: "server-minted", windowMs: 2_000, ...LIMITS },
  "server-minted with a short memory": { kind: "server-minted", windowMs: 540, ...LIMITS },
  none: { kind: "none", windowMs: 0, ...LIMITS },
} as const satisfies Record<string, IdempotencyContract>;

export type ContractName = keyof typeof CONTRACTS;

/** What a worker or a person does. `basket` picks one of the submitted executions, or the latest retry of it. */
export type Command =
  /** `abortAt` is the point of this command, counted as for crashes, at which its caller gives up; 0 for never. */
  | { readonly kind: "run" | "reconcile"; readonly basket: number; readonly abortAt: number }
  | { readonly kind: "tick"; readonly abortAt: number }
  | { readonly kind: "reap" }
  | {
      readonly kind: "approve" | "schedule" | "pause" | "resume" | "cancel" | "retry" | "resolve";
      readonly basket: number;
    };

/** A store call that fails without its effect, or with its effect and without its answer. */
export type StoreFault = "none" | "before" | "after";

export interface WorkerScript {
  readonly commands: readonly Command[];
  /** The point (before or after a port call, or on the wire) at which it dies; 0 for never. */
  readonly crashAt: number;
  /** How far its wall clock is off; nothing but differences on it may count. */
  readonly clockOffsetMs: number;
  /** Which of its clocks stands still in flawed steps of the time. */
  readonly clockFlaw: "wall" | "monotonic";
  /** One per store call, then none. */
  readonly storeFaults: readonly StoreFault[];
}

/** A step of the time, between two steps of the workers. */
export interface TimeStep {
  readonly ms: number;
  /** How many turns it lets go by first, so that time passes in every part of the workers' lives. */
  readonly turns: number;
  /** Per worker: whether one of its clocks stands still meanwhile. */
  readonly flawed: readonly boolean[];
  /** Whether the kill switch is on from here to the next step. */
  readonly killed: boolean;
  /** What somebody else buys at its end, in the same lanes. */
  readonly elsewhere: { readonly offering: number; readonly quantity: number; readonly labeled: boolean } | null;
}

export interface Basket {
  /** Which offering, how many. Equal offerings share a lane. */
  readonly lines: readonly { readonly offering: number; readonly quantity: number }[];
  /** Approved from the start; otherwise it waits for a decision, and expires without one. */
  readonly approved: boolean;
}

export interface Scenario {
  readonly contract: ContractName;
  readonly baskets: readonly Basket[];
  readonly workers: readonly WorkerScript[];
  readonly purchases: readonly PurchaseFault[];
  readonly lookups: readonly boolean[];
  readonly labels: readonly boolean[];
  readonly listingLagsMs: readonly number[];
  /** Steps of the time, interleaved with the workers. */
  readonly steps: readonly TimeStep[];
  /** How far the store's clock and the cloud's are off: together at most the contract's skew. */
  readonly storeOffsetMs: number;
  readonly cloudOffsetMs: number;
}

const rarely = (odds: number): fc.Arbitrary<boolean> =>
  fc.integer({ min: 1, max: odds }).map((drawn) => drawn === odds);

/** Anything up to beyond a request's lifetime, and often just inside it. */
const lateness = fc.oneof(
  fc.integer({ min: 0, max: 600 }),
  fc.integer({ min: LIMITS.maxRequestLifetimeMs - 20, max: LIMITS.maxRequestLifetimeMs }),
);
const lag = fc.oneof(fc.integer({ min: 0, max: LIMITS.visibilityLagMs }), fc.constant(LIMITS.visibilityLagMs));

const fault: fc.Arbitrary<PurchaseFault> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "none" } as const) },
  { weight: 3, arbitrary: fc.constant({ kind: "lost-reply" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "lost-request" } as const) },
  { weight: 4, arbitrary: lateness.map((ms) => ({ kind: "late-landing", ms }) as const) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "throttled" } as const, { kind: "rejected" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "split" } as const) },
);

/** Lookups fail in bursts, as they do when a service or a permission is down. */
const outages = fc
  .array(fc.tuple(rarely(3), fc.integer({ min: 1, max: 5 })), { maxLength: 8 })
  .map((bursts) => bursts.flatMap(([fails, calls]) => Array<boolean>(calls).fill(fails)));

/** A store that works for some calls, then fails once, then again. */
const storeFaults: fc.Arbitrary<readonly StoreFault[]> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom("before" as const, "after" as const)), {
    maxLength: 2,
  })
  .map((spells) => spells.flatMap(([calls, broken]) => [...Array<StoreFault>(calls).fill("none"), broken]));

const basket = fc.integer({ min: 0, max: 1 });
const abortAt = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 25 }) },
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("run" as const), basket, abortAt }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reconcile" as const), basket, abortAt }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("tick" as const), abortAt }) },
  { weight: 1, arbitrary: fc.constant({ kind: "reap" } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(["approve", "schedule", "pause", "resume", "cancel", "retry", "resolve", "resolve"] as const),
      ),
      basket,
    }),
  },
);

const worker: fc.Arbitrary<WorkerScript> = fc.record({
  commands: fc.array(command, { minLength: 2, maxLength: 5 }),
  crashAt: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) },
  ),
  clockOffsetMs: fc.constantFrom(0, -HALF_SKEW, HALF_SKEW, 3_600_000),
  clockFlaw: fc.constantFrom("monotonic" as const, "wall" as const),
  storeFaults,
});

const offering = fc.integer({ min: 0, max: 1 });
const quantity = fc.integer({ min: 1, max: 3 });
const line = fc.record({ offering, quantity });

const step: fc.Arbitrary<TimeStep> = fc.record({
  turns: fc.integer({ min: 0, max: 8 }),
  ms: fc.constantFrom(5, 5, 5, 45, 45, 120, 300, 700, 1_100),
  flawed: fc.tuple(rarely(3), rarely(3)),
  killed: rarely(12),
  elsewhere: fc.oneof(
    { weight: 11, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ offering, quantity, labeled: fc.boolean() }) },
  ),
});

const offset = fc.constantFrom(0, -HALF_SKEW, HALF_SKEW);

/** A random scenario for one contract. */
export const scenarioFor = (contract: ContractName): fc.Arbitrary<Scenario> =>
  fc.record({
    contract: fc.constant(contract),
    baskets: fc.array(
      fc.record({ lines: fc.array(line, { minLength: 1, maxLength: 3 }), approved: rarely(6).map((open) => !open) }),
      { minLength: 1, maxLength: 2 },
    ),
    workers: fc.tuple(worker, worker),
    purchases: fc.array(fault, { minLength: 3, maxLength: 6 }),
    lookups: outages,
    labels: fc.array(fc.boolean(), { maxLength: 4 }),
    listingLagsMs: fc.array(lag, { minLength: 2, maxLength: 6 }),
    steps: fc.array(step, { minLength: 6, maxLength: 14 }),
    storeOffsetMs: offset,
    cloudOffsetMs: offset,
  });
