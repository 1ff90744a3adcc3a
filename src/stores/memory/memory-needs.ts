import type { Clock } from "../../domain/clock.js";
import { lineAt } from "../../domain/line-at.js";
import type { NeededLineQuery, NeedLine, NeedQuery, NeedUse } from "../../store-port/execution-store.js";
import type { MemoryRecords } from "./memory-records.js";

/** Which lines take needs, at the time of the store's clock. */
export interface MemoryNeeds {
  /** The lines of one need that cover it, or that would if their executions were approved. */
  of(needKey: string, boughtWithinMs: number): readonly NeedLine[];
  uses(query: NeedQuery): readonly NeedUse[];
  lines(query: NeededLineQuery): readonly NeedLine[];
}

/** The needs of stored records. */
export function memoryNeeds(records: MemoryRecords, clock: Clock): MemoryNeeds {
  const of: MemoryNeeds["of"] = (needKey, boughtWithinMs) => {
    const now = clock.now();
    const open = [...records.needs.open(needKey)].map((line) => ({ ...line, until: null, boughtAgoMs: null }));
    const bought = [...records.needs.boughtAfter(needKey, now - boughtWithinMs)].map((line) => ({
      ...line,
      until: line.at + boughtWithinMs,
      boughtAgoMs: now - line.at,
    }));
    return [...open, ...bought].flatMap(({ executionId, lineIndex, until, boughtAgoMs }) => {
      const { execution } = records.get(executionId) ?? {};
      if (execution === undefined) return [];
      const { lineageKey, status, expiresAt } = execution;
      const { state: lineState, request } = lineAt(execution, lineIndex);
      const line = { needKey, executionId, lineIndex, lineageKey, status, lineState };
      return [{ ...line, until, boughtAgoMs, request, expiresAt }];
    });
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
      [...new Set(needKeys ?? records.needs.keys())]
        .filter((needKey) => needKey > after)
        .toSorted(compare)
        .map((needKey) => of(needKey, boughtWithinMs).filter(inScope({ account, service })).toSorted(byPlace))
        .filter((lines) => lines.length > 0)
        .slice(0, limit)
        .flat(),
  };
}

const inScope =
  ({ account, service }: { readonly account: string | undefined; readonly service: string | undefined }) =>
  ({ request }: NeedLine): boolean =>
    (account === undefined || request.account === account) && (service === undefined || request.service === service);

const byPlace = (a: NeedUse, b: NeedUse): number => compare(a.executionId, b.executionId) || a.lineIndex - b.lineIndex;

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
