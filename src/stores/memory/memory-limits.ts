import type { PastLimits } from "../../store-port/execution-store.js";
import type { LimitCounter, LimitRows } from "../law/spending-limits.js";

/** Limits that nobody has set yet. */
export function memoryLimits(): LimitRows {
  const history: PastLimits[] = [];
  const counters = new Map<string, LimitCounter>();
  return {
    current: () => history.at(-1),
    add: (set) => void history.push(set),
    changes({ limit, since = 0 }) {
      const before = history.findLastIndex(({ changedAt }) => changedAt < since);
      return history.slice(Math.max(before, 0)).toReversed().slice(0, limit);
    },
    counter: (key) => counters.get(key),
    saveCounter: (key, counter) => void counters.set(key, counter),
  };
}
