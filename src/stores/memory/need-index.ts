import type { EpochMs } from "../../domain/clock.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { type NeedRole, needRole } from "../../guards/overlap.js";
import { changedLines } from "../law/uniqueness.js";
import { type SortedList, sortedList } from "./sorted-list.js";

/** A line with a need. */
export interface NeedLine {
  readonly needKey: string;
  readonly executionId: string;
  readonly lineIndex: number;
  /** When the line was bought, else when it was last changed. */
  readonly at: EpochMs;
}

/** Finds the lines of a need without a full scan. */
export interface NeedIndex {
  replace(old: Execution | undefined, next: Execution | undefined): void;
  /** Lines that are submitting, in doubt, or planned in an open execution. */
  open(needKey: string): Iterable<NeedLine>;
  /** All needs that a line has or had, in no order. */
  keys(): Iterable<string>;
  /** Lines that were bought after a time. The latest comes first. */
  boughtAfter(needKey: string, time: EpochMs): Iterable<NeedLine>;
}

/** An index of no lines yet. */
export function needIndex(): NeedIndex {
  const open = new Map<string, Map<string, NeedLine>>();
  const bought = new Map<string, SortedList<NeedLine>>();
  const entries = new Map<string, { readonly line: NeedLine; readonly role: NeedRole }>();

  const leave = (execution: Execution, { index }: PurchaseLine): void => {
    const key = `${execution.id} ${index}`;
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    const { line, role } = entry;
    if (role === "bought") bought.get(line.needKey)?.replace(line, undefined);
    else open.get(line.needKey)?.delete(key);
  };
  const enter = (execution: Execution, { index, need, state, submittedAt }: PurchaseLine): void => {
    const role = needRole({ state }, execution.status);
    if (need === null || role === "none") return;
    const key = `${execution.id} ${index}`;
    const at = submittedAt ?? execution.updatedAt;
    const line: NeedLine = { needKey: need.key, executionId: execution.id, lineIndex: index, at };
    entries.set(key, { line, role });
    if (role === "bought") ofNeed(bought, need.key, () => sortedList(latestFirst)).replace(undefined, line);
    else ofNeed(open, need.key, () => new Map<string, NeedLine>()).set(key, line);
  };

  return {
    replace(old, next) {
      const all = isOpen(old) !== isOpen(next);
      for (const line of old === undefined ? [] : all ? old.lines : changedLines(old, next))
        leave(old as Execution, line);
      for (const line of next === undefined ? [] : all ? next.lines : changedLines(next, old))
        enter(next as Execution, line);
    },
    open: (needKey) => open.get(needKey)?.values() ?? [],
    keys: () => new Set([...open.keys(), ...bought.keys()]),
    *boughtAfter(needKey, time) {
      for (const line of bought.get(needKey)?.values() ?? []) {
        if (line.at <= time) return;
        yield line;
      }
    },
  };
}

/** Whether a planned line of an execution may still be bought. */
const isOpen = (execution: Execution | undefined): boolean =>
  execution !== undefined && needRole({ state: "planned" }, execution.status) !== "none";

function ofNeed<Value>(map: Map<string, Value>, needKey: string, make: () => Value): Value {
  const found = map.get(needKey);
  if (found !== undefined) return found;
  const made = make();
  map.set(needKey, made);
  return made;
}

const latestFirst = (a: NeedLine, b: NeedLine): number =>
  b.at - a.at || compare(a.executionId, b.executionId) || a.lineIndex - b.lineIndex;

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
