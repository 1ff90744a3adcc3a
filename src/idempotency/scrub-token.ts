import { FORM_DIGITS, type FormFinder, formFinder } from "./derived-forms.js";
import { maskToken } from "./mask-token.js";

/** A run of enough hex digits to hold a form of a token. A single dash may stand between any two digits. */
const RUN = new RegExp(`[0-9a-f](?:-?[0-9a-f]){${FORM_DIGITS - 1},}`, "gi");
const TOKEN = /^[0-9a-f]{64}$/;

/**
 * A value as it may stand in logs, errors and events. Wherever a text or a name in it holds the token or a form derived
 * from it, at any depth, only the first 8 characters are left.
 *
 * The derived forms stand in the registry (derived-forms.ts): ids, names and GUIDs of the token, and of the tokens of
 * all retries, in upper or lower case. A text without a run of 32 hex digits is searched once only.
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
  // A token that the library did not derive has no forms.
  if (!TOKEN.test(token)) return (text) => text.replaceAll(token, maskToken(token));
  const finder = formFinder(token);
  return (text) => text.replace(RUN, (run) => scrubRun(run, finder));
}

/** The run with every form in it masked. The digits before and after a form stay. */
function scrubRun(run: string, finder: FormFinder): string {
  const found = finder.find(run.replaceAll("-", "").toLowerCase());
  if (found === undefined) return run;
  const start = positionOf(run, found.at);
  const end = endOf(run, positionOf(run, found.at + FORM_DIGITS - 1) + 1, found.form.slice(FORM_DIGITS));
  return scrubRun(run.slice(0, start), finder) + maskToken(found.form) + scrubRun(run.slice(end), finder);
}

/** The position in a run of the digit with this number, counted without the dashes. */
function positionOf(run: string, digit: number): number {
  let position = -1;
  for (let passed = -1; passed < digit; ) {
    position += 1;
    if (run[position] !== "-") passed += 1;
  }
  return position;
}

/** The position up to which a run continues like the form. */
function endOf(run: string, from: number, rest: string): number {
  let end = from;
  while (end - from < rest.length && run[end]?.toLowerCase() === rest[end - from]) end += 1;
  return end;
}
