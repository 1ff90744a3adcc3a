import type { Covering, TakenStep } from "../../../store-port/guards.js";

interface CoveringRow {
  readonly line_index: number;
  readonly execution_id: string;
  readonly status: Covering["status"];
  readonly until: string | null;
}

/** Decodes what covers the lines of an execution, from the JSON of an approval's statement. */
export const decodeCoverings = (rows: unknown): readonly Covering[] =>
  (JSON.parse(String(rows)) as CoveringRow[])
    .map(({ line_index, execution_id, status, until }) => ({
      lineIndex: line_index,
      executionId: execution_id,
      status,
      until: until === null ? null : Date.parse(until),
    }))
    .sort((a, b) => a.lineIndex - b.lineIndex || (a.executionId < b.executionId ? -1 : 1));

interface TakenStepRow {
  readonly why: TakenStep["why"];
  readonly execution_id: string;
  readonly plan_step: number;
}

/** Decodes which step of a plan stands against an approval. */
export function decodeTakenStep(row: unknown): TakenStep {
  const { why, execution_id: executionId, plan_step: step } = JSON.parse(String(row)) as TakenStepRow;
  return { why, executionId, step };
}
