import { en } from "zod/locales";
import type * as z from "zod/mini";
import { once } from "./once.js";

const english = once(en);

/** Checks a value against a schema. The faults that name no text of their own are told in English, whatever zod is set to. */
export const checked = <Value>(
  schema: z.ZodMiniType<Value>,
  value: unknown,
): ReturnType<z.ZodMiniType<Value>["safeParse"]> => schema.safeParse(value, { error: english().localeError });
