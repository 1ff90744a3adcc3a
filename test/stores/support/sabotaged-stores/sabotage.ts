import { setImmediate as otherWork } from "node:timers/promises";
import type { Clock } from "../../../../src/domain/clock.js";
import type { Execution, LineProgress, PurchaseLine } from "../../../../src/domain/execution.js";
import type {
  ChangeGuard,
  CreateExecution,
  ExecutionChange,
  ExecutionStore,
  LineChange,
} from "../../../../src/store-port/execution-store.js";
import { dueAt, isDue } from "../../../../src/stores/law/due.js";
import { memoryStore } from "../../../../src/stores/memory/memory-store.js";
import { reapingStore } from "./reaping-store.js";

/** A store with one fault, and the case of the contract that must notice. */
export interface Sabotage {
  /** Completes "a store that ...". */
  readonly fault: string;
  readonly noticedBy: string;
  build(clock: Clock): ExecutionStore;
}

/** More than any case stores. */
export const EVERYTHING = 1_000_000;

/** The store that sabotages start from; it has every verb of the port. */
export const correctStore = (clock: Clock): ExecutionStore => reapingStore(memoryStore({ clock }));

/** A correct store with some of its calls replaced. */
export const withFault =
  (fault: (correct: ExecutionStore, clock: Clock) => Partial<ExecutionStore>): Sabotage["build"] =>
  (clock) => {
    const correct = correctStore(clock);
    return { ...correct, ...fault(correct, clock) };
  };

/** A store that misreads changes; it may look at the execution first. */
export const withChange = (
  misread: (change: ExecutionChange, current: Execution | undefined, now: number) => ExecutionChange,
): Sabotage["build"] =>
  withFault((correct, clock) => ({
    commit: async (change) => correct.commit(misread(change, await correct.get(change.executionId), clock.now())),
  }));

/** A change without a part of its guard. */
export function withoutGuard(change: ExecutionChange, ...parts: readonly (keyof ChangeGuard)[]): ExecutionChange {
  const guard = Object.entries(change.guard).filter(([part]) => !parts.some((one) => one === part));
  return { ...change, guard: Object.fromEntries(guard) };
}

/** A change without what it says about some fields. */
export function without(change: ExecutionChange, ...fields: readonly (keyof ExecutionChange)[]): ExecutionChange {
  const kept = Object.entries(change).filter(([field]) => !fields.some((one) => one === field));
  return Object.fromEntries(kept) as unknown as ExecutionChange;
}

/** A change whose line changes are misread. */
export const withLines = (change: ExecutionChange, misread: (line: LineChange) => LineChange): ExecutionChange =>
  change.lines === undefined ? change : { ...change, lines: change.lines.map(misread) };

/** A store that misreads the progress of the lines that change. */
export const withProgress = (
  misread: (progress: LineProgress, before: PurchaseLine | undefined, change: ExecutionChange) => LineProgress,
): Sabotage["build"] =>
  withChange((change, current) =>
    withLines(change, (line) => {
      const before = current?.lines.find(({ index }) => index === line.index);
      return { ...line, progress: misread(line.progress, before, change) };
    }),
  );

/** A store that misreads what is to be created. */
export const withCreate = (misread: (input: CreateExecution) => CreateExecution): Sabotage["build"] =>
  withFault((correct) => ({ create: (input) => correct.create(misread(input)) }));

/** A store with some of its calls replaced that remembers every execution as it was created. */
export const withMemoryOf = (
  fault: (correct: ExecutionStore, created: ReadonlyMap<string, Execution>) => Partial<ExecutionStore>,
): Sabotage["build"] =>
  withFault((correct) => {
    const created = new Map<string, Execution>();
    const create: ExecutionStore["create"] = async (input) => {
      const result = await correct.create(input);
      if (result.kind === "created") created.set(result.execution.id, result.execution);
      return result;
    };
    return { create, ...fault({ ...correct, create }, created) };
  });

/** A store that shows executions otherwise than they are. */
export const withView = (view: (execution: Execution) => Execution): Sabotage["build"] =>
  withFault((correct) => {
    const shown = <Answer extends object>(answer: Answer): Answer =>
      "execution" in answer ? { ...answer, execution: view(answer.execution as Execution) } : answer;
    return {
      create: async (input) => shown(await correct.create(input)),
      commit: async (change) => shown(await correct.commit(change)),
      claimDue: async (batch) => (await correct.claimDue(batch)).map(shown),
      stuck: async (query) => (await correct.stuck(query)).map(shown),
      async get(executionId) {
        const execution = await correct.get(executionId);
        return execution && view(execution);
      },
      async history(query) {
        const page = await correct.history(query);
        return { ...page, executions: page.executions.map(view) };
      },
    };
  });

/** Every execution of a store, newest first. */
export async function allOf(store: ExecutionStore): Promise<readonly Execution[]> {
  const executions: Execution[] = [];
  let page = await store.history({ limit: 200 });
  executions.push(...page.executions);
  while (page.nextCursor !== undefined) {
    page = await store.history({ limit: 200, cursor: page.nextCursor });
    executions.push(...page.executions);
  }
  return executions;
}

/** What is due in a store, those that waited longest first. */
export async function dueIn(store: ExecutionStore, clock: Clock): Promise<readonly Execution[]> {
  const now = clock.now();
  const due = (await allOf(store)).filter((execution) => isDue(execution, now));
  return due.toReversed().toSorted((a, b) => Number(dueAt(a)) - Number(dueAt(b)));
}

/** Lets everything else go on that can. */
export async function pause(): Promise<void> {
  for (let wait = 0; wait < 3; wait += 1) await otherWork();
}
