import { setImmediate as otherWork } from "node:timers/promises";
import type { Clock } from "../../../src/domain/clock.js";
import type { Execution } from "../../../src/domain/execution.js";
import type {
  ChangeGuard,
  CreateExecution,
  ExecutionChange,
  ExecutionStore,
} from "../../../src/store-port/execution-store.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";

/** A store with one fault, and the case of the contract that must notice. */
export interface Sabotage {
  readonly fault: string;
  readonly noticedBy: string;
  build(clock: Clock): ExecutionStore;
}

/** A correct store with some of its calls replaced. */
const withFault =
  (fault: (correct: ExecutionStore) => Partial<ExecutionStore>) =>
  (clock: Clock): ExecutionStore => {
    const correct = memoryStore({ clock });
    return { ...correct, ...fault(correct) };
  };

/** A store that loses a part of every guard. */
const withoutGuard = (part: keyof ChangeGuard) =>
  withFault((correct) => ({
    commit: (change) => correct.commit({ ...change, guard: { ...change.guard, [part]: undefined } }),
  }));

/** A store that changes what callers hand in before it looks at it. */
const withChange = (spoil: (change: ExecutionChange) => ExecutionChange) =>
  withFault((correct) => ({ commit: (change) => correct.commit(spoil(change)) }));

const withCreate = (spoil: (input: CreateExecution) => CreateExecution) =>
  withFault((correct) => ({ create: (input) => correct.create(spoil(input)) }));

const withLines = (change: ExecutionChange, spoil: (line: NonNullable<ExecutionChange["lines"]>[number]) => object) =>
  ({ ...change, lines: change.lines?.map((line) => ({ ...line, ...spoil(line) })) }) as ExecutionChange;

