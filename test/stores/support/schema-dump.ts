import type pg from "pg";

/** Every column, constraint and index of a schema, one a line, as PostgreSQL tells them. */
export async function schemaOf(pool: pg.Pool, schema: string): Promise<string> {
  const { rows } = await pool.query<{ line: string }>(
    `select format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
              case when a.attnotnull then ' not null' else '' end,
              coalesce(case when a.attgenerated = 's' then ' generated ' else ' default ' end
                       || pg_get_expr(d.adbin, d.adrelid), '')) as line
       from pg_attribute a
       join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
       left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
      where c.relnamespace = $1::text::regnamespace and a.attnum > 0
      union all
     select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
       from pg_constraint where connamespace = $1::text::regnamespace and contype <> 'n'
      union all
     select format('index %s', indexdef) from pg_indexes where schemaname = $1::text
      order by line`,
    [schema],
  );
  return `${rows.map(({ line }) => line.replaceAll(`${schema}.`, "").replaceAll(/\s+/g, " ")).join("\n")}\n`;
}
