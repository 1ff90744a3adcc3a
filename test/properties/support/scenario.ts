import fc from "fast-check";
import type { IdempotencyContract } from "../../../src/domain/idempotency-contract.js";
import type { Sighting } from "../../../src/providers/commitment-provider.js";
import type { CallFault, PurchaseFault } from "../../../src/testing/simulated-cloud.js";

/** Time limits that keep the proportions of real ones: skew < lag < lifetime < lease. */
export const TIMES = {
  leaseMs: 1_000,
  sendWithinMs: 100,
  lineTimeoutMs: 500,
  retryDelayMs: 40,
  reapAfterMs: 1_200,
  // Long enough for most scenarios, so that some see their approval grow too old.
  approvalLifetimeMs: 2_500,
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

/** The contract of a scenario as an older version of the provider declared it, or a newer one with shorter bounds. */
export const versionOf = (contract: ContractName, isNewer: boolean): IdempotencyContract =>
  isNewer ? { ...CONTRACTS[contract], maxRequestLifetimeMs: 200, visibilityLagMs: 60 } : CONTRACTS[contract];

/** What a worker or a person does. `basket` picks one of the submitted executions, or the latest retry of it. */
export type Command =
  /** `abortAt` is the point of this command, counted as for crashes, at which its caller gives up; 0 for never. */
  | { readonly kind: "run" | "reconcile"; readonly basket: number; readonly abortAt: number }
  | { readonly kind: "tick"; readonly abortAt: number }
  | { readonly kind: "reap" }
  | {
      readonly kind: "approve" | "schedule" | "pause" | "resume" | "cancel" | "retry" | "resolve" | "correct";
      readonly basket: number;
    }
  /** A person errs: names the commitment of somebody else, or says that a line was not bought that was. */
  | { readonly kind: "mistake"; readonly basket: number; readonly says: "bought" | "not bought" };

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
  /** Whether it runs the version of the provider whose bounds are shorter. */
  readonly isNewer: boolean;
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
  readonly elsewhere: (LineOf & { readonly labeled: boolean }) | null;
  /** What becomes of the commitment of this number on the ledger. */
  readonly becomes: { readonly which: number; readonly sighting: Sighting } | null;
  /** Whether listings leave attributes out from here on. */
  readonly leavesOut: boolean;
}

/** What a line buys. Equal offerings of one region cannot be told apart; all of a region share a lane. */
export interface LineOf {
  readonly offering: number;
  readonly quantity: number;
  readonly region: number;
}

export interface Basket {
  readonly lines: readonly LineOf[];
  /** Approved from the start; otherwise it waits for a decision, and expires without one. */
  readonly approved: boolean;
}

export interface Scenario {
  readonly contract: ContractName;
  readonly baskets: readonly Basket[];
  readonly workers: readonly WorkerScript[];
  readonly purchases: readonly PurchaseFault[];
  readonly lookups: readonly CallFault[];
  readonly labels: readonly CallFault[];
  /** Whether the worker that comes in the end runs the version with the shorter bounds. */
  readonly healthyIsNewer: boolean;
  readonly listingLagsMs: readonly number[];
  /** Steps of the time, interleaved with the workers. */
  readonly steps: readonly TimeStep[];
  /** How far the store's clock and the cloud's are off: together at most the contract's skew. */
  readonly storeOffsetMs: number;
  readonly cloudOffsetMs: number;
}

const rarely = (odds: number): fc.Arbitrary<boolean> =>
  fc.integer({ min: 1, max: odds }).map((drawn) => drawn === odds);

/** Once in so many draws something, else nothing. */
const seldom = <Value>(odds: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight: odds - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });

/** Anything up to beyond a request's lifetime, and often just inside it. */
const lateness = fc.oneof(
  fc.integer({ min: 0, max: 600 }),
  fc.integer({ min: LIMITS.maxRequestLifetimeMs - 20, max: LIMITS.maxRequestLifetimeMs }),
);
const lag = fc.oneof(fc.integer({ min: 0, max: LIMITS.visibilityLagMs }), fc.constant(LIMITS.visibilityLagMs));

