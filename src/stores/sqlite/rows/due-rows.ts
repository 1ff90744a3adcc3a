import type { Clock } from "../../../domain/clock.js";
import type { Execution } from "../../../domain/execution.js";
import type { DueRows } from "../../law/changes.js";
import type { Connection } from "../database/connection.js";

/** Finds due executions by the index of their due times. */
export const dueRows = (connection: Connection, clock: Clock): DueRows => ({
  due: ({ statuses, limit, except, freshOnly }) =>
    connection
      .all(
        `select id, status
           from buyonce_executions indexed by buyonce_executions_${freshOnly ? "fresh" : "due"}
          where due_at is not null and due_at <= ? ${freshOnly ? "and wake_at is null" : ""}
            and status in (select value from json_each(?))
            and id not in (select value from json_each(?))
          order by due_at, number
          limit ?`,
        clock.now(),
        JSON.stringify(statuses),
        JSON.stringify(except),
        limit,
      )
      .map((row) => ({ id: String(row["id"]), status: row["status"] as Execution["status"] })),
});
