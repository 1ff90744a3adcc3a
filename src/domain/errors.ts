import { ERROR_FACTS, type ErrorFacts, type MoneyMoved } from "./error-facts.js";
import { frozenCopy } from "./frozen-copy.js";
import { isError } from "./is-error.js";
import { lineageIdOf } from "./lineage-id.js";
import { moneyMovedIn, worstOf } from "./money-moved.js";

/** A stable name of one situation. Match on the code, never on a message or a class. */
export type ErrorCode = keyof typeof ERROR_FACTS;

/** Every code that a {@link BuyonceError} can carry. */
export const ERROR_CODES = Object.keys(ERROR_FACTS) as readonly ErrorCode[];

/** The evidence that an error carries besides its message. */
export interface ErrorEvidence {
  readonly cause?: unknown;
  /** The expected and the found values, as data. The error keeps a copy. Never an unmasked token or credential. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The stored record that won, if a race or a status refused the call. */
  readonly current?: unknown;
  /** Whether money moved in this occurrence, if neither its code nor the lines of `current` say as much. */
  readonly moneyMoved?: MoneyMoved;
}

/**
 * The one error class of the library.
 *
 * `code` is stable, `retryable` says whether the same call may succeed later, and `remediation` says what to do next.
 * `moneyMoved` is about this occurrence. It is never `no` while a line of the execution in `current` may be bought.
 * docs/errors.md lists every code.
 */
export class BuyonceError extends Error {
  override readonly name = "BuyonceError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly moneyMoved: MoneyMoved;
  readonly remediation: string;
  /** A frozen copy of the details that the error was made with. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly #current: unknown;

  constructor(code: ErrorCode, message: string, evidence: ErrorEvidence = {}) {
    super(message, evidence.cause === undefined ? undefined : { cause: evidence.cause });
    const facts: ErrorFacts = ERROR_FACTS[code];
    this.code = code;
    this.retryable = facts.retryable;
    this.moneyMoved = worstOf([facts.moneyMoved, evidence.moneyMoved ?? "no", moneyMovedIn(evidence.current)]);
    this.remediation = facts.remediation;
    this.details = detailsOf(evidence.details);
    this.#current = withoutSecrets(evidence.current);
  }

  /**
   * The stored record that won. An execution is kept without its lineage key, from which tokens derive, and without the
   * prepared data of its lines. The record is not serialised with the error.
   */
  get current(): unknown {
    return this.#current;
  }
}

function detailsOf(details: ErrorEvidence["details"]): Readonly<Record<string, unknown>> {
  const copy = frozenCopy(details ?? {});
  return isRecord(copy) ? copy : Object.freeze({ details: copy });
}

/**
 * An execution as it may leave the library; any other value as it is. The prepared data of its lines is left out,
 * because it holds client tokens.
 */
function withoutSecrets(current: unknown): unknown {
  if (!isRecord(current) || typeof current["lineageKey"] !== "string") return current;
  const { lineageKey, lines, ...rest } = current;
  return {
    ...rest,
    lineageId: lineageIdOf(String(lineageKey)),
    lines: Array.isArray(lines) ? lines.map(unprepared) : lines,
  };
}

const unprepared = (line: unknown): unknown => (isRecord(line) ? { ...line, prepared: null, saidAbsent: null } : line);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Whether a thrown value is a {@link BuyonceError} with one of the given codes, if any are given. Never throws. */
export function isBuyonceError(thrown: unknown, ...codes: readonly ErrorCode[]): thrown is BuyonceError {
  try {
    return (
      isError(thrown) &&
      thrown.name === "BuyonceError" &&
      "code" in thrown &&
      (codes.length === 0 || codes.some((code) => code === thrown.code))
    );
  } catch {
    return false;
  }
}

/** One line about a thrown value of any kind, for events and logs. It never throws, and the line is never blank. */
export function messageOf(thrown: unknown): string {
  const said = whatItSays(thrown);
  return said.trim() === "" ? `a value without a message was thrown (${typeof thrown})` : said;
}

function whatItSays(thrown: unknown): string {
  try {
    if (!isRecord(thrown) || typeof thrown["message"] !== "string") return String(thrown);
    const name = typeof thrown["name"] === "string" ? thrown["name"] : "Error";
    return `${name}: ${thrown["message"].trim() === "" ? withoutMessage(thrown) : thrown["message"]}`;
  } catch {
    return "";
  }
}

/** The text for an error without a message: its code, if it has one. Node gives a refused connection only a code. */
const withoutMessage = ({ code }: Readonly<Record<string, unknown>>): string =>
  typeof code === "string" && code !== "" ? code : "no message";
