import { en } from "zod/locales";
import type * as z from "zod/mini";
import { faultInWords } from "./fault-in-words.js";
import { once } from "./once.js";

const english = once(en);

/**
 * Checks a value against a schema. Faults without a text of their own are described in English, in every locale of zod:
 * a missing field as missing, a wrong one with the values that are allowed.
 *
 * With `reportInput`, each fault carries the value that was found.
 */
export const checked = <Value>(
  schema: z.ZodMiniType<Value>,
  value: unknown,
  options: { readonly reportInput?: boolean } = {},
): ReturnType<z.ZodMiniType<Value>["safeParse"]> =>
  schema.safeParse(value, { ...options, error: (issue) => faultInWords(issue) ?? english().localeError(issue) });
