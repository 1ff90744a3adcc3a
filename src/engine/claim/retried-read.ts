import { isBuyonceError } from "../../domain/errors.js";

const MAX_TRIES = 4;

/** Reads from the store, and tries a few times if reading fails. A read changes nothing, so it is safe to repeat. */
export async function retriedRead<Result>(read: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await read();
    } catch (thrown) {
      if (isBuyonceError(thrown) || tries === MAX_TRIES) throw thrown;
    }
  }
}
