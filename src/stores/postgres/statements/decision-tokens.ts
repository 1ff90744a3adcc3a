import type { DecisionToken, ExecutionChange, ExecutionStore } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { storableTextOrNull } from "./json-text.js";

/** The parts of a statement that are about decision tokens. Empty where a change has none. */
export interface TokenParts {
  /** Locks and judges tokens, before anything else is locked. */
  readonly judged: string;
  /** A condition of the first rows that are locked besides, so that they are locked after the tokens. */
  readonly first: string;
  /** What must hold for the execution to be moved. */
  readonly fits: string;
  /** What becomes of the tokens, after the execution is moved. */
  readonly after: string;
  /** Whether the statement refuses the token. */
  readonly isRefused: string;
}

/** For changes without a token. */
export const NO_TOKEN: TokenParts = { judged: "", first: "", fits: "", after: "", isRefused: "false" };

/** SQL for whether a token that is not used or revoked is left to decide. */
const FRESH = "t.used_at is null and t.revoked_at is null";

/**
 * SQL of a part `usable`: the time at which the used token runs out, if it may decide this.
 *
 * The token is locked, so it is read as it is now. The time is compared with the clock once more where the execution is
 * moved, because the statement may have waited in between.
 */
const usable = (
  schema: string,
  { hash, verb }: { readonly hash: string; readonly verb: string },
): string => `token as materialized (
       select t.*
         from ${schema}.decision_tokens t
        where t.hash = ${hash} and t.execution_id = $1
          for update
     ), usable as materialized (
       select t.expires_at
         from token t
         join ${schema}.executions e on e.id = t.execution_id and e.content_fingerprint = t.content_fingerprint
        where ${FRESH} and t.verb = ${verb} and t.expires_at > clock_timestamp()
     )`;

const IN_TIME = "(select expires_at from usable) > clock_timestamp()";

/** For an approval by token: $23 is the hash, $24 the verb. */
export const approvingByToken = (schema: string): TokenParts => ({
  judged: `${usable(schema, { hash: "$23", verb: "$24" })}, `,
  first: "and (select count(*) from usable) >= 0",
  fits: `and ${IN_TIME}`,
  after: `, spent as (
       update ${schema}.decision_tokens t set used_at = moved.updated_at from token, moved where t.hash = token.hash
     )`,
  isRefused: "not exists (select from usable)",
});

/**
 * For any other change with tokens: $29 is the kind of move, $30 to $33 are hash, verb, recipient and validity.
 *
 * A change that revokes is guarded by a version. So every token that the execution has is in the statement's snapshot.
 */
export const changingTokens = (schema: string): TokenParts => ({
  judged: `${usable(schema, { hash: "case when $29 = 'use' then $30 end", verb: "$31" })}, revocable as materialized (
       select t.hash
         from ${schema}.decision_tokens t
        where $29 = 'revoke' and t.execution_id = $1 and ${FRESH}
        order by t.hash
          for update
     ), `,
  first: "",
  fits: `and ($29::text <> 'use' or ${IN_TIME})
          and (select count(*) from revocable) >= 0`,
  after: `spent as (
       update ${schema}.decision_tokens t set used_at = moved.updated_at from token, moved where t.hash = token.hash
     ), revoked as (
       update ${schema}.decision_tokens t
          set revoked_at = moved.updated_at
         from revocable, moved
        where t.hash = revocable.hash and ${FRESH}
     ), issued as (
       insert into ${schema}.decision_tokens
              (hash, execution_id, verb, recipient, content_fingerprint, issued_by, issued_at, expires_at)
       select $30, e.id, $31, $32, e.content_fingerprint, $19, moved.updated_at,
              moved.updated_at + $33::float8 * interval '1 millisecond'
         from moved
         join ${schema}.executions e on e.id = moved.id
        where $29 = 'issue'
     ), `,
  isRefused: "$29 = 'use' and not exists (select from usable)",
});

/** What a change does with tokens as five consecutive parameters: kind, hash, verb, recipient, validity. */
export function tokenParameters({ token }: ExecutionChange): readonly unknown[] {
  const { hash, verb, recipient, validForMs } = { hash: null, verb: null, recipient: null, validForMs: null, ...token };
  return [token?.kind ?? null, hash, verb, storableTextOrNull(recipient), validForMs];
}

/** Reads a token that is neither revoked nor expired. */
export function readDecisionToken({ schema, statement }: Database): ExecutionStore["decisionToken"] {
  const run = statement(
    "decision_token",
    `select row_to_json(t)::text as token
       from ${schema}.decision_tokens t
      where t.hash = $1 and t.revoked_at is null and t.expires_at > clock_timestamp()`,
  );
  return async (hash) => {
    if (hash.includes("\0")) return undefined;
    const [row] = await run([hash]);
    return row && decodeToken(JSON.parse(String(row["token"])) as TokenRow);
  };
}

interface TokenRow {
  readonly hash: string;
  readonly execution_id: string;
  readonly verb: DecisionToken["verb"];
  readonly recipient: string;
  readonly content_fingerprint: string;
  readonly issued_by: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly used_at: string | null;
}

const decodeToken = (row: TokenRow): DecisionToken => ({
  hash: row.hash,
  executionId: row.execution_id,
  verb: row.verb,
  recipient: row.recipient,
  contentFingerprint: row.content_fingerprint,
  issuedBy: row.issued_by,
  issuedAt: Date.parse(row.issued_at),
  expiresAt: Date.parse(row.expires_at),
  usedAt: row.used_at === null ? null : Date.parse(row.used_at),
});
