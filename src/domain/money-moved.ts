import { ERROR_FACTS, type MoneyMoved } from "./error-facts.js";

/** The worst of several answers: `yes` is worse than `maybe`, and `maybe` is worse than `no`. */
export const worstOf = (several: readonly MoneyMoved[]): MoneyMoved =>
  (["yes", "maybe"] as const).find((one) => several.includes(one)) ?? "no";

/**
 * Whether the lines of an execution show that money moved. `no` for any value that is not an execution.
 *
 * A committed line has moved money. A line that is submitting or in doubt may have. So may a line that was refused only
 * by a person's word, or because the cloud holds something in its place.
 */
export function moneyMovedIn(execution: unknown): MoneyMoved {
  const lines = propertyOf(execution, "lines");
  return Array.isArray(lines) ? worstOf(lines.map(moneyMovedBy)) : "no";
}

function moneyMovedBy(line: unknown): MoneyMoved {
  const state = propertyOf(line, "state");
  if (state === "committed") return "yes";
  if (state === "submitting" || state === "in_doubt") return "maybe";
  return state === "rejected" ? moneyMovedDespite(propertyOf(line, "rejection")) : "no";
}

function moneyMovedDespite(rejection: unknown): MoneyMoved {
  const isWordOfAPerson = typeof propertyOf(rejection, "resolvedBy") === "string";
  return isWordOfAPerson ? "maybe" : moneyMovedByCode(String(propertyOf(rejection, "code")));
}

/** Whether money moved, by an error code. `no` for a cloud's own code, because that code states a refusal. */
export const moneyMovedByCode = (code: string): MoneyMoved =>
  Object.entries(ERROR_FACTS).find(([known]) => known === code)?.[1].moneyMoved ?? "no";

const propertyOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
