import * as handlers from "../../../examples/hosts/lambda.js";
import { serveCalls } from "./serve-calls.js";

/** An event for a handler, and the time that Lambda gives it. */
export interface Invocation<Event> {
  readonly event: Event;
  readonly remainingMs: number;
}

// The process of a Lambda function, which is used for one call after the other. The test plays SQS and EventBridge.
const contextOf = ({ remainingMs }: Invocation<unknown>) => {
  const endsAt = Date.now() + remainingMs;
  return { getRemainingTimeInMillis: () => endsAt - Date.now() };
};

serveCalls({
  run: async (invocation: Invocation<Parameters<typeof handlers.run>[0]>) =>
    handlers.run(invocation.event, contextOf(invocation)),
  tick: async (invocation: Invocation<Parameters<typeof handlers.tick>[0]>) =>
    handlers.tick(invocation.event, contextOf(invocation)),
});
