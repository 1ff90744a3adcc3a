import { setImmediate as otherWork } from "node:timers/promises";
import type { Clock } from "../../src/domain/clock.js";
import type { Execution } from "../../src/domain/execution.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { withFault } from "../stores/support/sabotaged-stores/sabotage.js";
import type { Rule } from "./violation.js";

/** A store with one flaw that shows only in what several clients see, and the rule that it breaks. */
export interface Flaw {
  readonly flaw: string;
  readonly breaks: Rule;
  build(clock: Clock): ExecutionStore;
}

/** A correct store with some of its calls replaced; `nowAndThen` is true every so many times. */
const flawed = (
  spoil: (correct: ExecutionStore, nowAndThen: () => boolean) => Partial<ExecutionStore>,
): Flaw["build"] =>
  withFault((correct) => {
    let count = 0;
    return spoil(correct, () => {
      count += 1;
      return count % 17 === 0;
    });
  });

/** Each a way in which a real store has been wrong, or could be. */
export const FLAWS: readonly Flaw[] = [
  {
    flaw: "reads from a replica that lags",
    breaks: "real-time order",
    build: flawed((correct, nowAndThen) => {
      const before = new Map<string, Execution>();
      return {
        async get(id) {
          const now = await correct.get(id);
          const old = before.get(id);
          if (now && !nowAndThen()) before.set(id, now);
          return old ?? now;
        },
      };
    }),
  },
  {
    flaw: "gives back another version than it made",
    breaks: "true answers",
    build: flawed((correct, nowAndThen) => ({
      async commit(change) {
        const result = await correct.commit(change);
        if (result.kind === "refused" || !nowAndThen()) return result;
        return { kind: "moved", execution: { ...result.execution, version: result.execution.version - 1 } };
      },
    })),
  },
  {
    flaw: "gives back the lines of a later version",
    breaks: "true answers",
    build: flawed((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        for (let wait = 0; wait < 3; wait += 1) await otherWork();
        const later = await correct.get(change.executionId);
        if (result.kind === "refused" || later === undefined) return result;
        return { kind: "moved", execution: { ...result.execution, lines: later.lines } };
      },
    })),
  },
  {
    flaw: "answers before it stores, and forgets a change now and then",
    breaks: "true answers",
    build: flawed((correct, nowAndThen) => ({
      async commit(change) {
        const seen = await correct.get(change.executionId);
        const lost = nowAndThen() && seen && change.lines === undefined && change.guard.version === seen.version;
        return lost ? { kind: "moved", execution: { ...seen, version: seen.version + 1 } } : correct.commit(change);
      },
    })),
  },
  {
    flaw: "says that it refused what it stored",
    breaks: "true answers",
    build: flawed((correct, nowAndThen) => ({
      async commit(change) {
        const result = await correct.commit(change);
        return nowAndThen() ? { kind: "refused", because: "guard" } : result;
      },
    })),
  },
  {
    flaw: "loses the event of a change",
    breaks: "versions without gaps",
    build: flawed((correct) => ({
      async events(id, page) {
        return (await correct.events(id, page)).filter(({ version }) => version !== 3);
      },
    })),
  },
  {
    flaw: "writes somebody else's event",
    breaks: "one event per change",
    build: flawed((correct) => ({
      commit: (change) => correct.commit({ ...change, event: { ...change.event, kind: "transitioned" } }),
    })),
  },
  {
    flaw: "refuses a change that nothing stands against",
    breaks: "justified refusals",
    build: flawed((correct, nowAndThen) => ({
      async commit(change) {
        const isOld = ((await correct.get(change.executionId))?.version ?? 0) > 3;
        return isOld && nowAndThen() ? { kind: "refused", because: "guard" } : await correct.commit(change);
      },
    })),
  },
  {
    flaw: "takes a free lane for one that is held",
    breaks: "justified refusals",
    build: flawed((correct) => ({
      async commit(change) {
        const takes = change.lines?.some(({ progress }) => progress.prepared?.lane !== undefined);
        return takes ? { kind: "refused", because: "lane" } : correct.commit(change);
      },
    })),
  },
  {
    flaw: "calls a retried execution untouched, and an untouched one retried",
    breaks: "justified refusals",
    build: flawed((correct) => ({
      create: async (input) => (input.retryOf ? { kind: "refused", because: "predecessor" } : correct.create(input)),
    })),
  },
  {
    flaw: "finds claims a while after they are made",
    breaks: "true answers",
    build: flawed((correct) => {
      let before: readonly string[] = [];
      return {
        async claims(query) {
          const claims = await correct.claims(query);
          const old = claims.filter(({ commitmentId }) => before.includes(commitmentId));
          before = claims.map(({ commitmentId }) => commitmentId);
          return old;
        },
      };
    }),
  },
  {
    flaw: "takes a claim by a person's word for the cloud's",
    breaks: "justified refusals",
    build: flawed((correct) => ({
      claims: async (query) => (await correct.claims(query)).map((claim) => ({ ...claim, byPerson: false })),
    })),
  },
  {
    flaw: "finds no holder of a lane while its line is in doubt",
    breaks: "true answers",
    build: flawed((correct) => ({
      async laneHolder(lane) {
        const holder = await correct.laneHolder(lane);
        const { lines = [] } = (holder && (await correct.get(holder.executionId))) ?? {};
        return lines.some(({ index, state }) => index === holder?.lineIndex && state === "in_doubt")
          ? undefined
          : holder;
      },
    })),
  },
  {
    flaw: "names the wrong line as the holder of a lane",
    breaks: "justified refusals",
    build: flawed((correct) => ({
      async laneHolder(lane) {
        const holder = await correct.laneHolder(lane);
        return holder && { ...holder, lineIndex: holder.lineIndex + 1 };
      },
    })),
  },
  {
    flaw: "passes over the times of a guard",
    breaks: "single winner",
    build: flawed((correct) => ({
      commit: ({ guard: { after: _, before: __, ...guard }, ...change }) => correct.commit({ ...change, guard }),
    })),
  },
  {
    flaw: "is two stores that know nothing of each other",
    breaks: "uniqueness",
    build: halves,
  },
];

/** What is unique is unique only within each half. */
function halves(clock: Clock): ExecutionStore {
  const [even, odd] = [memoryStore({ clock }), memoryStore({ clock })];
  const of = (id: string) => (Number(id.at(-1)) % 2 === 0 ? even : odd);
  return {
    ...even,
    create: (input) => of(input.execution.id).create(input),
    get: (id) => of(id).get(id),
    commit: (change) => of(change.executionId).commit(change),
    events: (id, page) => of(id).events(id, page),
    async history(query) {
      const pages = await Promise.all([even.history(query), odd.history(query)]);
      return { executions: pages.flatMap(({ executions }) => executions) };
    },
  };
}
