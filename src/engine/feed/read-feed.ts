import { AUDIT_EVENT_KINDS } from "../../domain/audit-event.js";
import type { InputProblem } from "../../domain/input-problem.js";
import { checkKeys, didYouMean, refuse } from "../../domain/options.js";
import type { FeedPage, FeedQuery } from "../../store-port/execution-store.js";
import { type Reading, requireReader } from "../decisions/reading.js";
import type { EngineContext } from "../engine-options.js";

/** The most events of a page. */
const LONGEST_PAGE = 1_000;

/** Which events of all executions to read. */
export interface FeedReading extends Omit<FeedQuery, "limit"> {
  /** The most events of the page, at most 1000. Default 100. */
  readonly limit?: number;
}

/** A page of the events of all executions. A reader must be allowed to read what is about no execution. */
export async function readFeed(context: EngineContext, query: FeedReading = {}, reading?: Reading): Promise<FeedPage> {
  checkKeys<FeedReading>("query", query, { after: true, limit: true, kinds: true });
  refuse([...queryProblems(query)]);
  await requireReader(context, reading);
  return context.store.feed({ ...query, limit: query.limit ?? 100 });
}

function* queryProblems({ after, limit = 1, kinds }: FeedReading): Generator<InputProblem> {
  if (after !== undefined && typeof after !== "string") yield { path: "query.after", problem: "must be text" };
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > LONGEST_PAGE)
    yield { path: "query.limit", problem: `must be a whole number from 1 to ${LONGEST_PAGE}` };
  yield* kindProblems("query.kinds", kinds);
}

/** The problems with a list of kinds of events. A misspelt kind would match nothing for ever. */
export function* kindProblems(path: string, kinds: FeedQuery["kinds"]): Generator<InputProblem> {
  if (kinds === undefined) return;
  if (!Array.isArray(kinds) || kinds.length === 0)
    return yield { path, problem: "must be a list of kinds of events; leave it out for all" };
  for (const kind of kinds.map(String))
    if (!AUDIT_EVENT_KINDS.some((known) => known === kind))
      yield { path, problem: `"${kind}" is no kind of event${didYouMean(kind, AUDIT_EVENT_KINDS)}` };
}
