import { lineAt } from "../../domain/line-at.js";
import type { NeedRow, NeedRows } from "../law/need-uses.js";
import type { MemoryRecords } from "./memory-records.js";
import type { NeedLine } from "./need-index.js";

/** The lines of needs among stored records. */
export function memoryNeeds(records: Pick<MemoryRecords, "get" | "needs">): NeedRows {
  const rowOf = ({ executionId, lineIndex, at }: NeedLine): readonly NeedRow[] => {
    const execution = records.get(executionId)?.execution;
    if (execution === undefined) return [];
    const { lineageKey, status, expiresAt } = execution;
    return [{ executionId, lineageKey, status, expiresAt, line: lineAt(execution, lineIndex), at }];
  };
  return {
    open: (needKey) => [...records.needs.open(needKey)].flatMap(rowOf),
    boughtAfter: (needKey, time) => [...records.needs.boughtAfter(needKey, time)].flatMap(rowOf),
    keys: () => [...records.needs.keys()].sort(),
  };
}
