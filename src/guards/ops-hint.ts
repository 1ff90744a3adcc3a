import { ERROR_FACTS } from "../domain/error-facts.js";
import type { Rejection } from "../domain/evidence.js";
import type { InputProblem } from "../domain/input-problem.js";
import { nameProblems } from "../domain/options.js";

/** What an operator can do about a refusal, as data. */
export interface OpsHint {
  /** The code of the refusal: a cloud's, one of this library, or the name of the gate. */
  readonly code: string;
  readonly text: string;
  /** Where to read more. Null if there is nothing to read. */
  readonly docs: string | null;
}

/** Hints by the code of a refusal. They come before the hints of providers and of this library. */
export type OpsHints = Readonly<Record<string, Readonly<{ text: string; docs?: string }>>>;

/** What is wrong with a registry of hints, one problem for each fault. */
export function opsHintProblems(hints: unknown): readonly InputProblem[] {
  if (hints === undefined) return [];
  if (typeof hints !== "object" || hints === null)
    return [{ path: "opsHints", problem: "must be an object of hints by code" }];
  return Object.entries(hints).flatMap(([code, hint]: [string, { text?: unknown; docs?: unknown } | null]) => [
    ...nameProblems(`opsHints.${code}.text`, hint?.text ?? ""),
    ...nameProblems(`opsHints.${code}.docs`, hint?.docs),
  ]);
}

/** The hint that a registry or a provider has for a refusal. `undefined` if neither has one. */
export function statedHint({ code, hint }: Pick<Rejection, "code" | "hint">, registry: OpsHints): OpsHint | undefined {
  const own = Object.hasOwn(registry, code) ? registry[code] : undefined;
  if (own !== undefined) return { code, text: own.text, docs: own.docs ?? null };
  return hint === undefined ? undefined : { code, text: hint, docs: docsOf(code) };
}

/** The hint for a refusal. It is never missing: a code of this library has its remediation, any other a general one. */
export function opsHintOf(refusal: Pick<Rejection, "code" | "hint">, registry: OpsHints): OpsHint {
  const { code } = refusal;
  return statedHint(refusal, registry) ?? { code, text: remediationOf(code), docs: docsOf(code) };
}

/** What an operator can do about a failure before anything was sent. `undefined` if its code says nothing of it. */
export const failureHint = (code: string, registry: OpsHints): string | undefined =>
  statedHint({ code }, registry)?.text ?? factsOf(code)?.remediation;

const factsOf = (code: string) => Object.entries(ERROR_FACTS).find(([known]) => known === code)?.[1];

const remediationOf = (code: string): string =>
  factsOf(code)?.remediation ?? "Find out from the refusal's message what to change, change it, then force the retry.";

const docsOf = (code: string): string | null =>
  factsOf(code) === undefined ? null : `docs/errors.md#${code.toLowerCase()}`;
