import { type Migration, type RecordedMigration, recorded } from "./migration.js";

/**
 * One migration, as this version and the database see it.
 *
 * - `applied`: recorded with the content that this version knows.
 * - `missing`: known to this version, but not recorded.
 * - `altered`: recorded, but its content differs from this version's.
 * - `ahead`: unknown to this version, which may still work on the schema.
 * - `incompatible`: unknown to this version, which must not work on the schema.
 */
export interface MigrationState {
  readonly number: number;
  readonly name: string;
  readonly state: "applied" | "missing" | "altered" | "ahead" | "incompatible";
}

/** Compares the migrations of a version with the recorded ones, in the order of their numbers. */
export function migrationStates(
  known: readonly Migration[],
  found: readonly RecordedMigration[],
): readonly MigrationState[] {
  const version = known.length;
  const ours = known.map(recorded).map(({ number, name, checksum }): MigrationState => {
    const there = found.find((migration) => migration.number === number);
    const state = there === undefined ? "missing" : there.checksum === checksum ? "applied" : "altered";
    return { number, name, state };
  });
  const others = found
    .filter(({ number }) => !known.some((migration) => migration.number === number))
    .map(({ number, name, compatibleFrom }): MigrationState => {
      const mayWork = compatibleFrom !== null && compatibleFrom <= version;
      return { number, name, state: mayWork ? "ahead" : "incompatible" };
    });
  return [...ours, ...others].sort((a, b) => a.number - b.number);
}
