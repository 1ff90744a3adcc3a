import Big from "big.js";
import { holdMove, raisedHold } from "../../guards/limits/hold.js";
import type { ExceededLimit, ExecutionChange, StoredLimit } from "../../store-port/execution-store.js";
import type { LineHold, StoredRecord } from "./stored-record.js";

/** What a line holds before and after its price is accepted. `after` is missing if the price cannot be counted. */
interface Raise {
  readonly before: LineHold;
  readonly after: LineHold | undefined;
}

/** The holds that a change raises, because it accepts prices. */
export function raisesOf({ execution, holds }: StoredRecord, { lines = [] }: ExecutionChange): readonly Raise[] {
  const accepting = new Map(lines.filter((line) => line.acceptsPrice).map((line) => [line.index, line.progress]));
  return holds.flatMap((before) => {
    const progress = accepting.get(before.lineIndex);
    const line = execution.lines.find(({ index }) => index === before.lineIndex);
    if (progress === undefined || line === undefined || before.state !== "held") return [];
    return [{ before, after: raisedHold(before, line.request, progress.priceDrift?.found) }];
  });
}

/** The stored limits that would count more than their maximum. A limit that is no longer stored allows everything. */
export function exceededByRaises(
  limits: readonly StoredLimit[],
  raises: readonly Raise[],
  counted: (key: string) => { readonly used: string; readonly held: string },
): readonly ExceededLimit[] {
  const asked = new Map<string, Big>();
  for (const { before, after = before } of raises)
    for (const { key } of before.counters)
      asked.set(key, (asked.get(key) ?? new Big(0)).plus(holdMove(before, after).held));
  return [...asked].flatMap(([key, extra]) => {
    const limit = limits.find(({ countKey }) => key.startsWith(`${countKey} `));
    const { used, held } = counted(key);
    if (limit === undefined || extra.eq(0) || extra.plus(used).plus(held).lte(limit.max.amount)) return [];
    const { amount: max, currency } = limit.max;
    const period = key.slice(limit.countKey.length + 1);
    return [{ limit: limit.name, period, max, currency, used, held, asked: extra.toFixed() }];
  });
}
