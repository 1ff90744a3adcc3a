import type { SqlResult, SqlRow } from "../sql-client.js";

/** A message of the server, as PGlite decodes it. */
export interface Answer {
  readonly name: string;
}

/** PGlite's parsers by type. A text of a type without a parser stays as it is. */
export type Parsers = Readonly<Record<number, (text: string, type: number) => unknown>>;

/** The contents of the answers that are read, besides their names. */
interface Contents {
  /** The columns of the rows that follow. */
  readonly rowDescription: { readonly fields: readonly Column[] };
  readonly dataRow: { readonly fields: readonly (string | null)[] };
  /** Its text is like `SELECT 2`, `UPDATE 3` and `INSERT 0 5`. */
  readonly commandComplete: { readonly text: string };
}
interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

/** The result of one statement, made of its answers. */
export function resultOf(answers: readonly Answer[], parsers: Parsers): SqlResult {
  const columns = called("rowDescription", answers).flatMap(({ fields }) => fields);
  const count = Number(called("commandComplete", answers)[0]?.text.split(" ").at(-1));
  return {
    rows: called("dataRow", answers).map(({ fields }) => decodeRow(fields, columns, parsers)),
    rowCount: Number.isNaN(count) ? null : count,
  };
}

const called = <Name extends keyof Contents>(name: Name, answers: readonly Answer[]): readonly Contents[Name][] =>
  answers.filter((answer): answer is Answer & Contents[Name] => answer.name === name);

const decodeRow = (fields: readonly (string | null)[], columns: readonly Column[], parsers: Parsers): SqlRow =>
  Object.fromEntries(
    columns.map(({ name, dataTypeID }, at) => [name, decodeField(fields[at] ?? null, dataTypeID, parsers)]),
  );

function decodeField(text: string | null, type: number, parsers: Parsers): unknown {
  const parser = parsers[type];
  return text === null || parser === undefined ? text : parser(text, type);
}
