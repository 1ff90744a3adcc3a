import type { Migration } from "../../../schema/migration.js";

/**
 * Lets a migration say which older versions of the library may still work on the schema, see
 * `Migration.compatibleFrom`.
 */
export const compatibleFrom: Migration = {
  number: 2,
  name: "compatible-from",
  compatibleFrom: 1,
  sql: `
-- Null: no version of the library that does not know the migration may work on the schema.
alter table migrations add column compatible_from integer;
`,
};
