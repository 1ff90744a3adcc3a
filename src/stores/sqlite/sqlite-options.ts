import { type Clock, systemClock } from "../../domain/clock.js";
import { checkKeys, type KeysOf, lackingProblems, refuse } from "../../domain/options.js";

/** How a store uses its file. */
export interface SqliteStoreOptions {
  /** How long a call waits for other writers before it throws `STORE_BUSY`, in milliseconds. Default 5000. */
  readonly busyTimeoutMs?: number;
  /**
   * The clock that gives every time stamp and judges every lease. Default: the machine's clock, which all processes
   * share that can use the file.
   */
  readonly clock?: Clock;
}

const OPTIONS: KeysOf<SqliteStoreOptions> = { busyTimeoutMs: true, clock: true };

/** The options with their defaults. Others are refused with `INVALID_REQUEST`. */
export function storeOptions(options: SqliteStoreOptions): Required<SqliteStoreOptions> {
  checkKeys("options", options, OPTIONS);
  const { busyTimeoutMs = 5_000, clock = systemClock } = options;
  const isSpan = Number.isSafeInteger(busyTimeoutMs) && busyTimeoutMs > 0 && busyTimeoutMs < 2 ** 31;
  refuse([
    ...(isSpan ? [] : [{ path: "options.busyTimeoutMs", problem: "must be a positive whole number of milliseconds" }]),
    ...lackingProblems("options.clock", clock, ["now"]),
  ]);
  return { busyTimeoutMs, clock };
}