/** Every way of being wrong that a real store might fall into. */
export const SABOTAGES: readonly Sabotage[] = [
  {
    fault: "does not compare the status",
    noticedBy: "one of many racing moves out of a status wins",
    build: withoutGuard("status"),
  },
  {
    fault: "does not compare the version",
    noticedBy: "one of many racing changes of a version wins",
    build: withFault((correct) => ({
      async commit(change) {
        const version = change.lines && (await correct.get(change.executionId))?.version;
        return await correct.commit({ ...change, guard: { ...change.guard, version } as never });
      },
    })),
  },
  {
    fault: "does not compare the fence",
    noticedBy:
      "a lease that has run out leaves the execution to the next worker, and the first can change nothing more",
    build: withoutGuard("fence"),
  },
  {
    fault: "lets a worker go on whose lease has run out",
    noticedBy: "a lease that has run out by the store's clock stops its holder",
    build: withFault((correct) => ({
      async commit(change) {
        const current = await correct.get(change.executionId);
        const fits = current?.status === "running" && current.fence === change.guard.fence && current.lease !== null;
        return await correct.commit(
          fits ? ({ ...change, guard: { ...change.guard, fence: undefined } } as never) : change,
        );
      },
    })),
  },
  {
    fault: "lets a second worker in while a lease is live",
    noticedBy: "one of many racing claims wins the lease",
    build: withoutGuard("leaseFree"),
  },
  {
    fault: "moves expired executions",
    noticedBy: "commit guards that an execution has not expired, by the store's clock",
    build: withoutGuard("unexpired"),
  },
  {
    fault: "compares in one step and writes in the next",
    noticedBy: "one of many racing moves out of a status wins",
    build: withFault((correct) => ({
      async commit(change) {
        const { status } = change.guard;
        const current = await correct.get(change.executionId);
        if (status && current && !status.includes(current.status)) return { kind: "refused", because: "guard" };
        await otherWork();
        return await correct.commit({ ...change, guard: { ...change.guard, status: undefined } as never });
      },
    })),
  },
  {
    fault: "forgets the event of a change without a new status",
    noticedBy: "every change raises the version by one and writes one event of that number",
    build: withFault((correct) => ({
      async events(executionId, page) {
        const events = await correct.events(executionId, page);
        return events.filter((event, at) => at === 0 || event.status !== events[at - 1]?.status);
      },
    })),
  },
  {
    fault: "writes the event after the change",
    noticedBy: "a reader never sees a version without its event, nor an event without its version",
    build: withFault((correct) => {
      const late = new Set<string>();
      return {
        async commit(change) {
          late.add(change.executionId);
          const result = await correct.commit(change);
          for (let wait = 0; wait < 3; wait += 1) await otherWork();
          late.delete(change.executionId);
          return result;
        },
        async events(executionId, page) {
          const events = await correct.events(executionId, page);
          return late.has(executionId) ? events.slice(0, -1) : events;
        },
      };
    }),
  },
  {
    fault: "leaves gaps between versions",
    noticedBy: "every change raises the version by one and writes one event of that number",
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        if (result.kind === "moved") await correct.commit({ ...change, guard: {}, lines: undefined } as never);
        return result;
      },
    })),
  },
  {
    fault: "keeps a lane unique only within one execution",
    noticedBy: "a line that is submitting keeps its lane to itself, also from other executions",
    build: withChange((change) =>
      withLines(change, ({ progress }) => ({
        progress: {
          ...progress,
          prepared: progress.prepared && {
            ...progress.prepared,
            lane: `${progress.prepared.lane} ${change.executionId}`,
          },
        },
      })),
    ),
  },
  {
    fault: "lets a line be submitted in two executions of one lineage",
    noticedBy: "a line that is in_doubt keeps the same line of its lineage from being submitted elsewhere",
    build: withCreate((input) => ({
      ...input,
      execution: { ...input.execution, lineageKey: `${input.execution.lineageKey} ${input.execution.id}` },
    })),
  },
  {
    fault: "gives one commitment id to two lines",
    noticedBy: "a commitment id belongs to one line",
    build: withChange((change) =>
      withLines(change, ({ index, progress }) => ({
        progress: {
          ...progress,
          commitment: progress.commitment && {
            ...progress.commitment,
            commitmentIds: progress.commitment.commitmentIds.map((id) => `${id} ${change.executionId} ${index}`),
          },
        },
      })),
    ),
  },
  {
    fault: "looks for a request key first and inserts later",
    noticedBy: "create lets one of many racing callers of a request key in, and shows all others that one",
    build: withFault((correct) => {
      const keys = new Map<string, string>();
      return {
        async create(input) {
          const { id, requestKey } = input.execution;
          const existing = await correct.get(keys.get(requestKey) ?? "");
          if (existing) return { kind: "existing", execution: existing };
          await otherWork();
          keys.set(requestKey, id);
          return await correct.create({
            ...input,
            execution: { ...input.execution, requestKey: `${requestKey} ${id}` },
          });
        },
      };
    }),
  },
  {
    fault: "does not compare the predecessor's version",
    noticedBy: "create refuses a retry whose predecessor has moved on, and stores nothing",
    build: withFault((correct) => ({
      async create(input) {
        const predecessor = input.retryOf && (await correct.get(input.retryOf.executionId));
        const { version } = predecessor ?? { version: 0 };
        return await correct.create(input.retryOf ? { ...input, retryOf: { ...input.retryOf, version } } : input);
      },
    })),
  },
  {
    fault: "hands out what it stores",
    noticedBy: "what was handed out may be changed without touching what is stored",
    build: withFault((correct) => {
      const handedOut = new Map<string, { readonly version: number; readonly execution: Execution }>();
      return {
        async get(executionId) {
          const execution = await correct.get(executionId);
          const before = handedOut.get(executionId);
          if (execution === undefined || before?.version === execution.version) return before?.execution;
          handedOut.set(executionId, { version: execution.version, execution });
          return execution;
        },
      };
    }),
  },
  {
    fault: "keeps what it was handed",
    noticedBy: "what was handed in may be changed afterwards without touching what is stored",
    build: withFault((correct) => {
      const given = new Map<string, ExecutionChange["event"]>();
      return {
        async commit(change) {
          const result = await correct.commit(change);
          if (result.kind === "moved") given.set(`${change.executionId} ${result.execution.version}`, change.event);
          return result;
        },
        async events(executionId, page) {
          const events = await correct.events(executionId, page);
          return events.map((event) => ({ ...event, ...given.get(`${executionId} ${event.version}`) }));
        },
      };
    }),
  },
  {
    fault: "judges leases by a clock that is not its own",
    noticedBy: "a lease that has run out by the store's clock stops its holder",
    build: (clock) => {
      const startedAt = clock.now();
      return memoryStore({ clock: { ...clock, now: () => startedAt } });
    },
  },
  {
    fault: "believes the caller when a purchase was submitted",
    noticedBy: "stamping a submission sets its time by the store's clock, whatever the caller says",
    build: withChange((change) => withLines(change, () => ({ stampSubmission: undefined }))),
  },
  {
    fault: "changes the lines one by one",
    noticedBy: "a change of several lines that breaks a uniqueness changes none of them",
    build: withFault((correct) => ({
      async commit(change) {
        const [first, ...rest] = change.lines ?? [];
        if (first === undefined || rest.length === 0) return await correct.commit(change);
        await correct.commit({ ...change, lines: [first] });
        const version = (await correct.get(change.executionId))?.version ?? 0;
        return await correct.commit({ ...change, guard: { version }, lines: rest });
      },
    })),
  },
  {
    fault: "raises no fence when a lease is taken again",
    noticedBy:
      "a lease that has run out leaves the execution to the next worker, and the first can change nothing more",
    build: withFault((correct) => ({
      async commit(change) {
        const current = await correct.get(change.executionId);
        const again = change.lease?.kind === "take" && current?.fence === 1;
        return await correct.commit(again ? { ...change, lease: { ...change.lease, kind: "renew" } as never } : change);
      },
    })),
  },
  {
    fault: "finds running executions due whose lease is live",
    noticedBy: "due finds running executions whose lease is over, unless they sleep",
    build: withFault((correct) => ({
      async due({ limit }) {
        const { executions } = await correct.history({ status: ["running"], limit: 200 });
        const running = executions.map(({ id, status }) => ({ executionId: id, status }));
        return [...running, ...(await correct.due({ limit }))];
      },
    })),
  },
  {
    fault: "pages by counting rows",
    noticedBy: "history pages through everything exactly once, also where times are equal and rows are added meanwhile",
    build: withFault((correct) => ({
      async history({ cursor, limit = 50, ...query }) {
        const { executions } = await correct.history({ ...query, limit: 200 });
        const from = Number(cursor ?? 0);
        const page = executions.slice(from, from + limit);
        const more = executions.length > from + limit;
        return { executions: page, ...(more ? { nextCursor: String(from + limit) } : {}) };
      },
    })),
  },
];
