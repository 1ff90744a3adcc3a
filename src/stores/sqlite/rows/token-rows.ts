import { storableText } from "../../../domain/text.js";
import type { DecisionToken } from "../../../store-port/execution-store.js";
import type { TokenRows } from "../../law/decision-tokens.js";
import type { Connection, Row } from "../database/connection.js";
import { numberOrNull } from "./json-column.js";
import { insertRow } from "./write-row.js";

/** Decision tokens in the tables. */
export const tokenRows = (connection: Connection): TokenRows => ({
  find(hash) {
    const row = connection.get("select * from buyonce_decision_tokens where hash = ? and revoked_at is null", hash);
    return row && decodeToken(row);
  },
  has: (hash) => connection.get("select 1 from buyonce_decision_tokens where hash = ?", hash) !== undefined,
  add(token) {
    insertRow(connection, "buyonce_decision_tokens", {
      ...{ hash: token.hash, execution_id: token.executionId, verb: token.verb },
      ...{ recipient: storableText(token.recipient), content_fingerprint: token.contentFingerprint },
      ...{ issued_by: storableText(token.issuedBy), issued_at: token.issuedAt, expires_at: token.expiresAt },
    });
  },
  use(hash, usedAt) {
    connection.run("update buyonce_decision_tokens set used_at = ? where hash = ?", usedAt, hash);
  },
  revoke(executionId, revokedAt) {
    connection.run(
      "update buyonce_decision_tokens set revoked_at = ? where execution_id = ? and used_at is null and revoked_at is null",
      revokedAt,
      executionId,
    );
  },
});

const decodeToken = (row: Row): DecisionToken => ({
  hash: String(row["hash"]),
  executionId: String(row["execution_id"]),
  verb: row["verb"] as DecisionToken["verb"],
  recipient: String(row["recipient"]),
  contentFingerprint: String(row["content_fingerprint"]),
  issuedBy: String(row["issued_by"]),
  issuedAt: Number(row["issued_at"]),
  expiresAt: Number(row["expires_at"]),
  usedAt: numberOrNull(row["used_at"]),
});
