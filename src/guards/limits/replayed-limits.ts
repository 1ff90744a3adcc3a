import Big from "big.js";
import type { EpochMs } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type { ExceededLimit, StoredLimit, UncountedLine } from "../../store-port/limits.js";
import { holdMove, newHold, nextHold } from "./hold.js";
import { type AskedHold, askedHolds, exceededLimits, uncountedLines } from "./judge-holds.js";

/** An approval of the past. */
export interface PastApproval {
  readonly execution: Execution;
  readonly at: EpochMs;
  /** When the last of its lines was settled. `undefined` if that has not happened. */
  readonly settledAt: EpochMs | undefined;
}

/** An approval of the past that limits would have refused. */
export interface ReplayedRefusal {
  readonly executionId: string;
  readonly at: EpochMs;
  readonly exceeded: readonly ExceededLimit[];
  readonly uncounted: readonly UncountedLine[];
}

interface Counter {
  readonly used: string;
  readonly held: string;
}

/**
 * What limits would have refused, one approval after the other. What is refused counts nothing later.
 *
 * An execution holds the highest price of its lines from its approval on. What was bought counts once its last line was
 * settled; the rest is released then.
 */
export function replayedLimits(
  limits: readonly StoredLimit[],
  approvals: readonly PastApproval[],
): readonly ReplayedRefusal[] {
  const counters = new Map<string, Counter>();
  const open: { readonly settledAt: EpochMs; readonly settle: () => void }[] = [];
  const counted = (limit: StoredLimit, period: string): Counter =>
    counters.get(`${limit.name} ${period}`) ?? { used: "0", held: "0" };
  const count = ({ limit, period }: AskedHold, move: Counter): void => {
    const { used, held } = counted(limit, period);
    const sum = { used: new Big(used).plus(move.used).toFixed(), held: new Big(held).plus(move.held).toFixed() };
    counters.set(`${limit.name} ${period}`, sum);
  };
  const settleUntil = (time: EpochMs): void => {
    for (const past of open.toSorted((a, b) => a.settledAt - b.settledAt)) {
      if (past.settledAt > time) return;
      past.settle();
      open.splice(open.indexOf(past), 1);
    }
  };

  return approvals
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ execution, at, settledAt }) => {
      settleUntil(at);
      const asked = askedHolds(limits, asApproved(execution), at);
      const uncounted = uncountedLines(asked);
      const exceeded = uncounted.length > 0 ? [] : exceededLimits(asked, counted);
      if (uncounted.length + exceeded.length > 0) return [{ executionId: execution.id, at, exceeded, uncounted }];
      for (const hold of asked) count(hold, { used: "0", held: hold.amount?.amount ?? "0" });
      if (settledAt !== undefined)
        open.push({
          settledAt,
          settle() {
            for (const hold of asked) count(hold, moveOf(execution, hold));
          },
        });
      return [];
    });
}

/** The execution with its lines as they were when it was approved. */
const asApproved = (execution: Execution): Execution => ({
  ...execution,
  lines: execution.lines.map((line) => ({ ...line, state: "planned" })),
});

function moveOf({ lines, status }: Execution, { lineIndex, amount }: AskedHold): Counter {
  const line = lines.find(({ index }) => index === lineIndex);
  if (line === undefined || amount === undefined) return { used: "0", held: "0" };
  const hold = newHold(amount);
  return holdMove(hold, nextHold(hold, line, status));
}
