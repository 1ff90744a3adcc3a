import type { Execution } from "../../domain/execution.js";
import type { MemoryRecord } from "./memory-record.js";

/** Who waits for which lane. */
export interface LaneQueues {
  /** The executions that have a line which waits for a lane. */
  of(lane: string): Iterable<MemoryRecord>;
  replace(old: MemoryRecord | undefined, next: MemoryRecord | undefined): void;
}

/** Nobody waits yet. */
export function laneQueues(): LaneQueues {
  const queues = new Map<string, Map<string, MemoryRecord>>();
  return {
    of: (lane) => queues.get(lane)?.values() ?? [],
    replace(old, next) {
      for (const lane of lanesOf(old)) {
        const queue = queues.get(lane);
        queue?.delete(old?.execution.id ?? "");
        if (queue?.size === 0) queues.delete(lane);
      }
      if (next === undefined) return;
      for (const lane of lanesOf(next)) queues.set(lane, (queues.get(lane) ?? new Map()).set(next.execution.id, next));
    },
  };
}

/** The lanes that the planned lines of an execution wait for. */
const lanesOf = (record: MemoryRecord | undefined): ReadonlySet<string> =>
  new Set((record?.execution.lines ?? []).flatMap((line) => waitedLane(line) ?? []));

/** The lane that a line waits for. */
export const waitedLane = ({ state, lastError }: Execution["lines"][number]): string | undefined =>
  state === "planned" ? lastError?.lane : undefined;
