import { storableText } from "../../../domain/text.js";
import type { Freeze, LiftedFreeze } from "../../../store-port/execution-store.js";
import type { FreezeRows } from "../../law/purchase-guards.js";
import type { Connection, Row } from "../database/connection.js";
import { decodeJson, encodeJson } from "./json-column.js";
import { insertRow } from "./write-row.js";

/** Freezes in the tables. */
export const freezeRows = (connection: Connection): FreezeRows => ({
  active: () =>
    connection
      .all(
        "select * from buyonce_freezes indexed by buyonce_freezes_active where lifted_at is null order by frozen_at, number",
      )
      .map(decodeFreeze),
  has: (id) => connection.get("select 1 from buyonce_freezes where id = ?", id) !== undefined,
  add({ id, scope, frozenBy, reason, frozenAt }) {
    insertRow(connection, "buyonce_freezes", {
      ...{ id, scope: encodeJson(scope), frozen_at: frozenAt },
      ...{ frozen_by: storableText(frozenBy), reason: storableText(reason) },
    });
  },
  lift({ id, liftedBy, reason }, liftedAt) {
    const isActive =
      connection.get("select 1 from buyonce_freezes where id = ? and lifted_at is null", id) !== undefined;
    connection.run(
      "update buyonce_freezes set lifted_by = ?, lift_reason = ?, lifted_at = ? where id = ? and lifted_at is null",
      storableText(liftedBy),
      storableText(reason),
      liftedAt,
      id,
    );
    return isActive;
  },
});

/** Reads the freezes that were lifted since a time. */
export const readLiftedFreezes = (connection: Connection, since: number): readonly LiftedFreeze[] =>
  connection
    .all(
      "select * from buyonce_freezes where lifted_at is not null and lifted_at >= ? order by lifted_at, number",
      since,
    )
    .map((row) => ({
      ...decodeFreeze(row),
      liftedBy: String(row["lifted_by"]),
      liftReason: String(row["lift_reason"]),
      liftedAt: Number(row["lifted_at"]),
    }));

const decodeFreeze = (row: Row): Freeze => ({
  id: String(row["id"]),
  scope: decodeJson(row["scope"]),
  frozenBy: String(row["frozen_by"]),
  reason: String(row["reason"]),
  frozenAt: Number(row["frozen_at"]),
});
