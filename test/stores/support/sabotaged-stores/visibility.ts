import type { Execution } from "../../../../src/domain/execution.js";
import { pause, type Sabotage, withFault } from "./sabotage.js";

/** Mutations that others see a part of. */
export const visibilitySabotages: readonly Sabotage[] = [
  {
    fault: "writes the event after the change",
    noticedBy: "a reader never sees a version without its event, nor an event without its version",
    build: withFault((correct) => {
      const late = new Set<string>();
      return {
        async commit(change) {
          late.add(change.executionId);
          const result = await correct.commit(change);
          await pause();
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
    fault: "writes the lines after the execution",
    noticedBy: "a reader never sees the lines of one version with the rest of another",
    build: withFault((correct) => {
      const before = new Map<string, Execution["lines"]>();
      return {
        async commit(change) {
          const { lines } = (await correct.get(change.executionId)) ?? { lines: [] };
          before.set(change.executionId, lines);
          const result = await correct.commit(change);
          await pause();
          before.delete(change.executionId);
          return result;
        },
        async get(executionId) {
          const execution = await correct.get(executionId);
          return execution && { ...execution, lines: before.get(executionId) ?? execution.lines };
        },
      };
    }),
  },
  {
    fault: "reads executions and their lines one after the other",
    noticedBy: "a reader never sees the lines of one version with the rest of another",
    build: withFault((correct) => ({
      async history(query) {
        const page = await correct.history(query);
        await new Promise((resolve) => setTimeout(resolve, 1));
        const executions = page.executions.map(async (execution) => {
          const { lines } = (await correct.get(execution.id)) ?? execution;
          return { ...execution, lines };
        });
        return { ...page, executions: await Promise.all(executions) };
      },
      async commit(change) {
        await pause();
        return await correct.commit(change);
      },
    })),
  },
  {
    fault: "inserts the lines of an execution after it",
    noticedBy: "a reader never sees an execution without its lines and its event, nor an event without its execution",
    build: withFault((correct) => {
      const empty = new Set<string>();
      return {
        async create(input) {
          empty.add(input.execution.id);
          const result = await correct.create(input);
          await pause();
          empty.delete(input.execution.id);
          return result;
        },
        async get(executionId) {
          const execution = await correct.get(executionId);
          return execution && empty.has(executionId) ? { ...execution, lines: [] } : execution;
        },
      };
    }),
  },
  {
    fault: "logs an execution before it stores it",
    noticedBy: "a reader never sees an execution without its lines and its event, nor an event without its execution",
    build: withFault((correct) => {
      const absent = new Set<string>();
      return {
        async create(input) {
          absent.add(input.execution.id);
          const result = await correct.create(input);
          await pause();
          absent.delete(input.execution.id);
          return result;
        },
        get: async (executionId) => (absent.has(executionId) ? undefined : await correct.get(executionId)),
      };
    }),
  },
  {
    fault: "records claims after the commitment",
    noticedBy: "a reader never sees a commitment without its claim, nor a claim without its commitment",
    build: withFault((correct) => {
      let late: readonly string[] = [];
      return {
        async commit(change) {
          late = (change.lines ?? []).flatMap(({ progress }) => progress.commitment?.commitmentIds ?? []);
          const result = await correct.commit(change);
          await pause();
          late = [];
          return result;
        },
        claims: async (query) =>
          (await correct.claims(query)).filter(({ commitmentId }) => !late.includes(commitmentId)),
      };
    }),
  },
  {
    fault: "frees an id in one step and gives it to another line in the next",
    noticedBy: "a reader never sees an id that goes from one line to another without a line",
    build: withFault((correct) => {
      let between = false;
      return {
        async commit(change) {
          between = (change.lines ?? []).length > 1;
          await pause();
          const result = await correct.commit(change);
          between = false;
          return result;
        },
        claims: async (query) => (between ? [] : await correct.claims(query)),
      };
    }),
  },
  {
    fault: "deletes events before executions",
    noticedBy: "a reader never sees a part of a removal",
    build: withFault((correct) => {
      const begun = new Set<string>();
      return {
        async remove(removal) {
          for (const { executionId } of removal.executions) begun.add(executionId);
          await pause();
          const gone = await correct.remove(removal);
          for (const { executionId } of removal.executions) begun.delete(executionId);
          return gone;
        },
        events: async (executionId, page) => (begun.has(executionId) ? [] : await correct.events(executionId, page)),
      };
    }),
  },
];
