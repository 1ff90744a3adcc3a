import { isError } from "../../domain/is-error.js";
import type { PurchaseOutcome } from "../commitment-provider.js";
import { safeMessage } from "../safe-message.js";
import type { ArmAnswer } from "./arm-answer.js";
import type { SendResult } from "./at-most-one-send.js";
import { REFUSALS, THROTTLING_CODES } from "./azure-error-codes.js";

/**
 * What a purchase call proves if Azure did not accept it: the one place that decides it for all Azure services.
 *
 * Only Azure's own code counts, never the HTTP status or the text of a message. A refusal is `rejected`. Throttling is
 * `not_now`. A request that never reached the wire, or met no server, is `not_sent`. Everything else (timeouts, resets,
 * aborts, 5xx, unreadable or unlisted answers) is `unknown`.
 */
export function outcomeOfFailure(result: SendResult, token: string): PurchaseOutcome {
  if (result.kind === "answered") return outcomeOfAnswer(result.answer, token);
  const reason = safeMessage(result.error, token);
  return { kind: !result.onWire || neverConnected(result.error) ? "not_sent" : "unknown", reason };
}

/** Whether Azure accepted a purchase. */
export const isAccepted = ({ status }: ArmAnswer): boolean => status === 200 || status === 201 || status === 202;

function outcomeOfAnswer({ status, code, message }: ArmAnswer, token: string): PurchaseOutcome {
  const reason = safeMessage(`${code ?? `HTTP ${status}`}: ${message ?? "no readable answer"}`, token);
  if (code !== undefined && REFUSALS.has(code))
    return { kind: "rejected", rejection: { code, message: reason, ...REFUSALS.get(code) } };
  return { kind: code !== undefined && THROTTLING_CODES.has(code) ? "not_now" : "unknown", reason };
}

// The SDK keeps the code of the system error, but not the system call that failed. These two codes only come before
// there is a connection. ENETUNREACH, EHOSTUNREACH and the like can also end a connection.
const NEVER_CONNECTED: readonly unknown[] = ["ECONNREFUSED", "ENOTFOUND"];

const neverConnected = (error: unknown): boolean =>
  isError(error) && "code" in error && NEVER_CONNECTED.includes(error.code);
