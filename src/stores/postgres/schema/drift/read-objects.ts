import type { SchemaObject } from "../../../schema/schema-object.js";
import type { SqlClient } from "../../client/sql-client.js";
import { portableDefinition } from "./portable-definition.js";

/**
 * SQL for all objects of a schema. It reads the system catalogues only, so it needs no right on the schema and writes
 * nothing. An index that belongs to a constraint is listed with the constraint. NOT NULL is listed with the column,
 * because only PostgreSQL 18 keeps it as a constraint too.
 */
const OBJECTS = `
with relations as (
  select c.oid, c.relname::text as table_name, c.relkind, c.relpersistence, c.relrowsecurity
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f')
), objects (kind, table_name, name, definition) as (
  select 'table', table_name, table_name,
         case relpersistence when 'u' then 'unlogged ' when 't' then 'temporary ' else '' end
         || case relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'f' then 'foreign table' else 'view' end
         || case when relrowsecurity then ' with row level security' else '' end
    from relations
   union all
  select 'column', r.table_name, a.attname::text,
         pg_catalog.format_type(a.atttypid, a.atttypmod)
         || coalesce(' collate "' || o.collname || '"', '')
         || case a.attidentity when '' then '' else ' generated as identity' end
         || coalesce(case a.attgenerated
              when '' then ' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
              when 's' then ' generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') stored'
              else ' generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') virtual' end, '')
         || case when a.attnotnull then ' not null' else '' end
    from relations r
    join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    join pg_catalog.pg_type t on t.oid = a.atttypid
    left join pg_catalog.pg_collation o on o.oid = a.attcollation and a.attcollation <> t.typcollation
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where r.relkind in ('r', 'p')
   union all
  select 'constraint', r.table_name, k.conname::text,
         pg_catalog.pg_get_constraintdef(k.oid)
         || case when x.indisvalid and x.indisready or x.indexrelid is null then '' else ' (invalid)' end
    from relations r
    join pg_catalog.pg_constraint k on k.conrelid = r.oid and k.contype in ('p', 'u', 'f', 'c', 'x')
    left join pg_catalog.pg_index x on x.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
   union all
  select 'index', r.table_name, i.relname::text,
         pg_catalog.pg_get_indexdef(i.oid) || case when x.indisvalid and x.indisready then '' else ' (invalid)' end
    from relations r
    join pg_catalog.pg_index x on x.indrelid = r.oid
    join pg_catalog.pg_class i on i.oid = x.indexrelid
   where not exists (
         select from pg_catalog.pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
   union all
  select 'trigger', r.table_name, g.tgname::text, pg_catalog.pg_get_triggerdef(g.oid)
    from relations r
    join pg_catalog.pg_trigger g on g.tgrelid = r.oid and not g.tgisinternal
)
select coalesce(json_agg(json_build_object('kind', kind, 'table', table_name, 'name', name, 'definition', definition)
         order by table_name collate "C", kind collate "C", name collate "C"), '[]')::text as objects
  from objects`;

/** Reads all objects of a schema. There are none for a schema that does not exist. */
export async function readObjects(sql: SqlClient, schema: string): Promise<readonly SchemaObject[]> {
  const { rows } = await sql.query({ text: OBJECTS, values: [schema] });
  const objects = JSON.parse(String(rows[0]?.["objects"])) as readonly SchemaObject[];
  return objects.map((object) => ({ ...object, definition: portableDefinition(object.definition, schema) }));
}
