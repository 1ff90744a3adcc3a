import type { EpochMs } from "../../domain/clock.js";
import { type CommitmentRequest, parseCommitmentRequests } from "../../domain/commitment-request/commitment-request.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { checkList } from "../../domain/input-problem.js";
import type { LineState } from "../../domain/line-state.js";
import { checkKeys, type KeysOf, nameProblems, refuse } from "../../domain/options.js";
import { type UnpricedRequest, withAnyPrice } from "../../domain/recommendation.js";
import type { NeedLine } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { AWAITING_APPROVAL } from "./approve.js";
import { needOf } from "./needs-of.js";
import { type Reading, requireReader } from "./reading.js";

/** Which suppressed needs are wanted. */
export interface SuppressionQuery {
  readonly account?: string;
  readonly service?: string;
  /** How many needs, at most 200; default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** A line that takes a need. */
export interface SuppressingLine {
  readonly executionId: string;
  readonly lineIndex: number;
  readonly status: ExecutionStatus;
  readonly state: LineState;
  readonly request: CommitmentRequest;
  /** Until when the line takes the need. Null for as long as it is open. */
  readonly until: EpochMs | null;
}

/** A need that nothing should be recommended for: a line that takes it is open, or was bought lately. */
export interface Suppression {
  readonly needKey: string;
  readonly service: string;
  readonly account: string;
  readonly region: string;
  /** Until when one of the lines takes it. Null for as long as one is open. */
  readonly until: EpochMs | null;
  readonly lines: readonly SuppressingLine[];
}

/** One page of suppressed needs, in the order of their keys. */
export interface SuppressionPage {
  readonly suppressions: readonly Suppression[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

const KNOWN: KeysOf<SuppressionQuery> = { account: true, service: true, limit: true, cursor: true };
const LONGEST_PAGE = 200;

/**
 * The needs that are open or were bought less than `overlapWindowMs` ago, by the lines as they are now. Without a window
 * there are none.
 */
export async function currentSuppressions(
  context: EngineContext,
  query: SuppressionQuery,
  reading?: Reading,
): Promise<SuppressionPage> {
  checkKeys<SuppressionQuery>("query", query, KNOWN);
  const { account, service, limit = 50, cursor } = query;
  refuse([...queryProblems(query)]);
  await requireReader(context, reading);
  const { store, overlapWindowMs } = context;
  if (overlapWindowMs === null) return { suppressions: [] };
  const lines = await store.neededLines({
    boughtWithinMs: overlapWindowMs,
    // One more tells whether there is a next page.
    limit: limit + 1,
    ...(account !== undefined && { account }),
    ...(service !== undefined && { service }),
    ...(cursor !== undefined && { after: cursor }),
  });
  const all = byNeed(lines).map(suppressionOf);
  const suppressions = all.slice(0, limit);
  const last = suppressions.at(-1);
  return all.length > limit && last !== undefined ? { suppressions, nextCursor: last.needKey } : { suppressions };
}

/** A line that somebody thinks of buying. It needs no price. */
export interface ConsideredLine {
  readonly line: CommitmentRequest | UnpricedRequest;
  /**
   * How old the knowledge is that speaks for the line, in milliseconds. It knows of no purchase since then. So what was
   * bought meanwhile takes the need too, however long ago. Default: only what is open or freshly bought does.
   */
  readonly knownForMs?: number;
}

/**
 * For each line, in their order, what takes its need. Null if nothing does, or if the engine has no provider for the
 * service and so cannot buy the line.
 */
export async function suppressionsOf(
  context: EngineContext,
  considered: readonly ConsideredLine[],
  reading?: Reading,
): Promise<readonly (Suppression | null)[]> {
  checkList("considered", considered);
  await requireReader(context, reading);
  const { store, overlapWindowMs } = context;
  if (overlapWindowMs === null) return considered.map(() => null);
  const keys = await Promise.all(considered.map(({ line }) => needKeyOf(context, line)));
  const needKeys = [...new Set(keys.flatMap((key) => key ?? []))];
  if (needKeys.length === 0) return considered.map(() => null);
  const windows = considered.map(({ knownForMs }) =>
    knownForMs === undefined ? overlapWindowMs : Math.max(overlapWindowMs, knownForMs + ROUNDING_MS),
  );
  const boughtWithinMs = Math.max(...windows);
  const taking = await store.neededLines({ boughtWithinMs, needKeys, limit: needKeys.length });
  const byKey = new Map(byNeed(taking).map((group) => [group[0].needKey, group]));
  return keys.map((key, index) => {
    const windowMs = windows[index] ?? 0;
    const [first, ...others] = (byKey.get(key ?? "") ?? []).filter(({ boughtAgoMs }) => (boughtAgoMs ?? 0) < windowMs);
    if (first === undefined) return null;
    return suppressionOf([first, ...others].map((line) => untilFree(line, boughtWithinMs, overlapWindowMs)));
  });
}

/** A line with the time until which it takes its need. Null where only what is known of it anew frees the need. */
function untilFree(line: NeedLine, askedForMs: number, overlapWindowMs: number): NeedLine {
  const { until, boughtAgoMs } = line;
  if (until === null || boughtAgoMs === null) return line;
  return { ...line, until: boughtAgoMs < overlapWindowMs ? until - askedForMs + overlapWindowMs : null };
}

/** Stored times are rounded, and what is bought in the moment of a computation may be missing in it. */
const ROUNDING_MS = 1_000;

async function needKeyOf(
  context: EngineContext,
  line: CommitmentRequest | UnpricedRequest,
): Promise<string | undefined> {
  if (!context.providers.has(line.service)) return undefined;
  const [request] = parseCommitmentRequests([withAnyPrice(line)]);
  return request && (await needOf(context, request))?.key;
}

function* queryProblems({ account, service, limit = 1, cursor }: SuppressionQuery) {
  yield* nameProblems("query.account", account);
  yield* nameProblems("query.service", service);
  yield* nameProblems("query.cursor", cursor);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > LONGEST_PAGE)
    yield { path: "query.limit", problem: `must be a whole number from 1 to ${LONGEST_PAGE}` };
}

/** The lines of each need. Lines of one need follow one another. */
function byNeed(lines: readonly NeedLine[]): readonly (readonly [NeedLine, ...NeedLine[]])[] {
  const groups: [NeedLine, ...NeedLine[]][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    if (group?.[0].needKey === line.needKey) group.push(line);
    else groups.push([line]);
  }
  return groups;
}

function suppressionOf(lines: readonly NeedLine[]): Suppression {
  const taking = lines.map(
    ({ executionId, lineIndex, status, lineState: state, request, until, expiresAt }): SuppressingLine => ({
      executionId,
      lineIndex,
      status,
      state,
      request,
      until: AWAITING_APPROVAL.includes(status) ? expiresAt : until,
    }),
  );
  const [first] = lines;
  if (first === undefined) throw new Error("a need that no line takes is not suppressed");
  const { service, account, region } = first.request;
  const ends = taking.map(({ until }) => until);
  const until = ends.includes(null) ? null : Math.max(...ends.map(Number));
  return { needKey: first.needKey, service, account, region, until, lines: taking };
}
