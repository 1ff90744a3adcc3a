import { messageOf } from "../domain/errors.js";

/** Nobody waits for the answer any more. What became of the request is not known. */
export class NoAnswerError extends Error {}

/** Stops waiting when the signal aborts, for SDKs that take no signal or let go of it half way. */
export function untilAborted<Output>(sent: Promise<Output>, signal: AbortSignal): Promise<Output> {
  return new Promise((resolve, reject) => {
    // A new error is made, because the reason of the caller's abort says nothing about the wire.
    const abort = () => reject(new NoAnswerError(`gave up waiting for the answer: ${messageOf(signal.reason)}`));
    signal.addEventListener("abort", abort, { once: true });
    sent.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}
