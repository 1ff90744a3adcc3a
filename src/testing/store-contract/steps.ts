import type { AuditEvent } from "../../domain/audit-event.js";
import type { Execution, LineProgress } from "../../domain/execution.js";
import type {
  CommitResult,
  CreateExecution,
  ExecutionChange,
  ExecutionStore,
  NewExecution,
} from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { newInput, sampleEvent } from "./samples.js";

/** Creates an execution that must not be refused. */
export async function created(store: ExecutionStore, overrides: Partial<NewExecution> = {}): Promise<Execution> {
  return await createdFrom(store, newInput(overrides));
}

/** Creates an execution from a whole input; it must not be refused. */
export async function createdFrom(store: ExecutionStore, input: CreateExecution): Promise<Execution> {
  const result = await store.create(input);
  assert.equal(result.kind, "created", `create was refused: ${JSON.stringify(result)}`);
  return result.kind === "created" ? result.execution : assert.fail();
}

/** Reads an execution that must exist. */
export async function read(store: ExecutionStore, executionId: string): Promise<Execution> {
  return (await store.get(executionId)) ?? assert.fail(`${executionId} is gone`);
}

/** A change of an execution that has an event and only the other parts that are stated. */
export const changeOf = (
  execution: Pick<Execution, "id">,
  parts: Partial<Omit<ExecutionChange, "executionId">> = {},
): ExecutionChange => ({ executionId: execution.id, guard: {}, event: sampleEvent(), ...parts });

/** Makes a change that must not be refused. */
export async function moved(store: ExecutionStore, change: ExecutionChange): Promise<Execution> {
  const result = await store.commit(change);
  assert.equal(result.kind, "moved", `commit was refused: ${JSON.stringify(result)}`);
  return result.kind === "moved" ? result.execution : assert.fail();
}

/** A change of one line, guarded by the version it was read at. */
export const lineChange = (execution: Execution, progress: LineProgress, index = 0): ExecutionChange =>
  changeOf(execution, { guard: { version: execution.version }, lines: [{ index, progress }] });

/** Everything stored about an execution. */
export interface Stored {
  readonly execution: Execution | undefined;
  readonly events: readonly AuditEvent[];
}

/** Reads everything stored about an execution. */
export const storedAbout = async (store: ExecutionStore, executionId: string): Promise<Stored> => ({
  execution: await store.get(executionId),
  events: await store.events(executionId),
});

/** Asserts that a change is refused for this reason and that nothing about its execution has changed. */
export async function assertRefused(
  store: ExecutionStore,
  change: ExecutionChange,
  because: Extract<CommitResult, { kind: "refused" }>["because"],
): Promise<void> {
  const before = await storedAbout(store, change.executionId);
  assert.deepEqual(await store.commit(change), { kind: "refused", because });
  assert.deepEqual(await storedAbout(store, change.executionId), before, "a refused change left a trace");
}

/** The number of results of a kind. */
export const countOf = (results: readonly { readonly kind: string }[], kind: string): number =>
  results.filter((result) => result.kind === kind).length;

/** Starts the same call many times at once. The calls get the numbers 0, 1, 2, ... */
export const atOnce = <Result>(count: number, call: (racer: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, racer) => call(racer)));

/** Starts two calls at once. In every other round, the second one starts first. */
export async function inEitherOrder<First, Second>(
  round: number,
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<readonly [First, Second]> {
  if (round % 2 === 0) return await Promise.all([first(), second()]);
  const begun = second();
  return await Promise.all([first(), begun]);
}
