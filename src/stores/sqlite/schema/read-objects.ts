import type { SchemaObject } from "../../schema/schema-object.js";
import type { Connection, Row } from "../database/connection.js";

/** Reads the tables of buyonce with their columns, constraints, indices and triggers. */
export const readObjects = (connection: Connection): readonly SchemaObject[] =>
  connection
    .all(
      `select t.name, t.wr, t.strict, s.sql
         from pragma_table_list t
         join sqlite_schema s on s.type = 'table' and s.name = t.name
        where t.schema = 'main' and t.name like 'buyonce\\_%' escape '\\'
        order by t.name`,
    )
    .flatMap((row) => [tableOf(row), ...partsOf(connection, row)]);

function tableOf({ name, wr, strict, sql }: Row): SchemaObject {
  const table = String(name);
  const sorts = { strict, "without rowid": wr, autoincrement: Number(/\bautoincrement\b/i.test(String(sql))) };
  const definition = Object.entries(sorts).flatMap(([sort, is]) => (Number(is) === 1 ? [sort] : []));
  return { kind: "table", table, name: table, definition: `table ${definition.join(" ")}`.trim() };
}

function partsOf(connection: Connection, { name, sql }: Row): readonly SchemaObject[] {
  const table = String(name);
  const of = (source: string): readonly Row[] => connection.all(`select * from ${source}`, table);
  return [
    ...of("pragma_table_xinfo(?)").map((column) => columnOf(table, column)),
    ...checksOf(table, String(sql)),
    ...foreignKeysOf(table, of("pragma_foreign_key_list(?) order by id, seq")),
    ...of("pragma_index_list(?)").map((index) => indexOf(connection, table, index)),
    ...of("sqlite_schema where type = 'trigger' and tbl_name = ?").map(
      (trigger): SchemaObject => ({
        kind: "trigger",
        table,
        name: String(trigger["name"]),
        definition: oneLine(trigger["sql"]),
      }),
    ),
  ];
}

function columnOf(table: string, row: Row): SchemaObject {
  const parts = [
    String(row["type"]).toLowerCase(),
    ...(row["dflt_value"] === null ? [] : [`default ${row["dflt_value"]}`]),
    ...(Number(row["hidden"]) === 0 ? [] : ["generated"]),
    ...(Number(row["pk"]) === 0 ? [] : [`key ${row["pk"]}`]),
    ...(Number(row["notnull"]) === 0 ? [] : ["not null"]),
  ];
  return { kind: "column", table, name: String(row["name"]), definition: parts.join(" ") };
}

function indexOf(connection: Connection, table: string, row: Row): SchemaObject {
  const name = String(row["name"]);
  if (row["origin"] === "c") {
    const index = connection.get("select sql from sqlite_schema where type = 'index' and name = ?", name);
    return { kind: "index", table, name, definition: oneLine(index?.["sql"]) };
  }
  const columns = connection.all("select name from pragma_index_info(?) order by seqno", name);
  const definition = `${row["origin"] === "pk" ? "primary key" : "unique"} (${columns.map((column) => column["name"]).join(", ")})`;
  return { kind: "constraint", table, name: definition, definition };
}

function foreignKeysOf(table: string, rows: readonly Row[]): readonly SchemaObject[] {
  const keys = new Map<unknown, readonly Row[]>();
  for (const row of rows) keys.set(row["id"], [...(keys.get(row["id"]) ?? []), row]);
  return [...keys.values()].map((parts) => {
    const columns = (name: string) => parts.map((part) => part[name]).join(", ");
    const definition = `FOREIGN KEY (${columns("from")}) REFERENCES ${parts[0]?.["table"]}(${columns("to")})`;
    return { kind: "constraint", table, name: definition, definition };
  });
}

/** The checks of a table, which SQLite tells in the text of the table only. */
function checksOf(table: string, sql: string): readonly SchemaObject[] {
  return [...sql.matchAll(/(?:\bconstraint\s+"?(\w+)"?\s+)?\bcheck\s*\(/gi)].map((found, at) => {
    const [text, name = `check ${at}`] = found;
    const start = found.index + text.length - 1;
    return { kind: "constraint", table, name, definition: oneLine(`check ${sql.slice(start, closingAt(sql, start))}`) };
  });
}

/** The place after the parenthesis that closes the one at `start`. */
function closingAt(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at += 1) {
    if (sql[at] === "(") depth += 1;
    if (sql[at] === ")") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return sql.length;
}

const oneLine = (sql: unknown): string => String(sql).replaceAll(/\s+/g, " ").trim();
