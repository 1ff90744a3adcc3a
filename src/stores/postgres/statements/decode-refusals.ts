import type { ApprovalCount, Covering, TakenStep } from "../../../store-port/guards.js";
import type { ExceededLimit, UncountedLine } from "../../../store-port/limits.js";

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
    .sort(
      (a, b) => a.lineIndex - b.lineIndex || compare(a.executionId, b.executionId) || Number(a.until) - Number(b.until),
    );

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Decodes how many people have approved, and how many must. */
export const decodeApprovals = (row: unknown): ApprovalCount => JSON.parse(String(row)) as ApprovalCount;

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

/** Decodes the fingerprint of the limits that are stored, null for none. */
export const decodeFingerprint = (text: unknown): string | null =>
  text === null ? null : (JSON.parse(String(text)) as string | null);

/** Decodes the limits that an approval does not fit in, in the order of their names. */
export const decodeExceeded = (rows: unknown): readonly ExceededLimit[] =>
  (JSON.parse(String(rows)) as ExceededLimit[]).sort((a, b) => (a.limit < b.limit ? -1 : 1));

interface UncountedRow {
  readonly name: string;
  readonly line_index: number;
}

/** Decodes the lines that limits cannot count. */
export const decodeUncounted = (rows: unknown): readonly UncountedLine[] =>
  (JSON.parse(String(rows)) as UncountedRow[])
    .map(({ name, line_index }) => ({ limit: name, lineIndex: line_index }))
    .sort((a, b) => (a.limit === b.limit ? a.lineIndex - b.lineIndex : a.limit < b.limit ? -1 : 1));
