import { countProblem, timerProblem } from "../../domain/bounds.js";
import type { Clock } from "../../domain/clock.js";
import type { InputProblem } from "../../domain/input-problem.js";
import type { Logger } from "../../domain/logger.js";
import { lackingProblems, nameProblems } from "../../domain/options.js";
import type { AccountDirectory, RecommendationSource } from "../../providers/recommendation-source.js";
import type { CollectionPlace } from "./collection-failure.js";
import type { Parallelism } from "./parallelism.js";

/** A source and the accounts that it is asked about. */
export interface SourceAccounts {
  readonly source: RecommendationSource;
  /** Their ids in the order of the result, or where they are found. */
  readonly accounts: readonly string[] | AccountDirectory;
}

/** One part of a collection that has ended, well or not. */
export interface CollectionProgress {
  /** Parts that have ended. */
  readonly done: number;
  /** Parts that are known by now. It grows while the accounts say what there is to ask. */
  readonly total: number;
  readonly place: CollectionPlace;
  readonly ms: number;
}

/** How a collection runs. */
export interface CollectionOptions {
  readonly sources: readonly SourceAccounts[];
  /** Default: {@link parallelismFromEnv}. */
  readonly parallelism?: Partial<Parallelism>;
  /** How often a request is made at most that is throttled, or fails at the network or the cloud. Default 5. */
  readonly attempts?: number;
  /** The wait before the second attempt, in milliseconds; default 1000. It doubles, up to 30000. */
  readonly firstWaitMs?: number;
  /** Time limit of one request, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** Cancels the collection. */
  readonly signal?: AbortSignal;
  /** Called after each part. What it throws is logged. */
  readonly onProgress?: (progress: CollectionProgress) => void;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/** The problems with the sources of a collection. */
export function* sourceProblems(sources: readonly SourceAccounts[]): Generator<InputProblem> {
  if (!Array.isArray(sources) || sources.length === 0) {
    yield { path: "sources", problem: "must be a list with at least one source" };
    return;
  }
  const names = new Set<string>();
  for (const [index, { source, accounts }] of sources.entries()) {
    const path = `sources[${index}]`;
    yield* lackingProblems(`${path}.source`, source, ["parts", "faultOf"]);
    yield* nameProblems(`${path}.source.name`, source?.name ?? "");
    if (names.has(source?.name))
      yield { path: `${path}.source.name`, problem: `is the name of two sources, "${source.name}"` };
    names.add(source?.name);
    yield* accountProblems(`${path}.accounts`, accounts);
  }
}

function* accountProblems(path: string, accounts: SourceAccounts["accounts"]): Generator<InputProblem> {
  if (!Array.isArray(accounts)) {
    if (accounts === undefined) yield { path, problem: "must be a list of accounts, or a directory of them" };
    yield* lackingProblems(path, accounts, ["accounts", "faultOf"]);
    return;
  }
  const problems = accounts.flatMap((account, index) => nameProblems(`${path}[${index}]`, account ?? ""));
  yield* problems;
  if (problems.length === 0 && new Set(accounts).size < accounts.length)
    yield { path, problem: "must not name an account twice" };
}

/** The problems with the limits of a collection. */
export function* limitProblems(options: Omit<CollectionOptions, "sources">): Generator<InputProblem> {
  const { parallelism = {}, attempts = 1, firstWaitMs = 1, requestTimeoutMs = 1 } = options;
  const numbers: readonly (readonly [string, string | undefined])[] = [
    ["parallelism.calls", countProblem(parallelism.calls ?? 1)],
    ["parallelism.regions", countProblem(parallelism.regions ?? 1)],
    ["attempts", countProblem(attempts)],
    ["firstWaitMs", timerProblem(firstWaitMs)],
    ["requestTimeoutMs", timerProblem(requestTimeoutMs)],
  ];
  for (const [path, problem] of numbers) if (problem !== undefined) yield { path, problem };
}
