import { countProblem, spanProblem, timerProblem } from "../domain/bounds.js";
import type { InputProblem } from "../domain/input-problem.js";
import { functionProblems, type KeysOf, keyProblems, lackingProblems, nameProblems } from "../domain/options.js";
import { limitProblems } from "../guards/limits/limit-schema.js";
import { opsHintProblems } from "../guards/ops-hint.js";
import { providerProblems } from "../providers/checked-provider.js";
import type { CommitmentProvider } from "../providers/commitment-provider.js";
import { approvalProblems } from "./approval-options.js";
import type { Breaker, EngineContext, PurchaseEngineOptions } from "./engine-options.js";

const KNOWN: KeysOf<PurchaseEngineOptions> = {
  store: true,
  providers: true,
  clock: true,
  logger: true,
  onEvent: true,
  concurrency: true,
  leaseMs: true,
  lineTimeoutMs: true,
  sendWithinMs: true,
  retryDelayMs: true,
  reapAfterMs: true,
  approvalLifetimeMs: true,
  overlapWindowMs: true,
  breaker: true,
  limits: true,
  killSwitch: true,
  approvalWaitMs: true,
  authorize: true,
  fourEyes: true,
  approvals: true,
  onPriceDrift: true,
  opsHints: true,
  worker: true,
};

/** Problems with the shape of the options. They are checked before any option is used. */
export function shapeProblems(options: PurchaseEngineOptions): readonly InputProblem[] {
  const unknown = keyProblems(options, KNOWN);
  if (typeof options !== "object" || options === null)
    return unknown.map(({ problem }) => ({ path: "options", problem }));
  const { store, providers, clock, logger, worker, limits, ...rules } = options as Partial<PurchaseEngineOptions>;
  const declared = Array.isArray(providers) ? providers : [];
  return [
    ...unknown,
    ...storeProblems(store),
    ...(Array.isArray(providers) ? [] : [{ path: "providers", problem: "must be a list of providers" }]),
    ...declared.flatMap((one) => [...providerProblems(one)].map((problem) => ({ path: "providers", problem }))),
    ...functionProblems("killSwitch", rules.killSwitch),
    ...functionProblems("onEvent", rules.onEvent),
    ...ruleProblems(rules),
    ...approvalProblems(rules),
    ...opsHintProblems(rules.opsHints),
    ...lackingProblems("clock", clock, ["now", "monotonic", "timeout"]),
    ...lackingProblems("logger", logger, ["info", "warn", "error"]),
    ...nameProblems("worker", worker),
    ...(limits === undefined ? [] : limitProblems(limits)),
  ];
}

/** Problems with the rules about people. A rule that is there but undefined would be off without a word. */
function* ruleProblems(rules: Partial<PurchaseEngineOptions>): Generator<InputProblem> {
  if ("authorize" in rules && typeof rules.authorize !== "function")
    yield { path: "authorize", problem: "must be a function" };
  if ("fourEyes" in rules && typeof rules.fourEyes !== "boolean")
    yield { path: "fourEyes", problem: "must be true or false" };
}

function storeProblems(store: unknown): readonly InputProblem[] {
  const missing = lackingProblems("store", store ?? {}, ["create", "get", "commit", "claimDue", "claims"]);
  if (missing.length === 0) return [];
  const stores = "such as postgresStore(pool), sqliteStore(database) or memoryStore()";
  return [{ path: "store", problem: `must be a store, ${stores}${storeHint(store)}` }];
}

/** What was probably meant by something that is no store. */
function storeHint(found: unknown): string {
  if (typeof found !== "object" || found === null) return "";
  if ("query" in found) return "; this is a database client: pass postgresStore(client)";
  if ("prepare" in found) return "; this is a SQLite database: pass sqliteStore(database)";
  if ("then" in found) return "; this is a promise: await it, as in (await openSqlite(file)).store";
  return "store" in found ? "; this has a store in it: pass its `store`, as in (await openSqlite(file)).store" : "";
}

/** Problems with numbers, also with those that depend on others. */
export function* rangeProblems(
  context: EngineContext,
  providers: readonly CommitmentProvider[],
): Generator<InputProblem> {
  if (!Number.isSafeInteger(context.concurrency) || context.concurrency < 1)
    yield { path: "concurrency", problem: "must be a whole number of at least 1" };
  for (const name of ["leaseMs", "sendWithinMs", "reapAfterMs", "approvalLifetimeMs"] as const) {
    const problem = spanProblem(context[name]);
    if (problem !== undefined) yield { path: name, problem };
  }
  const window = context.overlapWindowMs === null ? undefined : spanProblem(context.overlapWindowMs);
  yield* breakerProblems(context.breaker);
  if (window !== undefined) yield { path: "overlapWindowMs", problem: window };
  const wait = context.approvalWaitMs === null ? undefined : spanProblem(context.approvalWaitMs);
  if (wait !== undefined) yield { path: "approvalWaitMs", problem: `${wait}, or null` };
  const timer = timerProblem(context.lineTimeoutMs);
  if (timer !== undefined) yield { path: "lineTimeoutMs", problem: timer };
  if (!(context.retryDelayMs >= 0)) yield { path: "retryDelayMs", problem: "must not be negative" };
  if (context.lineTimeoutMs > context.leaseMs / 2)
    yield { path: "lineTimeoutMs", problem: "must be at most half of leaseMs" };
  if (context.retryDelayMs >= context.reapAfterMs)
    yield { path: "retryDelayMs", problem: "must be less than reapAfterMs" };
  if (context.sendWithinMs > context.leaseMs / 4)
    yield { path: "sendWithinMs", problem: "must be at most a quarter of leaseMs" };
  if (context.providers.size < providers.length)
    yield { path: "providers", problem: "must hold one provider per service" };
}

/** The shortest times that can be meant. A purchase that was sent is in doubt if its answer takes longer. */
const SHORTEST_MS = { leaseMs: 1_000, lineTimeoutMs: 500 } as const;

/** Problems with times that were probably given in seconds. */
export function* unitProblems(options: PurchaseEngineOptions): Generator<InputProblem> {
  for (const path of ["leaseMs", "lineTimeoutMs"] as const) {
    const { [path]: given = SHORTEST_MS[path] } = options;
    if (given > 0 && given < SHORTEST_MS[path])
      yield { path, problem: `is in milliseconds, and must be at least ${SHORTEST_MS[path]}; got ${given}` };
  }
}

function* breakerProblems(breaker: Breaker | null): Generator<InputProblem> {
  if (breaker === null) return;
  const problems = [countProblem(breaker.unknowns), spanProblem(breaker.withinMs)] as const;
  if (problems[0] !== undefined) yield { path: "breaker.unknowns", problem: problems[0] };
  if (problems[1] !== undefined) yield { path: "breaker.withinMs", problem: problems[1] };
  for (const { path, problem } of keyProblems(breaker, { unknowns: true, withinMs: true }))
    yield { path: `breaker.${path}`, problem };
}
