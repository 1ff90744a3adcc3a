import { ApplicationFailure, CancelledFailure } from "@temporalio/activity";
import { MockActivityEnvironment } from "@temporalio/testing";
import * as activities from "../../../examples/hosts/temporal.js";
import { serveCalls } from "./serve-calls.js";

/** An attempt of the activity `buy`, and whether it is canceled at its second heartbeat. */
export interface Attempt {
  readonly executionId: string;
  readonly cancel?: boolean;
}

/** What an attempt of an activity ends with, as far as Temporal decides by it what comes next. */
export interface AttemptEnd {
  readonly result?: string;
  readonly canceled?: true;
  readonly failure?: { readonly type: string; readonly retried: boolean; readonly nextRetryDelay: unknown };
  readonly heartbeats: number;
}

// The process of a Temporal worker, without its connection to a server. The test plays the server.
serveCalls({
  async buy({ executionId, cancel = false }: Attempt): Promise<AttemptEnd> {
    const environment = new MockActivityEnvironment();
    let heartbeats = 0;
    environment.on("heartbeat", () => {
      heartbeats += 1;
      if (cancel && heartbeats === 2) environment.cancel();
    });
    const buying = environment.run<[string], string, typeof activities.buy>(activities.buy, executionId);
    const end = await buying.then((result) => ({ result }), failureOf);
    return { ...end, heartbeats };
  },
  tick: async () => new MockActivityEnvironment().run(activities.tick),
});

function failureOf(error: unknown): Omit<AttemptEnd, "heartbeats"> {
  if (error instanceof CancelledFailure) return { canceled: true };
  if (!(error instanceof ApplicationFailure)) throw error;
  const { type, nonRetryable, nextRetryDelay } = error;
  return { failure: { type: String(type), retried: nonRetryable !== true, nextRetryDelay } };
}
