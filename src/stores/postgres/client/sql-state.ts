/** in_failed_sql_transaction: an earlier statement of the open transaction failed. */
export const IN_FAILED_TRANSACTION = "25P02";

/** The SQLSTATE that a driver put on its error as `code`, if any. */
export const sqlStateOf = (error: unknown): string | undefined => fieldOf(error, "code");

/**
 * The name of the unique constraint or index that a statement would have broken, or `undefined` for other errors. `pg`
 * and PGlite call the field `constraint`, postgres.js calls it `constraint_name`.
 */
export const violatedUnique = (error: unknown): string | undefined =>
  sqlStateOf(error) === "23505" ? (fieldOf(error, "constraint") ?? fieldOf(error, "constraint_name")) : undefined;

function fieldOf(error: unknown, field: string): string | undefined {
  if (typeof error !== "object" || error === null || !(field in error)) return undefined;
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" ? value : undefined;
}
