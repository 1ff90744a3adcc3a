import { setTimeout as sleep } from "node:timers/promises";
import type { Execution } from "../../../src/domain/execution.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { newInput, unique } from "../../../src/testing/store-contract/samples.js";
import { changeOf } from "../../../src/testing/store-contract/steps.js";
import type { Acknowledgement } from "./acknowledgements.js";

const CHANGES_EACH = 20;
const FLIP = { pending: "paused", paused: "pending" } as const;
type Flipped = keyof typeof FLIP;

/**
 * Writes for ever: each writer creates an execution, changes it a few times, and goes on with the next. What the store
 * has acknowledged is said at once; where it throws, a writer goes on from what is stored, as soon as that can be read.
 * What was read counts as acknowledged, so that at most one change of an execution is not.
 */
export async function writeExecutions(
  store: ExecutionStore,
  writers: number,
  say: (acknowledged: Acknowledgement) => void,
): Promise<never> {
  const writer = async () => {
    for (;;) await writeOne(store, say);
  };
  await Promise.all(Array.from({ length: writers }, writer));
  throw new Error("a writer has ended");
}

async function writeOne(store: ExecutionStore, say: (acknowledged: Acknowledgement) => void): Promise<void> {
  const id = unique("exec");
  for (let change = 0; change <= CHANGES_EACH; change += 1) {
    const stored = await untilAnswered(() => store.get(id));
    if (stored !== undefined) say({ id, version: stored.version });
    const written = await (stored === undefined ? create(store, id) : flip(store, stored)).catch(() => undefined);
    if (written !== undefined) say({ id, version: written.version });
  }
}

async function create(store: ExecutionStore, id: string): Promise<Execution | undefined> {
  const result = await store.create(newInput({ id, status: "pending" }));
  return result.kind === "created" ? result.execution : undefined;
}

async function flip(store: ExecutionStore, { id, version, status }: Execution): Promise<Execution | undefined> {
  const result = await store.commit(changeOf({ id }, { guard: { version }, status: FLIP[status as Flipped] }));
  return result.kind === "moved" ? result.execution : undefined;
}

async function untilAnswered<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (;;)
    try {
      return await ask();
    } catch {
      await sleep(5);
    }
}
