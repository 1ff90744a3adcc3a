import type { Execution } from "../../../domain/execution.js";
import type { LineState } from "../../../domain/line-state.js";
import type { NeedRow, NeedRows } from "../../law/need-uses.js";
import type { Connection, Row } from "../database/connection.js";
import { decodeJson, numberOrNull } from "./json-column.js";
import { OPEN } from "./statuses.js";

const TOLD = `l.execution_id, l.line_index, l.state, l.request, ifnull(l.bought_at, l.changed_at) as at,
              e.lineage_key, e.status, e.expires_at`;

/** SQL for the scope of a query of needs. */
const IN_SCOPE = "l.need_key > ? and (? is null or l.account = ?) and (? is null or l.service = ?)";

/** Finds the lines of needs in the tables. */
export const needRows = (connection: Connection): NeedRows => ({
  open: (needKey) =>
    connection
      .all(
        `select ${TOLD}
           from buyonce_lines l indexed by buyonce_lines_need
          cross join buyonce_executions e on e.id = l.execution_id
          where l.need_key = ? and l.state in ('planned', 'submitting', 'in_doubt')
            and (l.state <> 'planned' or e.status in ${OPEN})`,
        needKey,
      )
      .map(decodeRow),
  boughtAfter: (needKey, time) =>
    connection
      .all(
        `select ${TOLD}
           from buyonce_lines l indexed by buyonce_lines_need
          cross join buyonce_executions e on e.id = l.execution_id
          where l.need_key = ? and l.state = 'committed' and l.bought_at > ?`,
        needKey,
        time,
      )
      .map(decodeRow),
  // By the open executions and by the purchases of late: never by all lines.
  keys({ account, service, after, limit, boughtAfter }) {
    const [ofAccount, ofService] = [account ?? null, service ?? null];
    const scope = [after, ofAccount, ofAccount, ofService, ofService];
    return connection
      .all(
        `select l.need_key
           from buyonce_executions e indexed by buyonce_executions_open_lineage
          cross join buyonce_lines l on l.execution_id = e.id
          where e.status in ${OPEN} and l.state in ('planned', 'submitting', 'in_doubt') and ${IN_SCOPE}
          union
         select l.need_key
           from buyonce_lines l indexed by buyonce_lines_bought
          where l.state = 'committed' and l.need_key is not null and l.bought_at > ? and ${IN_SCOPE}
          order by 1
          limit ?`,
        ...scope,
        boughtAfter,
        ...scope,
        limit,
      )
      .map((row) => String(row["need_key"]));
  },
});

const decodeRow = (row: Row): NeedRow => ({
  executionId: String(row["execution_id"]),
  lineageKey: String(row["lineage_key"]),
  status: row["status"] as Execution["status"],
  expiresAt: numberOrNull(row["expires_at"]),
  line: {
    index: Number(row["line_index"]),
    state: row["state"] as LineState,
    request: decodeJson(row["request"]),
  },
  at: Number(row["at"]),
});
