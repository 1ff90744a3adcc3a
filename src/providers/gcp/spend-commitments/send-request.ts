import * as z from "zod/mini";
import { anySignal } from "../../../domain/any-signal.js";
import { LONGEST_TIMER_MS } from "../../../domain/bounds.js";
import { systemClock } from "../../../domain/clock.js";
import { parseAnswer } from "../../parse-answer.js";
import { untilAborted } from "../../until-aborted.js";
import type { GcpAuthorizedClient, GcpHttpRequest } from "./authorized-client.js";

/** What a request asks. */
export type HttpQuestion = Pick<GcpHttpRequest, "url" | "method" | "data">;

/** How requests are sent. */
export interface Sending {
  readonly client: GcpAuthorizedClient;
  readonly requestTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** An answer of the service, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly data: unknown;
}

/** Why an answer refuses, as an error that carries Google's own words; `undefined` if it does not. */
export const refusalIn = ({ status, data }: HttpAnswer): Error | undefined =>
  status >= 200 && status < 300
    ? undefined
    : Object.assign(new Error(`Google answered with HTTP ${status}`), { response: { data } });

/** What became of a request that is sent once. */
export type SentOnce =
  | { readonly kind: "not_sent"; readonly thrown: unknown }
  | { readonly kind: "answered"; readonly answer: HttpAnswer }
  /** It may have arrived. */
  | { readonly kind: "lost"; readonly thrown: unknown };

const NOT_GAXIOS =
  "the client ignores the option `adapter`, so nobody knows how often it sends a request; use one of google-auth-library";

/** Reads something. A client that renews its token may send the request twice. Throws unless the service answers well. */
export async function read(sending: Sending, question: HttpQuestion): Promise<unknown> {
  let sends = 0;
  const answered = await ask(sending, question, (send) => {
    sends += 1;
    return send();
  });
  if (sends === 0) throw new TypeError(NOT_GAXIOS);
  return parseAnswer(z.object({ data: z.unknown() }), answered, "answer").data;
}

/**
 * Sends a request at most once, whatever the client's settings for retries are, and never throws.
 *
 * `beforeSend` is called once, right before the request leaves. If it throws, nothing leaves. What became of the
 * request is judged by its first answer, and the call ends with it. The client gets an error if it tries to send the
 * request again, and also if it tries to send it after this call has ended.
 */
export async function sendOnce(sending: Sending, question: HttpQuestion, beforeSend: () => void): Promise<SentOnce> {
  const once = new OneSend(beforeSend);
  const asked = ask(sending, question, (send) => once.send(send)).then(
    () => once.end(new TypeError(NOT_GAXIOS)),
    (thrown: unknown) => once.end(thrown),
  );
  return Promise.race([once.result, asked]);
}

/** The one time that a request may leave. */
class OneSend {
  /** What became of the request, once that is known. */
  readonly result: Promise<SentOnce>;
  readonly #beforeSend: () => void;
  #settle: (result: SentOnce) => void = () => undefined;
  #state: "open" | "left" | "closed" = "open";

  constructor(beforeSend: () => void) {
    this.#beforeSend = beforeSend;
    this.result = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  async send<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    if (this.#state !== "open") throw new Error("the client tried to send a purchase again");
    this.#check();
    this.#state = "left";
    try {
      const answer = await send();
      this.#settle({ kind: "answered", answer: parseAnswer(answerSchema, answer, "answer") });
      return answer;
    } catch (thrown) {
      this.#settle({ kind: "lost", thrown });
      throw thrown;
    }
  }

  /** What became of a request of which the client says no more. Afterwards it can no longer leave. */
  end(thrown: unknown): SentOnce {
    const mayHaveLeft = this.#state === "left" || isNotGaxios(thrown);
    this.#state = "closed";
    return { kind: mayHaveLeft ? "lost" : "not_sent", thrown };
  }

  #check(): void {
    try {
      this.#beforeSend();
    } catch (thrown) {
      this.#state = "closed";
      this.#settle({ kind: "not_sent", thrown });
      throw thrown;
    }
  }
}

const isNotGaxios = (thrown: unknown): boolean => thrown instanceof TypeError && thrown.message === NOT_GAXIOS;

const answerSchema = z.object({ status: z.number(), data: z.unknown() });

/** Hands a request to the client, and stops waiting for it at its time limit. `around` is called for each send of it. */
async function ask(
  { client, requestTimeoutMs, signal }: Sending,
  question: HttpQuestion,
  around: <Answer>(send: () => Promise<Answer>) => Promise<Answer>,
): Promise<unknown> {
  const waitMs = Math.min(requestTimeoutMs + 1_000, LONGEST_TIMER_MS);
  const limit = anySignal([signal, systemClock.timeout(waitMs)]);
  limit.throwIfAborted();
  const asked = client.request({
    ...question,
    responseType: "json",
    timeout: requestTimeoutMs,
    signal: limit,
    retry: false,
    retryConfig: { retry: 0, noResponseRetries: 0 },
    adapter: (options, send) => around(() => send(options)),
  });
  return untilAborted(asked, limit);
}
