import type { SqlClient } from "../../../src/stores/postgres/index.js";

interface Mark {
  readonly owner: string;
  readonly startedAt: number;
  readonly expiresAt: number;
}

/** A change of the mark of a scope, as the server has seen it. */
export interface MarkChange {
  /** In whose name the statement was sent. */
  readonly by: string;
  readonly before: Mark | null;
  readonly after: Mark | null;
}

/** What a run says that it was answered. */
export interface MarkReport {
  readonly owner: string;
  readonly call: "tryStart" | "renew" | "finish";
  readonly answer: boolean;
}

/** Lets the server write down each change of a mark, in the statement that makes it. */
export async function recordMarks(sql: SqlClient, schema: string): Promise<void> {
  const mark = (row: string) => `case when ${row}.owner is null then null else jsonb_build_object('owner', ${row}.owner,
    'startedAt', extract(epoch from ${row}.started_at) * 1000, 'expiresAt', extract(epoch from ${row}.expires_at) * 1000) end`;
  const insert = (before: string) =>
    `insert into ${schema}.mark_changes (by, before, after) values (current_setting('application_name'), ${before}, ${mark("new")});`;
  const statements = [
    `create table ${schema}.mark_changes (number bigserial, by text, before jsonb, after jsonb)`,
    `create function ${schema}.record_mark() returns trigger language plpgsql as $$
     begin if tg_op = 'INSERT' then ${insert("null")} else ${insert(mark("old"))} end if; return null; end $$`,
    `create trigger record_mark after insert or update on ${schema}.collections
     for each row execute function ${schema}.record_mark()`,
  ];
  for (const text of statements) await sql.query({ text, values: [] });
}

/** What the server has written down, in the order of the changes. */
export async function recordedMarks(sql: SqlClient, schema: string): Promise<readonly MarkChange[]> {
  const text = `select by, before, after from ${schema}.mark_changes order by number`;
  return (await sql.query({ text, values: [] })).rows as unknown as readonly MarkChange[];
}

/** What of a change the law of the lock forbids. */
function* problemsOf({ by, before, after }: MarkChange): Generator<string> {
  if (after === null) {
    if (before?.owner !== by) yield `${by} cleared the mark of ${before?.owner}`;
  } else if (after.owner !== by) yield `${by} gave the mark to ${after.owner}`;
  else if (before !== null && before.owner !== by && after.startedAt < before.expiresAt)
    yield `${by} took the mark of ${before.owner}, which was live`;
}

const isSame = (one: Mark | null, other: Mark | null): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What breaks the law of the lock in a history of one scope, or contradicts what the runs were answered. */
export function markProblems(changes: readonly MarkChange[], reports: readonly MarkReport[]): readonly string[] {
  const problems = changes.flatMap((change) => [...problemsOf(change)]);
  for (const [at, { before }] of changes.entries())
    if (!isSame(before, changes[at - 1]?.after ?? null)) problems.push(`change ${at} does not follow the one before`);
  const count = (owner: string, call: MarkReport["call"]) =>
    changes.filter(({ by, before, after }) => {
      if (by !== owner) return false;
      if (call === "finish") return after === null;
      return after !== null && (before?.owner === owner) === (call === "renew");
    }).length;
  for (const { owner, call } of reports) {
    const said = reports.filter((one) => one.owner === owner && one.call === call && one.answer).length;
    const done = count(owner, call);
    if (said !== done) problems.push(`${owner} was told of ${said} times ${call}, and the server knows of ${done}`);
  }
  return [...new Set(problems)];
}
