import * as z from "zod/mini";
import { LONGEST_SPAN_MS } from "../../domain/bounds.js";
import { checked } from "../../domain/checked.js";
import type { InputProblem } from "../../domain/input-problem.js";
import type { Limit } from "../../domain/limit.js";
import { moneySchema } from "../../domain/money.js";
import { once } from "../../domain/once.js";
import { nonBlankSchema } from "../../domain/text.js";

const text = once(() => nonBlankSchema().check(z.maxLength(200)));

/**
 * `UTC`, or a place of the IANA database. Abbreviations such as `CET` are left out, because PostgreSQL and JavaScript
 * take some of them for different zones.
 */
const timeZoneSchema = once(() =>
  z.string().check(
    z.refine((name) => (name === "UTC" || /^[A-Z][A-Za-z_]*\/[A-Za-z0-9_+\-/]+$/.test(name)) && isTimeZone(name), {
      error: 'must be "UTC" or an IANA time zone such as "Europe/Berlin"',
    }),
  ),
);

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const limitSchema = once(() =>
  z.strictObject({
    name: text(),
    scope: z.strictObject({
      cloud: z.optional(text()),
      service: z.optional(text()),
      account: z.optional(text()),
      createdBy: z.optional(text()),
      source: z.optional(text()),
    }),
    per: z.union(
      [z.enum(["day", "month", "year"]), z.int().check(z.gte(1_000), z.lte(LONGEST_SPAN_MS))],
      `must be "day", "month", "year", or a whole number of milliseconds from 1000 to ${LONGEST_SPAN_MS}`,
    ),
    max: moneySchema(),
    timeZone: z.optional(timeZoneSchema()),
  }),
);

const limitsSchema = once(() =>
  z.array(limitSchema()).check(
    z.maxLength(100),
    z.refine((limits) => new Set(limits.map(({ name }) => name)).size === limits.length, "must have different names"),
  ),
);

/** The problems with the definitions of limits. */
export function limitProblems(limits: unknown): readonly InputProblem[] {
  const result = checked(limitsSchema(), limits);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => ({
    path: `limits${path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("")}`,
    problem: message,
  }));
}

/** The stated parts of a scope, without those that are undefined. */
const statedParts = (scope: Limit["scope"]): Limit["scope"] =>
  Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined));

/** A limit without problems, with its defaults. */
export const completeLimit = ({ name, scope, per, max, timeZone = "UTC" }: Limit): Required<Limit> => ({
  name,
  scope: statedParts(scope),
  per,
  max: { amount: max.amount, currency: max.currency },
  timeZone,
});
