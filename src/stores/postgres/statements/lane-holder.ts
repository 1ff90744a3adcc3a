import { storableText } from "../../../domain/text.js";
import type { ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";

/** Reads which line holds a lane, with one probe of the unique index on lanes. */
export function laneHolder({ schema, statement }: Database): ExecutionStore["laneHolder"] {
  const run = statement(
    "lane_holder",
    `select execution_id, line_index
       from ${schema}.lines
      where lane = $1 and state in ('submitting', 'in_doubt')`,
  );
  return async (lane) => {
    const [row] = await run([storableText(lane)]);
    return row && { executionId: String(row["execution_id"]), lineIndex: Number(row["line_index"]) };
  };
}
