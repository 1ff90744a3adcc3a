import type { Execution } from "../../src/domain/execution.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { seededRandom } from "../stores/support/seeded-random.js";
import { executionsIn } from "./answers.js";
import { chooseRequest } from "./choose-request.js";
import type { Call } from "./history.js";
import { type Recorder, recordCall } from "./record-calls.js";

/** One client of a store. */
export interface ClientScript {
  readonly name: string;
  /** Repeats what it chooses, as far as it is given the same answers. */
  readonly seed: number;
  readonly calls: number;
}

/** Makes calls one after the other, each chosen from what the answers before have shown, and notes them all. */
export async function playClient(
  store: ExecutionStore,
  { name, seed, calls }: ClientScript,
  recorder: Recorder,
): Promise<void> {
  const random = seededRandom(seed);
  const known = new Map<string, Execution>();
  let refused: string | undefined;
  for (let count = 1; count <= calls; count += 1) {
    const callId = `${name}-${count}`;
    const choice = { random, known: inOrder(known), client: name, callId, ...(refused && { refused }) };
    const request = chooseRequest(choice);
    const answer = await recordCall(store, callId, request, recorder);
    refused = request.operation === "commit" && isRefusal(answer) ? request.asked[0].executionId : undefined;
    if (answer === undefined) continue;
    const call = { operation: request.operation, returned: { answer } } as Pick<Call, "operation" | "returned">;
    for (const execution of executionsIn(call)) known.set(execution.id, execution);
  }
}

const isRefusal = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "kind" in answer && answer.kind === "refused";

/** In the same order for every client, so that all of them want the same few. */
const inOrder = (known: ReadonlyMap<string, Execution>): readonly Execution[] =>
  [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
