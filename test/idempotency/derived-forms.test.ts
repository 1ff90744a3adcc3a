import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { MAX_LINEAGE_ATTEMPTS } from "../../src/idempotency/derived-forms.js";
import { maskToken } from "../../src/idempotency/mask-token.js";
import { scrubToken } from "../../src/idempotency/scrub-token.js";
import { idempotencyGuid, uuidV4Shaped } from "../../src/idempotency/token-formats.js";

const token = deriveIdempotencyToken("exec-123", 0);
const ATTEMPTS = Array.from({ length: MAX_LINEAGE_ATTEMPTS }, (_, before) => before + 1);

type Derivation = (of: string) => unknown;

/** How each exported function that makes something of a token is called, so that it makes all it can. */
const DERIVATIONS: Readonly<Record<string, (exported: never) => Derivation>> = {
  idempotencyGuid: (exported: Derivation) => exported,
  uuidV4Shaped: (exported: Derivation) => exported,
  reservationId: (exported: (prefix: string, of: string) => string) => (of) => exported("buyonce-", of),
  commitmentName: (exported: (prefix: string, of: string) => string) => (of) => exported("cud-", of),
  tokenOfAttempt: (exported: (of: string, attempt: number) => string) => (of) =>
    ATTEMPTS.map((attempt) => exported(of, attempt)),
  attemptToken: (exported: (of: string, context: { lineageAttempt: number }) => string) => (of) =>
    ATTEMPTS.map((lineageAttempt) => exported(of, { lineageAttempt })),
  commitmentNames: (exported: (of: string, attempt: number) => readonly string[]) => (of) =>
    exported(of, MAX_LINEAGE_ATTEMPTS),
};

/** Exported functions that make nothing of a token that any cloud gets. */
const OTHERS = [
  "deriveIdempotencyToken",
  "fingerprint",
  "formFinder",
  "freeName",
  "maskToken",
  "nameIn",
  "scrubToken",
  "sentNameIn",
  "viewOf",
];

/** Those that choose the attempt themselves. */
const OF_ATTEMPTS = ["attemptToken", "tokenOfAttempt"];

/** The token of an attempt, by the formula that clouds have seen. */
const tokenOfRetry = (attempt: number): string => (attempt === 1 ? token : deriveIdempotencyToken(token, attempt));

const folder = new URL("../../src/idempotency/", import.meta.url);
const MODULES = [
  ...readdirSync(folder).map((file) => new URL(file, folder)),
  ...["attempt-token", "commitment-names"].map((name) => new URL(`../../src/providers/${name}.ts`, import.meta.url)),
];

/** Every function that these modules export, by its name. */
async function exportedFunctions(): Promise<Readonly<Record<string, unknown>>> {
  const loaded = await Promise.all(MODULES.map(async ({ href }) => (await import(href)) as Record<string, unknown>));
  return Object.fromEntries(
    loaded.flatMap((exports) => Object.entries(exports)).filter(([, exported]) => typeof exported === "function"),
  );
}

const functions = await exportedFunctions();

/** Whether a text still shows enough of some token to know it by: more hex digits in a row than a mask and its surroundings have. */
const showsDigits = (text: string): boolean => /[0-9a-f]{16}/i.test(text.replaceAll("-", ""));

describe("the registry of what is derived from a token", () => {
  test("has been looked for in every function that is exported beside it", () => {
    expect(Object.keys(functions).toSorted()).toEqual([...Object.keys(DERIVATIONS), ...OTHERS].toSorted());
  });

  test.each(Object.keys(DERIVATIONS))("masks all that %s makes of a line's token", (name) => {
    const derive = DERIVATIONS[name]?.(functions[name] as never) ?? expect.unreachable();
    const tokens = OF_ATTEMPTS.includes(name) ? [token] : ATTEMPTS.map(tokenOfRetry);
    const made = tokens.flatMap(derive);
    expect(made.length).toBeGreaterThanOrEqual(MAX_LINEAGE_ATTEMPTS);
    expect(scrubToken(made, token).filter((one) => showsDigits(String(one)))).toEqual([]);
  });

  test("lets the longer form win where two begin alike", () => {
    const twins = ATTEMPTS.map(tokenOfRetry).filter((one) => uuidV4Shaped(one) === idempotencyGuid(one));
    expect(twins.length, "no token of this line is its own version-4 GUID").toBeGreaterThan(0);
    for (const twin of twins) expect(scrubToken(twin, token)).toBe(maskToken(twin));
  });
});
