import { setTimeout } from "node:timers/promises";
import type { GcpSettings } from "./gcp-provider-options.js";

/** An operation that is looked at until it has ended. */
export interface Polling<Operation> {
  readonly settings: Pick<GcpSettings, "pollForMs" | "pollEveryMs">;
  readonly signal: AbortSignal;
  isDone(operation: Operation): boolean;
  look(operation: Operation): Promise<Operation>;
}

/** Looks at an operation until it has ended or the time for that is over. */
export async function pollOperation<Operation>(begun: Operation, polling: Polling<Operation>): Promise<Operation> {
  const { pollForMs, pollEveryMs } = polling.settings;
  let operation = begun;
  for (let waited = 0; waited <= pollForMs && !polling.isDone(operation); waited += Math.max(pollEveryMs, 1)) {
    if (waited > 0) await setTimeout(pollEveryMs, undefined, { signal: polling.signal });
    operation = await polling.look(operation);
  }
  return operation;
}
