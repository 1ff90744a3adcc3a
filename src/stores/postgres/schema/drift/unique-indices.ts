import { isSameDefinition, type SchemaObject } from "../../../schema/schema-object.js";
import { portableDefinition } from "./portable-definition.js";

/**
 * SQL that gives the unique indices of schema $1 as JSON text, for {@link decodeIndices}. It leaves out invalid and
 * deferrable indices, because they do not hold at once and for every row.
 */
export const UNIQUE_INDICES = `(
  select json_agg(json_build_object('table', t.relname, 'name', i.relname, 'definition', pg_catalog.pg_get_indexdef(i.oid)))::text
    from pg_catalog.pg_index x
    join pg_catalog.pg_class i on i.oid = x.indexrelid
    join pg_catalog.pg_class t on t.oid = x.indrelid
    join pg_catalog.pg_namespace n on n.oid = t.relnamespace
   where n.nspname = $1 and x.indisunique and x.indisvalid and x.indisready and x.indimmediate)`;

/** A unique index, alone or behind a constraint. */
type UniqueIndex = Pick<SchemaObject, "table" | "name" | "definition">;

/** The indices in a value of {@link UNIQUE_INDICES}. */
export const decodeIndices = (json: unknown, schema: string): readonly UniqueIndex[] =>
  ((JSON.parse(String(json)) as readonly UniqueIndex[] | null) ?? []).map((index) => ({
    ...index,
    definition: portableDefinition(index.definition, schema),
  }));

/** The first unique index that the objects need and the schema lacks, if any. */
export const missingIndex = (
  objects: readonly SchemaObject[],
  found: readonly UniqueIndex[],
): UniqueIndex | undefined =>
  objects
    .flatMap(uniqueIndexOf)
    .find(
      ({ table, name, definition }) =>
        !found.some((one) => one.table === table && one.name === name && isSameDefinition(one.definition, definition)),
    );

function uniqueIndexOf({ table, name, definition }: SchemaObject): readonly UniqueIndex[] {
  if (definition.startsWith("CREATE UNIQUE INDEX ")) return [{ table, name, definition }];
  const [, columns] = /^(?:PRIMARY KEY|UNIQUE) (\(.*\))$/.exec(definition) ?? [];
  if (columns === undefined) return [];
  return [{ table, name, definition: `CREATE UNIQUE INDEX ${name} ON ${table} USING btree ${columns}` }];
}
