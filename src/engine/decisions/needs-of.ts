import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import { BuyonceError } from "../../domain/errors.js";
import type { PurchaseLine } from "../../domain/execution.js";
import type { InputProblem } from "../../domain/input-problem.js";
import type { Need } from "../../domain/need.js";
import type { Actor } from "../../guards/actor.js";
import { needRole } from "../../guards/overlap.js";
import { fingerprint } from "../../idempotency/fingerprint.js";
import { coveredInWords } from "../../state-machine/need-covered.js";
import type { Covering, ExecutionStore, NeedUse } from "../../store-port/execution-store.js";
import { type EngineContext, requireProvider } from "../engine-options.js";
import { mayRead } from "./reading.js";

/** What a line covers, as its provider says. Null if the engine lets needs overlap. */
export async function needOf(context: EngineContext, request: CommitmentRequest): Promise<Need | null> {
  const { overlapWindowMs } = context;
  if (overlapWindowMs === null) return null;
  const { service, account, region } = request;
  const covers = await requireProvider(context, service).needKey(request);
  return {
    key: fingerprint({ service, account, region, covers }),
    windowMs: overlapWindowMs,
    allowOverlap: request.allowOverlap?.reason ?? null,
  };
}

/** The lines of one basket that cover the same as an earlier line, and do not allow it. */
export function* overlapsInBasket(lines: readonly Pick<PurchaseLine, "index" | "need">[]): Generator<InputProblem> {
  const first = new Map<string, number>();
  for (const { index, need } of lines) {
    if (need === null || need.allowOverlap !== null) continue;
    const earlier = first.get(need.key);
    if (earlier === undefined) first.set(need.key, index);
    else
      yield {
        path: `lines[${index}]`,
        problem: `covers the same as lines[${earlier}]; raise its quantity, or state allowOverlap with the reason`,
      };
  }
}

/**
 * Another basket for the same need that only waits for approval, and that the submitter may read. Whichever is approved
 * first wins.
 */
export interface Overlap {
  /** The line of this basket. */
  readonly lineIndex: number;
  readonly executionId: string;
}

const MOST_USES = 1_000;

/** What is submitted, and by whom. */
interface NewBasket {
  readonly requestKey: string;
  readonly lines: readonly PurchaseLine[];
  readonly submitter: Actor;
}

/**
 * Who else uses the needs of new lines: refuses with `NEED_ALREADY_COVERED` where another basket covers one, and returns
 * those that only wait for approval.
 *
 * A basket does not cover itself: the purchases of the execution that already has the request key do not count.
 */
export async function otherBaskets(
  context: EngineContext,
  { requestKey, lines, submitter }: NewBasket,
): Promise<readonly Overlap[]> {
  const { store, overlapWindowMs } = context;
  const watched = lines.filter(({ need }) => need !== null && need.allowOverlap === null);
  if (watched.length === 0 || overlapWindowMs === null) return [];
  const needKeys = watched.flatMap(({ need }) => need?.key ?? []);
  const uses = await store.needs({ needKeys, boughtWithinMs: overlapWindowMs, limit: MOST_USES });
  const others = await usesOfOthers(store, requestKey, uses);
  const lineOf = new Map(watched.map(({ index, need }) => [need?.key, index]));
  const covered = others.filter(covers).map(
    ({ needKey, executionId, status, until }): Covering => ({
      lineIndex: lineOf.get(needKey) ?? 0,
      executionId,
      status,
      until,
    }),
  );
  if (covered.length > 0) throw refused(covered);
  const overlaps = others.map(({ needKey, executionId }) => ({ lineIndex: lineOf.get(needKey) ?? 0, executionId }));
  return context.authorize === undefined ? overlaps : readable(context, overlaps, submitter);
}

/** The overlaps with baskets that the submitter may read. */
async function readable(
  context: EngineContext,
  overlaps: readonly Overlap[],
  submitter: Actor,
): Promise<readonly Overlap[]> {
  const shown: Overlap[] = [];
  for (const overlap of overlaps) {
    const execution = await context.store.get(overlap.executionId);
    if (execution !== undefined && (await mayRead(context, execution, submitter))) shown.push(overlap);
  }
  return shown;
}

const covers = ({ lineState, status }: NeedUse): boolean => needRole({ state: lineState }, status) !== "proposes";

const refused = (covered: readonly Covering[]): BuyonceError =>
  new BuyonceError("NEED_ALREADY_COVERED", `The basket is not submitted: ${coveredInWords(covered)}.`, {
    details: { covered },
  });

/** The uses of needs by lineages whose first execution has another request key. */
async function usesOfOthers(
  store: ExecutionStore,
  requestKey: string,
  uses: readonly NeedUse[],
): Promise<readonly NeedUse[]> {
  const isOwn = new Map<string, boolean>();
  for (const { lineageKey, executionId } of uses)
    if (!isOwn.has(lineageKey)) isOwn.set(lineageKey, (await firstRequestKey(store, executionId)) === requestKey);
  return uses.filter(({ lineageKey }) => isOwn.get(lineageKey) === false);
}

async function firstRequestKey(store: ExecutionStore, executionId: string): Promise<string | undefined> {
  let execution = await store.get(executionId);
  while (execution !== undefined && execution.retryOf !== null) execution = await store.get(execution.retryOf);
  return execution?.requestKey;
}
