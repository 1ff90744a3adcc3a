import { PLANNED } from "../../../../src/domain/execution.js";
import { changeOf } from "../../../../src/testing/store-contract/steps.js";
import { pause, type Sabotage, withCreate, withFault, withMemoryOf, without, withView } from "./sabotage.js";

const AS_GIVEN = "create stores the execution as it was handed in, and get reads the same";
const PLAN = "create keeps the plan, with its step where it has one";
const USED_KEY = "create answers a used request key with its execution, whatever became of it";
const BY_KEY = "withRequestKey finds the execution of a key, whatever became of it, and none of any other key";
const LINKS = "create of a retry links both executions and writes an event for each";
const MOVED_ON = "create refuses a retry whose predecessor has moved on, and stores nothing";

/** Executions that are not created as they should be. */
export const creationSabotages: readonly Sabotage[] = [
  {
    fault: "finds no execution by its request key once it has ended",
    noticedBy: BY_KEY,
    build: withFault((correct) => ({
      async withRequestKey(requestKey) {
        const found = await correct.withRequestKey(requestKey);
        return found?.status === "canceled" ? undefined : found;
      },
    })),
  },
  {
    fault: "finds the execution of a request key that is written otherwise",
    noticedBy: BY_KEY,
    build: withFault((correct) => ({ withRequestKey: (requestKey) => correct.withRequestKey(requestKey.trim()) })),
  },
  {
    fault: "forgets where an execution comes from",
    noticedBy: AS_GIVEN,
    build: withView((execution) => ({ ...execution, source: null })),
  },
  {
    fault: "forgets the plan",
    noticedBy: PLAN,
    build: withCreate((input) => ({ ...input, execution: { ...input.execution, plan: null } })),
  },
  {
    fault: "takes step 0 of a plan for no step",
    noticedBy: PLAN,
    build: withView((execution) => ({
      ...execution,
      plan: execution.plan && { id: execution.plan.id, step: execution.plan.step || null },
    })),
  },
  {
    fault: "reads milliseconds for seconds where an execution expires",
    noticedBy: "create counts the time to expire from the store's now",
    build: withCreate((input) => {
      const { expiresInMs } = input.execution;
      return { ...input, execution: { ...input.execution, expiresInMs: expiresInMs && expiresInMs * 1_000 } };
    }),
  },
  {
    fault: "stores new lines without what was prepared for them",
    noticedBy: "create keeps every part of a line's progress",
    build: withCreate((input) => {
      const lines = input.execution.lines.map((line) => ({ ...line, prepared: null }));
      return { ...input, execution: { ...input.execution, lines } };
    }),
  },
  ...(["sentUnder", "withdrawn", "saidAbsent", "unprovedRequests", "lastError"] as const).map(
    (part): Sabotage => ({
      fault: `stores new lines without ${part}`,
      noticedBy: "create keeps every part of a line's progress",
      build: withCreate((input) => {
        const lines = input.execution.lines.map((line) => ({ ...line, [part]: PLANNED[part] }));
        return { ...input, execution: { ...input.execution, lines } };
      }),
    }),
  ),
  {
    fault: "gives a retry the approval of what it retries",
    noticedBy: LINKS,
    build: withView((execution) =>
      execution.retryOf === null ? execution : { ...execution, approvedBy: "bob", approvedAt: execution.createdAt },
    ),
  },
  {
    fault: "throws for an execution that is not there",
    noticedBy: "get answers undefined for an execution that does not exist",
    build: withFault((correct) => ({
      async get(executionId) {
        const execution = await correct.get(executionId);
        if (execution === undefined) throw new Error("no such row");
        return execution;
      },
    })),
  },
  {
    fault: "answers a used request key with the execution as it was created",
    noticedBy: USED_KEY,
    build: withMemoryOf((correct, created) => ({
      async create(input) {
        const result = await correct.create(input);
        if (result.kind !== "existing") return result;
        return { kind: "existing", execution: created.get(result.execution.id) ?? result.execution };
      },
    })),
  },
  {
    fault: "fails on the id of an input that is delivered again",
    noticedBy: "create lets one of many racing deliveries of the very same input in",
    build: withFault((correct) => ({
      async create(input) {
        const result = await correct.create(input);
        if (result.kind === "existing" && result.execution.id === input.execution.id)
          throw new Error("duplicate key value violates unique constraint");
        return result;
      },
    })),
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
          await pause();
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
    fault: "does not link a retry with its predecessor",
    noticedBy: LINKS,
    build: withCreate(({ execution, event }) => ({ execution, event })),
  },
  {
    fault: "writes no event for the predecessor of a retry",
    noticedBy: LINKS,
    build: withFault((correct) => ({
      events: async (...query) => (await correct.events(...query)).filter(({ kind }) => kind !== "retried"),
    })),
  },
  {
    fault: "does not compare the predecessor's version",
    noticedBy: MOVED_ON,
    build: withFault((correct) => ({
      async create(input) {
        const { version = 0 } = (await correct.get(input.retryOf?.executionId ?? "")) ?? {};
        return await correct.create(input.retryOf ? { ...input, retryOf: { ...input.retryOf, version } } : input);
      },
    })),
  },
  {
    fault: "stores a retry though it refuses it",
    noticedBy: MOVED_ON,
    build: withFault((correct) => ({
      async create({ execution, event, retryOf }) {
        const result = await correct.create({ execution, event, ...(retryOf && { retryOf }) });
        if (result.kind === "refused" && result.because === "predecessor") await correct.create({ execution, event });
        return result;
      },
    })),
  },
  {
    fault: "uses up the request key of a create that it refuses",
    noticedBy: "a refused create leaves its request key and the commitment ids of its lines free",
    build: withFault((correct) => ({
      async create(input) {
        const result = await correct.create(input);
        if (result.kind === "refused") {
          const { id, lineageKey } = input.execution;
          const trace = { id: `${id} failed`, lineageKey: `${lineageKey} failed`, status: "failed" } as const;
          await correct.create({ execution: { ...input.execution, ...trace }, event: input.event });
        }
        return result;
      },
    })),
  },
  {
    fault: "lets an execution have two successors",
    noticedBy: "create refuses a second successor, and stores nothing",
    build: withFault((correct) => ({
      async create(input) {
        const predecessor = await correct.get(input.retryOf?.executionId ?? "");
        const { execution, event } = input;
        return await correct.create(predecessor?.successorId ? { execution, event } : input);
      },
    })),
  },
  {
    fault: "looks at the predecessor first and inserts its successor later",
    noticedBy: "create lets one of many racing retries in",
    build: withFault((correct) => ({
      async create(input) {
        const { retryOf, execution, event } = input;
        if (retryOf === undefined) return await correct.create(input);
        const predecessor = await correct.get(retryOf.executionId);
        if (predecessor?.version !== retryOf.version || predecessor.successorId !== null)
          return { kind: "refused", because: "predecessor" };
        await pause();
        return await correct.create({ execution: { ...execution, lineageKey: execution.id }, event });
      },
    })),
  },
  {
    fault: "takes a retry of nothing for a new execution",
    noticedBy: "create refuses a retry of an execution that does not exist",
    build: withFault((correct) => ({
      async create(input) {
        const { execution, event } = input;
        const isThere = (await correct.get(input.retryOf?.executionId ?? "")) !== undefined;
        return await correct.create(isThere ? input : { execution, event });
      },
    })),
  },
  {
    fault: "marks the predecessor before it looks at the request key",
    noticedBy: "create of a retry under a used request key leaves the predecessor alone",
    build: withFault((correct) => ({
      async create(input) {
        const result = await correct.create(input);
        if (result.kind === "existing" && input.retryOf)
          await correct.commit(changeOf({ id: input.retryOf.executionId }, { event: input.retryOf.predecessorEvent }));
        return result;
      },
    })),
  },
  {
    fault: "keeps lineages apart that are one",
    noticedBy: "create refuses a second open execution of a lineage, and stores nothing",
    build: withCreate((input) => ({
      ...input,
      execution: { ...input.execution, lineageKey: `${input.execution.lineageKey} ${input.execution.id}` },
    })),
  },
  {
    fault: "looks for an open execution of the lineage first and inserts later",
    noticedBy: "one of many creates that race for an open execution of a lineage wins",
    build: withFault((correct) => {
      const open = new Map<string, string>();
      return {
        async create(input) {
          const { id, lineageKey } = input.execution;
          if (open.has(lineageKey)) return { kind: "refused", because: "lineage" };
          await pause();
          open.set(lineageKey, id);
          return await correct.create({
            ...input,
            execution: { ...input.execution, lineageKey: `${lineageKey} ${id}` },
          });
        },
      };
    }),
  },
  {
    fault: "opens an ended execution though its lineage has another open one",
    noticedBy: "commit refuses to open an execution again whose lineage has another open one",
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        const isLineage = result.kind === "refused" && result.because === "lineage" && change.lines === undefined;
        return isLineage ? await correct.commit(without(change, "status")) : result;
      },
    })),
  },
  {
    fault: "looks at no line of a new execution that is under way",
    noticedBy: "create refuses lines that are under way or bought in another execution of the lineage",
    build: withFault((correct) => ({
      async create(input) {
        const result = await correct.create(input);
        const isUnderWay = input.execution.lines.some(({ state }) => state === "submitting");
        if (result.kind !== "refused" || result.because !== "lineage" || !isUnderWay) return result;
        return await correct.create({ ...input, execution: { ...input.execution, lineageKey: input.execution.id } });
      },
    })),
  },
];