/** What providers and clouds say and throw that no port knows. */
const odd = {
  outcomes: [
    { kind: "timeout" },
    { kind: "failed", reason: "as it seems" },
    { kind: "committed " },
    { kind: "committed", commitment: { commitmentIds: [""] } },
    { kind: "rejected", rejection: null },
    null,
    undefined,
    "bought",
  ],
  answers: [{ commitmentIds: [] }, { commitmentIds: [""], labeled: true, differences: [] }, null, "nothing", [null]],
  thrown: [
    Object.create(null),
    "a text",
    undefined,
    { code: "Odd" },
    Object.assign(new Error("odd"), { name: "BuyonceError", code: "ODD" }),
  ],
} as const;

/** Every meaning of a state, by words that the simulated cloud may use. */
const sighting: fc.Arbitrary<Sighting> = fc.constantFrom<Sighting>(
  { meaning: "ended", state: "exchanged", became: "exchanged into another" },
  { meaning: "ended", state: "retired" },
  { meaning: "void", state: "payment-failed" },
  { meaning: "unclear", state: "cancelled" },
  { meaning: "pending", state: "creating" },
  { meaning: "live", state: "active" },
);

const fault: fc.Arbitrary<PurchaseFault> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "none" } as const) },
  { weight: 3, arbitrary: fc.constant({ kind: "lost-reply" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "lost-request" } as const) },
  { weight: 4, arbitrary: lateness.map((ms) => ({ kind: "late-landing", ms }) as const) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: "throttled" } as const, { kind: "rejected" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "split" } as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...odd.outcomes)
      .chain((outcome) => fc.boolean().map((lands) => ({ kind: "odd-answer", outcome, lands }) as const)),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...odd.thrown)
      .chain((thrown) => fc.boolean().map((lands) => ({ kind: "throws", thrown, lands }) as const)),
  },
  { weight: 1, arbitrary: fc.boolean().map((lands) => ({ kind: "hangs", lands }) as const) },
  { weight: 1, arbitrary: sighting.map((seen) => ({ kind: "lands-as", sighting: seen }) as const) },
);

/** What an odd call that moves no money does. */
const oddCall: fc.Arbitrary<CallFault> = fc.oneof(
  fc.constantFrom(...odd.answers).map((answer) => ({ kind: "odd-answer", answer }) as const),
  fc.constantFrom(...odd.thrown).map((thrown) => ({ kind: "throws", thrown }) as const),
  fc.constant({ kind: "hangs" } as const),
);

/** Lookups fail in bursts, as they do when a service or a permission is down; now and then one is odd. */
const outages: fc.Arbitrary<readonly CallFault[]> = fc
  .array(fc.tuple(rarely(3), fc.integer({ min: 1, max: 5 }), seldom(9, oddCall)), { maxLength: 8 })
  .map((bursts) =>
    bursts.flatMap(([fails, calls, last]) => [...Array<CallFault>(calls).fill(fails), ...(last ? [last] : [])]),
  );

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
        ...(["approve", "schedule", "pause", "resume", "cancel", "retry", "retry", "resolve", "resolve"] as const),
      ),
      basket,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({
        kind: fc.constant("mistake" as const),
        basket,
        says: fc.constantFrom("bought" as const, "not bought" as const),
      }),
      fc.record({ kind: fc.constant("correct" as const), basket }),
    ),
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
  isNewer: rarely(3),
});

const offering = fc.integer({ min: 0, max: 1 });
const quantity = fc.integer({ min: 1, max: 3 });
const region = rarely(3).map(Number);
const line = fc.record({ offering, quantity, region });

const step: fc.Arbitrary<TimeStep> = fc.record({
  turns: fc.integer({ min: 0, max: 8 }),
  ms: fc.constantFrom(5, 5, 5, 45, 45, 120, 300, 700, 1_100),
  flawed: fc.tuple(rarely(3), rarely(3)),
  killed: rarely(12),
  elsewhere: seldom(12, fc.record({ offering, quantity, region, labeled: fc.boolean() })),
  becomes: seldom(9, fc.record({ which: fc.nat({ max: 9 }), sighting })),
  leavesOut: rarely(25),
});

