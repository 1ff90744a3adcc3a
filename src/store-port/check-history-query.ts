import { EXECUTION_STATUSES } from "../domain/execution-status.js";
import { type InputProblem, invalidRequest } from "../domain/input-problem.js";
import { didYouMean, type KeysOf, keyProblems } from "../domain/options.js";
import type { HistoryQuery } from "./execution-store.js";

const FILTERS: KeysOf<HistoryQuery> = {
  status: true,
  provider: true,
  account: true,
  createdBy: true,
  source: true,
  planId: true,
  commitmentId: true,
  createdFrom: true,
  createdBefore: true,
  limit: true,
  cursor: true,
};

const TEXTS = ["provider", "account", "createdBy", "source", "planId", "commitmentId", "cursor"] as const;
const TIMES = ["createdFrom", "createdBefore"] as const;

/** The last millisecond of the year 9999. A later time has another text form. */
const END_OF_TIME_MS = 253_402_300_799_999;

/**
 * Refuses a query with an unknown filter. `INVALID_REQUEST` says which name was probably meant.
 *
 * An ignored filter would match too much, and a reader could take another purchase for the one that was looked for.
 */
export function checkHistoryQuery(query: HistoryQuery): void {
  const problems = [...problemsOf(query)];
  if (problems.length > 0) throw invalidRequest(problems.map(({ path, problem }) => ({ path: at(path), problem })));
}

const at = (path: string): string => (path === "" ? "query" : `query.${path}`);

function* problemsOf(query: HistoryQuery): Generator<InputProblem> {
  const unknown = keyProblems(query, FILTERS);
  yield* unknown;
  // A query that is not an object has no filters to check.
  if (unknown.some(({ path }) => path === "")) return;
  yield* statusProblems(query.status);
  for (const name of TEXTS) if (!isTextOrAbsent(query[name])) yield { path: name, problem: "must be text" };
  for (const name of TIMES)
    if (!isTimeOrAbsent(query[name])) yield { path: name, problem: "must be a time in milliseconds since 1970" };
  if (query.limit !== undefined && !(Number.isSafeInteger(query.limit) && query.limit > 0))
    yield { path: "limit", problem: "must be a positive whole number" };
}

function* statusProblems(statuses: HistoryQuery["status"]): Generator<InputProblem> {
  if (statuses === undefined) return;
  if (!Array.isArray(statuses)) return yield { path: "status", problem: "must be a list of statuses" };
  for (const status of statuses.map(String))
    if (!EXECUTION_STATUSES.some((known) => known === status))
      yield { path: "status", problem: `"${status}" is no status${didYouMean(status, EXECUTION_STATUSES)}` };
}

/** Whether a filter is text without a NUL character. No execution holds one, and PostgreSQL accepts none. */
const isTextOrAbsent = (value: unknown): boolean =>
  value === undefined || (typeof value === "string" && !value.includes("\0"));

const isTimeOrAbsent = (value: unknown): boolean =>
  value === undefined || (typeof value === "number" && Math.abs(value) <= END_OF_TIME_MS);
