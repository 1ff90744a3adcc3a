import type { SqlRow } from "../sql-client.js";

/**
 * Rows under the column names of their statement, even if an application lets its driver rename columns (such as
 * `postgres.camel`).
 *
 * A name that does not come from the statement is a `TypeError`, because a row that is read under wrong names would
 * look empty.
 */
export function originalColumns(text: string, rows: readonly SqlRow[]): readonly SqlRow[] {
  const given = Object.keys(rows[0] ?? {});
  const words = new Set(text.match(/\w+/g));
  if (given.every((name) => words.has(name))) return rows;
  const wordOf = new Map([...words].map((word) => [lettersOf(word), word]));
  const names = given.map((name) => wordOf.get(lettersOf(name)) ?? renamed(name));
  return rows.map((row) => Object.fromEntries(Object.values(row).map((value, at) => [names[at], value])));
}

const lettersOf = (name: string): string => name.replaceAll(/[^a-z0-9]/gi, "").toLowerCase();

function renamed(name: string): never {
  throw new TypeError(
    `The driver renamed a column to "${name}", which the store cannot read: give the store a client without that transform.`,
  );
}
