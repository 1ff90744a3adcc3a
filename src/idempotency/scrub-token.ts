import { FORM_DIGITS, type FormFinder, formFinder } from "./derived-forms.js";
import { maskToken } from "./mask-token.js";

/** So many hex digits that a form of a token may be among them, single dashes between any two of them. */
const RUN = new RegExp(`[0-9a-f](?:-?[0-9a-f]){${FORM_DIGITS - 1},}`, "gi");
const TOKEN = /^[0-9a-f]{64}$/;

/**
 * A value as it may stand in logs, errors and events: wherever the token or anything derived from it occurs in a text or
 * a name, however deep, only the first 8 characters are left.
 *
 * What is derived stands in the registry (derived-forms.ts): ids, names and GUIDs of the token, and of the tokens of all
 * retries, in upper or lower case. A text without 32 hex digits in a row costs one look.
 */
export function scrubToken<Value>(value: Value, token: string): Value {
  const scrubText = textScrubber(token);
  const scrub = (one: unknown): unknown => {
    if (typeof one === "string") return scrubText(one);
    if (Array.isArray(one)) return one.map(scrub);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [scrubText(key), scrub(inner)]));
  };
  return scrub(value) as Value;
}

function textScrubber(token: string): (text: string) => string {
  if (token === "") return (text) => text;
  // What the library did not derive has no forms.
  if (!TOKEN.test(token)) return (text) => text.replaceAll(token, maskToken(token));
  const finder = formFinder(token);
  return (text) => text.replace(RUN, (run) => scrubRun(run, finder));
}

/** The run with every form in it masked; what stands before and after a form stays. */
function scrubRun(run: string, finder: FormFinder): string {
  const found = finder.find(run.replaceAll("-", "").toLowerCase());
  if (found === undefined) return run;
  const start = positionOf(run, found.at);
  const end = endOf(run, positionOf(run, found.at + FORM_DIGITS - 1) + 1, found.form.slice(FORM_DIGITS));
  return scrubRun(run.slice(0, start), finder) + maskToken(found.form) + scrubRun(run.slice(end), finder);
}

/** Where the digit of this number stands in a run, counted without the dashes. */
function positionOf(run: string, digit: number): number {
  let position = -1;
  for (let passed = -1; passed < digit; ) {
    position += 1;
    if (run[position] !== "-") passed += 1;
  }
  return position;
}

/** How far a run goes on as the form does. */
function endOf(run: string, from: number, rest: string): number {
  let end = from;
  while (end - from < rest.length && run[end]?.toLowerCase() === rest[end - from]) end += 1;
  return end;
}
