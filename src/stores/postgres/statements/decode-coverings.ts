import type { Covering } from "../../../store-port/guards.js";

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
