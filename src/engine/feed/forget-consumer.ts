import { refuse } from "../../domain/options.js";
import type { EngineContext } from "../engine-options.js";
import { consumerProblems } from "./consumer-name.js";

/** Forgets the cursor of a consumer. False if there is none. A round under way then stops after its page. */
export async function forgetConsumer({ store }: EngineContext, consumer: string): Promise<boolean> {
  refuse([...consumerProblems(consumer)]);
  // A move fails only if a round has moved the cursor meanwhile.
  for (;;) {
    const from = await store.feedCursor(consumer);
    if (from === null) return false;
    if (await store.moveFeedCursor({ consumer, from, to: null })) return true;
  }
}
