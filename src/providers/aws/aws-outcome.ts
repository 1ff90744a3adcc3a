import { isError } from "../../domain/is-error.js";
import type { PurchaseOutcome } from "../commitment-provider.js";
import { safeMessage } from "../safe-message.js";
import type { SendResult } from "./at-most-one-send.js";
import { NAME_ABSENT_CODES, NAME_TAKEN_CODES, REFUSALS, THROTTLING_CODES } from "./aws-error-codes.js";

/** What the answer to a purchase says was bought, with the state that the answer states. */
export type Bought = Omit<Extract<PurchaseOutcome, { readonly kind: "committed" }>, "kind">;

/** One purchase call: how it is sent, and what its answer says was bought. */
export interface PurchaseCall<Output> {
  /** The line's token, which no message may show. */
  readonly token: string;
  /** Sends the request once. If this throws, the request has not left. */
  send(): Promise<SendResult<Output>>;
  /** The commitment the answer names, whatever its state, or `undefined` where it names none. */
  boughtIn(output: Output): Bought | undefined;
  /** Finds out whose commitment has the name that was sent. For services where the caller chooses the name. */
  whoseName?(): Promise<PurchaseOutcome>;
}

/** Makes a purchase call and says how it ended; never throws for anything the cloud or the network does. */
export async function purchaseOutcome<Output>(call: PurchaseCall<Output>): Promise<PurchaseOutcome> {
  let result: SendResult<Output>;
  try {
    result = await call.send();
  } catch (thrown) {
    return { kind: "not_sent", reason: safeMessage(thrown, call.token) };
  }
  return result.kind === "failed" ? outcomeOfFailedCall(result, call) : outcomeOfAnswer(result.output, call);
}

/** A success answer that cannot be read is `unknown`, because the purchase exists all the same. */
function outcomeOfAnswer<Output>(output: Output, call: PurchaseCall<Output>): PurchaseOutcome {
  try {
    const bought = call.boughtIn(output);
    if (bought !== undefined) return { kind: "committed", ...bought };
    return { kind: "unknown", reason: "AWS answered with success and named no commitment" };
  } catch (thrown) {
    const why = safeMessage(thrown, call.token);
    return { kind: "unknown", reason: `AWS answered with success, but the answer could not be read: ${why}` };
  }
}

/**
 * A name that is taken is read back. This request bought nothing, but an earlier request of ours may have taken the
 * name.
 */
async function outcomeOfFailedCall<Output>(failure: SendFailure, call: PurchaseCall<Output>): Promise<PurchaseOutcome> {
  const isTaken = failure.onWire && saysOneOf(failure.error, NAME_TAKEN_CODES);
  if (!isTaken || call.whoseName === undefined) return outcomeOfFailure(failure, call.token);
  try {
    return await call.whoseName();
  } catch (thrown) {
    return {
      kind: "unknown",
      reason: `the name is taken, but the commitment that has it could not be read: ${safeMessage(thrown, call.token)}`,
    };
  }
}

/** Whether the cloud itself said that no commitment of the name that was asked for exists. */
export const saysAbsent = (error: unknown): boolean => saysOneOf(error, NAME_ABSENT_CODES);

/** Whether the cloud itself answered with one of these codes. */
export const saysOneOf = (error: unknown, codes: ReadonlySet<string>): boolean =>
  codesOf(error).some((code) => codes.has(code));

/**
 * What a failed purchase call proves: the one place that decides it for all AWS services.
 *
 * A request that never reached the wire is `not_sent`. After the wire only the cloud's own code counts, never the HTTP
 * status or the text of a message. A refusal is `rejected`. Throttling is `not_now`. A connection that was never made
 * is `not_sent`. Everything else (timeouts, resets, aborts, 5xx, unreadable or unlisted answers) is `unknown`.
 */
export function outcomeOfFailure(failure: Pick<SendFailure, "error" | "onWire">, token: string): PurchaseOutcome {
  const { error, onWire } = failure;
  const reason = safeMessage(error, token);
  if (!onWire) return { kind: "not_sent", reason };
  const codes = codesOf(error);
  const code = codes.find((code) => REFUSALS.has(code));
  if (code !== undefined) return { kind: "rejected", rejection: { code, message: reason, ...REFUSALS.get(code) } };
  if (saysOneOf(error, THROTTLING_CODES)) return { kind: "not_now", reason };
  if (neverConnected(error)) return { kind: "not_sent", reason };
  return { kind: "unknown", reason };
}

type SendFailure = Extract<SendResult<unknown>, { kind: "failed" }>;

/**
 * The codes of an error answer, name before Code. Without an error answer there are none: a local error may have any
 * name.
 */
function codesOf(error: unknown): readonly string[] {
  if (!isError(error)) return [];
  const { name, Code, $metadata } = error as Error & {
    readonly Code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  if (($metadata?.httpStatusCode ?? 0) < 400) return [];
  return typeof Code === "string" ? [name, Code] : [name];
}

// Node names the system call that failed. Before name resolution and "connect" have succeeded, there is no connection
// to write to. If several addresses were tried, each of them must have failed in this way.
function neverConnected(error: unknown): boolean {
  if (isError(error) && "errors" in error && Array.isArray(error.errors))
    return error.errors.length > 0 && error.errors.every(neverConnected);
  return isError(error) && "syscall" in error && (error.syscall === "connect" || error.syscall === "getaddrinfo");
}
