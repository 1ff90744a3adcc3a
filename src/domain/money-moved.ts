import { ERROR_FACTS, type MoneyMoved } from "./error-facts.js";

/** The worst of several: certainly before nobody knows before not. */
export const worstOf = (several: readonly MoneyMoved[]): MoneyMoved =>
  (["yes", "maybe"] as const).find((one) => several.includes(one)) ?? "no";

/**
 * What the lines of an execution show of money, if it is an execution; `no` for anything else.
 *
 * A committed line has moved it. A line that is submitting or in doubt may have, and so may one that was refused only by a
 * person's word or because of something that the cloud holds in its place.
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

/** What a code says of money; `no` for a code of a cloud, which states a refusal. */
export const moneyMovedByCode = (code: string): MoneyMoved =>
  Object.entries(ERROR_FACTS).find(([known]) => known === code)?.[1].moneyMoved ?? "no";

const propertyOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
