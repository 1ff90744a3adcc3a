import { storableText } from "../../../domain/text.js";
import type { PastLimits } from "../../../store-port/execution-store.js";
import type { LimitRows } from "../../law/spending-limits.js";
import type { Connection, Row } from "../database/connection.js";
import { decodeJson, encodeJson } from "./json-column.js";
import { insertRow } from "./write-row.js";

/** Limits and their counters in the tables. */
export const limitRows = (connection: Connection): LimitRows => ({
  current() {
    const row = connection.get("select * from buyonce_limit_changes order by number desc limit 1");
    return row && decodeSet(row);
  },
  add({ fingerprint, limits, changedBy, reason, changedAt }) {
    insertRow(connection, "buyonce_limit_changes", {
      ...{ fingerprint, limits: encodeJson(limits), changed_at: changedAt },
      ...{ changed_by: storableText(changedBy), reason: storableText(reason) },
    });
  },
  changes: ({ limit = -1, since = 0 }) =>
    connection
      .all(
        `select * from buyonce_limit_changes
          where number >= ifnull(
                  (select number from buyonce_limit_changes where changed_at < ? order by number desc limit 1), 0)
          order by number desc
          limit ?`,
        since,
        limit,
      )
      .map(decodeSet),
  counter(key) {
    const row = connection.get("select used, held, overrun from buyonce_limit_counters where key = ?", key);
    return row && { used: String(row["used"]), held: String(row["held"]), overrun: String(row["overrun"]) };
  },
  saveCounter(key, { used, held, overrun }) {
    connection.run(
      `insert into buyonce_limit_counters (key, used, held, overrun) values (?, ?, ?, ?)
       on conflict (key) do update set used = excluded.used, held = excluded.held, overrun = excluded.overrun`,
      key,
      used,
      held,
      overrun,
    );
  },
});

const decodeSet = (row: Row): PastLimits => ({
  fingerprint: String(row["fingerprint"]),
  limits: decodeJson(row["limits"]),
  changedBy: String(row["changed_by"]),
  reason: String(row["reason"]),
  changedAt: Number(row["changed_at"]),
});
