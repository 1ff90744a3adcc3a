import { cloudOf } from "../../../domain/commitment-request/commitment-request.js";
import type { Execution, LineProgress, PurchaseLine } from "../../../domain/execution.js";
import { isUnsettled } from "../../../domain/line-state.js";
import type { LineHold } from "../../law/stored-record.js";
import type { Row } from "../database/connection.js";
import type { SqliteValue } from "../database/sqlite-database.js";
import { decodeJson, encodeJson, numberOrNull } from "./json-column.js";

/** The columns of a line that no change touches. */
export const fixedLineColumns = (
  { id, lineageKey }: Pick<Execution, "id" | "lineageKey">,
  { index, request, fingerprint, need }: PurchaseLine,
): Readonly<Record<string, SqliteValue>> => ({
  execution_id: id,
  line_index: index,
  lineage_key: lineageKey,
  fingerprint,
  request: encodeJson(request),
  cloud: cloudOf(request.service),
  service: request.service,
  account: request.account,
  need: encodeJson(need),
  need_key: need?.key ?? null,
});

/** The columns of a line that changes touch. `changedAt`: when the line was changed last. */
export const changingLineColumns = (
  line: PurchaseLine,
  hold: LineHold | undefined,
  changedAt: number,
): Readonly<Record<string, SqliteValue>> => ({
  ...progressColumns(line),
  // What lines are found by.
  lane: isUnsettled(line.state) ? (line.prepared?.lane ?? null) : null,
  waits_for: line.state === "planned" ? (line.lastError?.lane ?? null) : null,
  waits_since: line.state === "planned" ? (line.lastError?.since ?? null) : null,
  bought_at: line.state === "committed" ? (line.submittedAt ?? changedAt) : null,
  hold: encodeJson(hold),
  changed_at: changedAt,
});

const progressColumns = (line: LineProgress): Readonly<Record<string, SqliteValue>> => ({
  state: line.state,
  attempt: line.attempt,
  submitted_at: line.submittedAt,
  unproved_since: line.unprovedSince,
  unproved_requests: line.unprovedRequests,
  sent_under: encodeJson(line.sentUnder),
  prepared: encodeJson(line.prepared),
  commitment: encodeJson(line.commitment),
  needs_label: line.needsLabel ? 1 : 0,
  rejection: encodeJson(line.rejection),
  doubt: encodeJson(line.doubt),
  last_error: encodeJson(line.lastError),
  withdrawn: encodeJson(line.withdrawn),
  said_absent: encodeJson(line.saidAbsent),
  price_drift: encodeJson(line.priceDrift),
});

/** The columns that {@link decodeLine} and {@link decodeHold} decode. Each more would cost every read. */
export const LINE_COLUMNS = `line_index, request, fingerprint, need, state, attempt, submitted_at, unproved_since, unproved_requests,
  sent_under, prepared, commitment, needs_label, rejection, doubt, last_error, withdrawn, said_absent, price_drift, hold`;

/** A line from its row. */
export const decodeLine = (row: Row): PurchaseLine => ({
  index: Number(row["line_index"]),
  request: decodeJson(row["request"]),
  fingerprint: String(row["fingerprint"]),
  need: decodeJson(row["need"]),
  state: row["state"] as PurchaseLine["state"],
  attempt: Number(row["attempt"]),
  submittedAt: numberOrNull(row["submitted_at"]),
  unprovedSince: numberOrNull(row["unproved_since"]),
  unprovedRequests: Number(row["unproved_requests"]),
  sentUnder: decodeJson(row["sent_under"]),
  prepared: decodeJson(row["prepared"]),
  commitment: decodeJson(row["commitment"]),
  needsLabel: Number(row["needs_label"]) === 1,
  rejection: decodeJson(row["rejection"]),
  doubt: decodeJson(row["doubt"]),
  lastError: decodeJson(row["last_error"]),
  withdrawn: decodeJson(row["withdrawn"]),
  saidAbsent: decodeJson(row["said_absent"]),
  priceDrift: decodeJson(row["price_drift"]),
});

/** What a line holds of limits, from its row. */
export const decodeHold = (row: Row): LineHold | null => decodeJson(row["hold"]);
