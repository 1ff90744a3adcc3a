import type { StruckCall } from "./call-effects.js";
import type { FaultAnswers, Processed } from "./deliver.js";
import { SimulatedError } from "./simulated-error.js";
import type { WireReply } from "./wire.js";

/** How a service answers with errors, in its own words. */
export interface ErrorAnswers {
  throttled(): SimulatedError;
  internal(): SimulatedError;
  /** The answer that carries the error. */
  write(error: SimulatedError, now: number): WireReply;
}

/** A request whose sender and purpose are known, not yet processed. */
export interface Arrival {
  readonly service: string;
  /** The name of the operation, or the text that stands in its place if the request leads to no operation. */
  readonly operation: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** The signing time that the request carries. */
  readonly signedAt?: number | undefined;
  /**
   * Lets the service decide, and commits what it does. Throws `SimulatedError` to refuse. The error itself stands here
   * if the request is refused whatever the time and the state.
   */
  readonly run: ((struck: StruckCall) => WireReply) | SimulatedError;
  readonly errors: ErrorAnswers;
}

/** Lets the service decide, and commits what it does. Never throws: every refusal is an answer. */
export function processArrival({ run, errors }: Arrival, struck: StruckCall): Processed {
  try {
    if (run instanceof SimulatedError) throw run;
    return { reply: run(struck) };
  } catch (error) {
    return errorReply(errors, asSimulatedError(error, errors), struck.now);
  }
}

/** The answers to a request that a fault strikes before it is processed. */
export function faultAnswers({ errors }: Arrival, now: number): FaultAnswers {
  return {
    throttled: () => errorReply(errors, errors.throttled(), now),
    internal: () => errorReply(errors, errors.internal(), now),
    error: ({ code, status, message = code }) => errorReply(errors, new SimulatedError(code, status, message), now),
  };
}

/**
 * A thrown error that is not one of the cloud's is a bug of the simulator. It is answered, so that a test sees its
 * text.
 */
export function asSimulatedError(error: unknown, { internal }: Pick<ErrorAnswers, "internal">): SimulatedError {
  if (error instanceof SimulatedError) return error;
  const { code, status } = internal();
  return new SimulatedError(code, status, `bug in the simulator: ${String(error)}`);
}

function errorReply({ write }: ErrorAnswers, error: SimulatedError, now: number): Processed {
  return { reply: write(error, now), errorCode: error.code };
}
