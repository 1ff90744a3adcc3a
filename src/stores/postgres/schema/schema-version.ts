import type { Migration } from "../../schema/migration.js";
import { parseObjects, type SchemaObject } from "../../schema/schema-object.js";
import { SCHEMA_OBJECTS } from "./drift/expected-objects.js";
import { ALL_MIGRATIONS } from "./migrations/all-migrations.js";

/** The schema of one version of the library. */
export interface SchemaVersion {
  /** The migrations in the order of their numbers, without gaps. */
  readonly migrations: readonly Migration[];
  /** The objects that the migrations make. */
  readonly objects: readonly SchemaObject[];
}

/** The schema of this version. */
export const CURRENT_VERSION: SchemaVersion = {
  migrations: ALL_MIGRATIONS,
  objects: parseObjects(SCHEMA_OBJECTS),
};
