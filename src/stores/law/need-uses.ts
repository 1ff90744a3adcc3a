import type { Clock, EpochMs } from "../../domain/clock.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { NeededLineQuery, NeedLine, NeedQuery, NeedUse } from "../../store-port/execution-store.js";

/** A line that takes a need. */
export interface NeedRow extends Pick<Execution, "lineageKey" | "status" | "expiresAt"> {
  readonly executionId: string;
  readonly line: Pick<PurchaseLine, "index" | "state" | "request">;
  /** When the line was bought, else when it was last changed. */
  readonly at: EpochMs;
}

/** Which needs are wanted. */
export interface NeedKeyQuery {
  readonly account: string | undefined;
  readonly service: string | undefined;
  readonly limit: number;
  /** Needs come after this one. */
  readonly after: string;
  readonly boughtAfter: EpochMs;
}

/** Finds the lines of needs. */
export interface NeedRows {
  /** Lines that are submitting, in doubt, or planned in an open execution. */
  open(needKey: string): Iterable<NeedRow>;
  /** Lines that were bought after a time. */
  boughtAfter(needKey: string, time: EpochMs): Iterable<NeedRow>;
  /** In order, all needs that may be wanted, or at least so many that are. */
  keys(query: NeedKeyQuery): Iterable<string>;
}

/** Which lines take needs, at the time of the store's clock. */
export interface NeedUses {
  /** The lines of one need that cover it, or that would if their executions were approved. */
  of(needKey: string, boughtWithinMs: number): readonly NeedLine[];
  uses(query: NeedQuery): readonly NeedUse[];
  lines(query: NeededLineQuery): readonly NeedLine[];
}

/** The needs that the lines in these rows take. */
export function needUses(rows: NeedRows, clock: Clock): NeedUses {
  const of: NeedUses["of"] = (needKey, boughtWithinMs) => {
    const now = clock.now();
    const open = Array.from(rows.open(needKey), (row) => useOf(needKey, row, { until: null, boughtAgoMs: null }));
    const bought = Array.from(rows.boughtAfter(needKey, now - boughtWithinMs), (row) =>
      useOf(needKey, row, { until: row.at + boughtWithinMs, boughtAgoMs: now - row.at }),
    );
    return [...open, ...bought];
  };

  return {
    of,
    uses: ({ needKeys, boughtWithinMs, limit }) =>
      [...new Set(needKeys)]
        .flatMap((needKey) => of(needKey, boughtWithinMs))
        .toSorted(byPlace)
        .slice(0, limit)
        .map(({ request: _, expiresAt: __, boughtAgoMs: ___, ...use }) => use),
    lines: ({ account, service, needKeys, boughtWithinMs, after = "", limit }) =>
      [
        ...new Set(
          needKeys?.toSorted(compare) ??
            rows.keys({ ...{ account, service, after, limit }, boughtAfter: clock.now() - boughtWithinMs }),
        ),
      ]
        .filter((needKey) => needKey > after)
        .map((needKey) => of(needKey, boughtWithinMs).filter(inScope({ account, service })).toSorted(byPlace))
        .filter((lines) => lines.length > 0)
        .slice(0, limit)
        .flat(),
  };
}

const useOf = (
  needKey: string,
  { executionId, lineageKey, status, expiresAt, line: { index: lineIndex, state: lineState, request } }: NeedRow,
  bought: Pick<NeedLine, "until" | "boughtAgoMs">,
): NeedLine => ({ needKey, executionId, lineIndex, lineageKey, status, lineState, ...bought, request, expiresAt });

const inScope =
  ({ account, service }: { readonly account: string | undefined; readonly service: string | undefined }) =>
  ({ request }: NeedLine): boolean =>
    (account === undefined || request.account === account) && (service === undefined || request.service === service);

const byPlace = (a: NeedUse, b: NeedUse): number => compare(a.executionId, b.executionId) || a.lineIndex - b.lineIndex;

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
