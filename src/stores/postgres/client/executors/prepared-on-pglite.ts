import type { SqlResult, SqlStatement } from "../sql-client.js";
import { sqlStateOf } from "../sql-state.js";
import { type Answer, type Parsers, resultOf } from "./pglite-answers.js";
import { plainParameters } from "./plain-parameters.js";
import { bind, closeStatement, parse, runBound } from "./protocol-messages.js";

/** The part of a PGlite that keeps parsed statements. A transaction of PGlite does not have it. */
export interface PgliteSession {
  readonly ready: boolean;
  readonly parsers: Parsers;
  isInTransaction(): boolean;
  runExclusive<Result>(work: () => Promise<Result>): Promise<Result>;
  execProtocol(message: Uint8Array): Promise<{ readonly messages: readonly Answer[] }>;
}

/** A statement that has a name. */
type NamedStatement = SqlStatement & { readonly name: string };

/** invalid_sql_statement_name: the statement was removed with `deallocate`. */
const UNKNOWN_STATEMENT = "26000";

/**
 * Runs statements that PGlite parses once and finds again by their names.
 *
 * `pglite.query` parses and plans a statement each time and waits for an answer six times. That costs several times as
 * much as the statement. The result is `undefined`, and nothing was done, if the caller must use `pglite.query`: before
 * PGlite is ready, after it was closed, and while a transaction is open, because `pglite.query` waits for its end.
 */
export function preparedOnPglite(pglite: PgliteSession): (statement: NamedStatement) => Promise<SqlResult | undefined> {
  const parsed = new Set<string>();
  return (statement) =>
    pglite.runExclusive(async () => {
      if (!pglite.ready || pglite.isInTransaction()) return undefined;
      if (parsed.has(statement.name))
        try {
          return await answerTo(pglite, bound(statement));
        } catch (error) {
          if (sqlStateOf(error) !== UNKNOWN_STATEMENT) throw error;
        }
      const result = await answerTo(pglite, ...parsing(statement), bound(statement));
      parsed.add(statement.name);
      return result;
    });
}

/**
 * Parses a statement under its name. It drops that name first, because another client of the same PGlite may have used
 * it.
 */
const parsing = ({ name, text }: NamedStatement) => [closeStatement(name), parse(name, text)];

const bound = ({ name, values }: NamedStatement): Uint8Array =>
  bind(
    name,
    plainParameters(values).map((value) => (value === null ? null : String(value))),
  );

async function answerTo(pglite: PgliteSession, ...messages: readonly Uint8Array[]): Promise<SqlResult> {
  const answers = await pglite.execProtocol(Buffer.concat([...messages, runBound()]));
  return resultOf(answers.messages, pglite.parsers);
}
