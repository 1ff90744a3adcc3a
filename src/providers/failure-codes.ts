import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import { BuyonceError, type ErrorCode, isBuyonceError } from "../domain/errors.js";
import type { CommitmentProvider } from "./commitment-provider.js";
import { safeCause, safeMessage } from "./safe-message.js";

/**
 * A provider whose calls throw errors that have a code. An error without a code gets the code of its call.
 *
 * The message says what could not be done, and what the cloud or the network said, made safe to show. `what` says in
 * words what the provider buys. `purchase` is not changed, because it does not throw.
 */
export function withFailureCodes<Request extends CommitmentRequest>(
  what: string,
  provider: CommitmentProvider<Request>,
): CommitmentProvider<Request> {
  const { lookup, inventory, prepare, label, cancelQueued } = provider;
  const notListed: Failure = { code: "LOOKUP_FAILED", sentence: `The ${what} could not be looked up` };
  const failed = (code: ErrorCode, how: string): Failure => ({ code, sentence: `The purchase of ${what} ${how}` });
  return {
    ...provider,
    lookup: coded(lookup, notListed),
    ...(inventory && { inventory: coded(inventory, notListed) }),
    prepare: coded(prepare, failed("PREPARE_FAILED", "could not be prepared")),
    ...(label && {
      label: coded(
        async (...labeling: Parameters<typeof label>) => (await label(...labeling)) ?? undefined,
        failed("LABEL_FAILED", "could not be labeled"),
      ),
    }),
    ...(cancelQueued && {
      cancelQueued: coded(cancelQueued, failed("CANCEL_QUEUED_FAILED", "could not be withdrawn")),
    }),
  };
}

interface Failure {
  readonly code: ErrorCode;
  /** What could not be done; the cause follows it. */
  readonly sentence: string;
}

type Call<Subject, Context, Answer> = (subject: Subject, token: string, context: Context) => Promise<Answer>;

const coded =
  <Subject, Context, Answer>(call: Call<Subject, Context, Answer>, failure: Failure): typeof call =>
  async (subject, token, context) => {
    try {
      return await call(subject, token, context);
    } catch (thrown) {
      if (isBuyonceError(thrown)) throw thrown;
      const message = `${failure.sentence}: ${safeMessage(thrown, token)}`;
      throw new BuyonceError(failure.code, message, { cause: safeCause(thrown, token) });
    }
  };