const offset = fc.constantFrom(0, -HALF_SKEW, HALF_SKEW);

/** What is drawn for a scenario. */
type Parts = { readonly [Part in Exclude<keyof Scenario, "contract">]: fc.Arbitrary<Scenario[Part]> };

const anything: Parts = {
  baskets: fc.array(
    fc.record({ lines: fc.array(line, { minLength: 1, maxLength: 3 }), approved: rarely(6).map((open) => !open) }),
    { minLength: 1, maxLength: 2 },
  ),
  workers: fc.tuple(worker, worker),
  purchases: fc.array(fault, { minLength: 3, maxLength: 6 }),
  lookups: outages,
  labels: fc.array(fc.oneof({ weight: 6, arbitrary: fc.boolean() }, { weight: 1, arbitrary: oddCall }), {
    maxLength: 4,
  }),
  healthyIsNewer: fc.boolean(),
  listingLagsMs: fc.array(lag, { minLength: 2, maxLength: 6 }),
  steps: fc.array(step, { minLength: 6, maxLength: 14 }),
  storeOffsetMs: offset,
  cloudOffsetMs: offset,
};

/** Answers that leave a line in doubt. */
const doubtful: fc.Arbitrary<PurchaseFault> = fc.oneof(
  fc.constantFrom({ kind: "lost-reply" } as const, { kind: "lost-request" } as const),
  lateness.map((ms) => ({ kind: "late-landing", ms }) as const),
);
const doubts = fc.array(doubtful, { minLength: 3, maxLength: 6 });

/** Two sound workers that do nothing but these commands. */
const busyWith = (...commands: readonly Command[]): fc.Arbitrary<readonly [WorkerScript, WorkerScript]> => {
  const script: fc.Arbitrary<WorkerScript> = fc.record({
    commands: fc.array(fc.constantFrom(...commands), { minLength: 4, maxLength: 8 }),
    crashAt: fc.constant(0),
    clockOffsetMs: fc.constant(0),
    clockFlaw: fc.constant("wall" as const),
    storeFaults: fc.constant([]),
    isNewer: fc.boolean(),
  });
  return fc.tuple(script, script);
};
const RUN: Command = { kind: "run", basket: 0, abortAt: 0 };
const TICK: Command = { kind: "tick", abortAt: 0 };
const RETRY: Command = { kind: "retry", basket: 0 };

/**
 * What a scenario is about: a theme leaves much out and draws the rest more often, because what needs three rare events
 * in a row is hardly ever drawn where everything is possible at once.
 */
const THEMES = {
  anything,
  /** People who err about lines in doubt, and retry them. */
  words: {
    ...anything,
    workers: busyWith(
      RUN,
      TICK,
      RETRY,
      { kind: "mistake", basket: 0, says: "not bought" },
      { kind: "mistake", basket: 0, says: "bought" },
      { kind: "resolve", basket: 0 },
      { kind: "correct", basket: 0 },
    ),
    purchases: doubts,
  },
  /** Requests that land late, and workers of two versions that look at their lines again and again. */
  lateness: {
    ...anything,
    workers: busyWith(RUN, TICK, TICK, { kind: "reconcile", basket: 0, abortAt: 0 }),
    purchases: fc.array(
      fc.integer({ min: 200, max: LIMITS.maxRequestLifetimeMs }).map((ms) => ({ kind: "late-landing", ms }) as const),
      { minLength: 3, maxLength: 6 },
    ),
    lookups: fc.constant([]),
  },
} as const satisfies Record<string, Parts>;

export type Theme = keyof typeof THEMES;

/** A random scenario for one contract: of one theme, or of any. */
export const scenarioFor = (contract: ContractName, theme?: Theme): fc.Arbitrary<Scenario> =>
  theme === undefined
    ? fc.oneof(
        { weight: 3, arbitrary: scenarioFor(contract, "anything") },
        ...(["words", "lateness"] as const).map((one) => scenarioFor(contract, one)),
      )
    : fc.record({ contract: fc.constant(contract), ...THEMES[theme] });
