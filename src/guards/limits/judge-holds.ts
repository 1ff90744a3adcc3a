import Big from "big.js";
import type { EpochMs } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type { Money } from "../../domain/money.js";
import type { ExceededLimit, StoredLimit, UncountedLine } from "../../store-port/limits.js";
import { countsIn } from "./counts-in.js";
import { holdAmount } from "./hold.js";
import { periodOf } from "./period-of.js";

/** One line that an approval would count in one limit. */
export interface AskedHold {
  readonly limit: StoredLimit;
  readonly period: string;
  readonly lineIndex: number;
  /** `undefined` if the line cannot be counted. */
  readonly amount: Money | undefined;
}

/** What a limit has counted in a period, as decimals. */
export interface Counted {
  readonly used: string;
  readonly held: string;
}

/** What is approved, as limits count it. */
export type LimitedBasket = Pick<Execution, "createdBy" | "source" | "lines">;

/** What an approval at a moment would hold: its planned lines, in each limit that counts them. */
export function askedHolds(limits: readonly StoredLimit[], execution: LimitedBasket, moment: EpochMs): AskedHold[] {
  return limits.flatMap((limit) =>
    execution.lines
      .filter(({ state, request }) => state === "planned" && countsIn(limit, execution, request))
      .map(({ index, request }) => {
        const amount = holdAmount(request);
        const isCounted = amount?.currency === limit.max.currency;
        return { limit, period: periodOf(limit, moment), lineIndex: index, amount: isCounted ? amount : undefined };
      }),
  );
}

/** The lines that cannot be counted. */
export const uncountedLines = (asked: readonly AskedHold[]): readonly UncountedLine[] =>
  asked.filter(({ amount }) => amount === undefined).map(({ limit, lineIndex }) => ({ limit: limit.name, lineIndex }));

/** The limits in which what is asked does not fit: `used + held + asked` would be more than `max`. */
export function exceededLimits(
  asked: readonly AskedHold[],
  countedIn: (limit: StoredLimit, period: string) => Counted,
): readonly ExceededLimit[] {
  const periods = new Map(asked.map(({ limit, period }) => [limit, period]));
  return [...periods].flatMap(([limit, period]) => {
    const holds = asked.filter((hold) => hold.limit === limit);
    const sum = holds.reduce((total, { amount }) => total.plus(amount?.amount ?? 0), new Big(0));
    const { used, held } = countedIn(limit, period);
    if (sum.plus(used).plus(held).lte(limit.max.amount)) return [];
    const { amount: max, currency } = limit.max;
    return [{ limit: limit.name, period, max, currency, used, held, asked: sum.toFixed() }];
  });
}
