import type * as z from "zod/mini";
import { didYouMean } from "./options.js";

/** The fault of a field that is not there. */
export const MISSING = "is missing";

/** As many allowed values as a message lists. */
const MOST_LISTED = 20;
/** A longer text is not repeated in a message: it may be a secret. */
const LONGEST_SHOWN = 32;

/**
 * How a fault of a field reads: what was found, what is allowed, and which value was probably meant.
 *
 * `undefined` for a fault that zod describes well enough. An object is never shown, and a long text neither.
 */
export function faultInWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `${found(issue.input)}; must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return choice(issue.input, issue.values ?? []);
    case "unrecognized_keys":
      return (issue.keys ?? [])
        .map((key) => `has the unknown field ${shown(key)}${meant(key, fieldsLeft(issue))}`)
        .join("; ");
    case "too_small":
    case "too_big":
      return sizeFault(issue);
    case "invalid_union":
      return unionFault(issue);
    default:
      return undefined;
  }
}

type SizeIssue = Pick<z.core.$ZodRawIssue, "input"> & {
  readonly code: "too_small" | "too_big";
  readonly inclusive?: boolean | undefined;
  readonly minimum?: number | bigint | undefined;
  readonly maximum?: number | bigint | undefined;
};

/** A number out of its range, or a list or a text of a wrong length. */
function sizeFault({ input, code, inclusive = true, minimum, maximum }: SizeIssue): string | undefined {
  const bound = code === "too_small" ? `at least ${minimum}` : `at most ${maximum}`;
  if (Array.isArray(input)) return `holds ${input.length} items; must hold ${bound}`;
  if (typeof input === "string") return `has ${input.length} characters; must have ${bound}`;
  if (typeof input !== "number") return undefined;
  const strict = code === "too_small" ? `greater than ${minimum}` : `less than ${maximum}`;
  return withFound(input, `must be ${inclusive ? bound : strict}`);
}

/** A fault with the value that was found, unless the value may be long or a secret. */
export const withFound = (input: unknown, fault: string): string => `${found(input)}; ${fault}`;

/** No value of those that may stand here. */
function choice(input: unknown, allowed: readonly unknown[]): string {
  const listed = allowed
    .slice(0, MOST_LISTED)
    .map((value) => (typeof value === "string" ? `"${value}"` : String(value)));
  const more = allowed.length > MOST_LISTED ? ` or ${allowed.length - MOST_LISTED} others` : "";
  return `${found(input)}; must be ${listed.length > 1 ? "one of " : ""}${listed.join(", ")}${more}${meant(input, allowed)}`;
}

function unionFault({ input, discriminator, options, errors }: UnionIssue): string | undefined {
  if (discriminator !== undefined && options !== undefined)
    return choice(typeof input === "object" && input !== null ? Reflect.get(input, discriminator) : input, options);
  const allowed = (errors ?? []).map((issues) => /must be ([^;]+)/.exec(issues[0]?.message ?? "")?.[1]);
  if (allowed.length === 0 || allowed.includes(undefined)) return input === undefined ? MISSING : undefined;
  return `${found(input)}; must be ${[...new Set(allowed)].join(", or ")}`;
}

interface UnionIssue {
  readonly input?: unknown;
  readonly discriminator?: string | undefined;
  readonly options?: readonly unknown[] | undefined;
  readonly errors?: readonly (readonly { readonly message?: string | undefined }[])[] | undefined;
}

const found = (input: unknown): string => (input === undefined ? MISSING : `is ${shown(input)}`);

function shown(value: unknown): string {
  if (typeof value === "string")
    return value.length > LONGEST_SHOWN ? `a text of ${value.length} characters` : JSON.stringify(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null
    ? "an object"
    : typeof value === "function"
      ? "a function"
      : String(value);
}

/** In the words of JSON, which people who write baskets know. */
const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  date: "a Date",
  function: "a function",
};

const meant = (input: unknown, allowed: readonly unknown[]): string =>
  typeof input === "string" && input.length <= LONGEST_SHOWN
    ? didYouMean(
        input,
        allowed.filter((value) => typeof value === "string"),
      )
    : "";

/** The names that the refused object may have, and does not have yet. */
function fieldsLeft({ inst, input }: z.core.$ZodRawIssue): readonly string[] {
  const shape: unknown = Reflect.get(Object(inst?._zod.def), "shape");
  return Object.keys(Object(shape)).filter((name) => Object(input)[name] === undefined);
}
