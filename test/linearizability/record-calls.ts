import { setImmediate as otherWork } from "node:timers/promises";
import { messageOf } from "../../src/domain/errors.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import type { Call, Moment, StoreRequest } from "./history.js";

/** Writes down what a client does. */
export interface Recorder {
  now(): Moment;
  /** Takes what is known of a call: its beginning, then under the same id how it ended. */
  note(part: Readonly<Record<string, unknown>>): void;
}

/** Makes one call and notes it, before and after. Its answer, or `undefined` where it threw. */
export async function recordCall(
  store: ExecutionStore,
  id: string,
  request: StoreRequest,
  { now, note }: Recorder,
): Promise<unknown> {
  const { operation, asked } = request;
  note({ id, operation, asked, invoked: now() });
  try {
    const answer: unknown = await Reflect.apply(store[operation] ?? missing, store, asked);
    note({ id, returned: { at: now(), answer } });
    return answer;
  } catch (thrown) {
    note({ id, threw: messageOf(thrown) });
    // What throws at once must not keep the clients of one process from taking turns.
    return await otherWork(undefined);
  }
}

const missing = (): never => {
  throw new TypeError("the store has no such call");
};

/** The calls in what was noted, in any number of JSON lines; an unfinished last line is one that a kill cut off. */
export function callsIn(lines: string): readonly Call[] {
  const calls = new Map<string, Call>();
  for (const line of lines.slice(0, lines.lastIndexOf("\n") + 1).split("\n")) {
    if (line === "") continue;
    const part = JSON.parse(line) as Call;
    calls.set(part.id, Object.assign(calls.get(part.id) ?? part, part));
  }
  return [...calls.values()];
}
