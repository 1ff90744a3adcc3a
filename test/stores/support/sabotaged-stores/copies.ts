import type { NewAuditEvent } from "../../../../src/domain/audit-event.js";
import type { Execution } from "../../../../src/domain/execution.js";
import { type Sabotage, withFault } from "./sabotage.js";

/** Callers that reach what is stored. */
export const copySabotages: readonly Sabotage[] = [
  {
    fault: "hands out what it stores",
    noticedBy: "what was handed out may be changed without touching what is stored",
    build: withFault((correct) => {
      const stored = new Map<string, { readonly version: number; readonly execution: Execution }>();
      return {
        async get(executionId) {
          const execution = await correct.get(executionId);
          const before = stored.get(executionId);
          if (execution === undefined) return undefined;
          if (before?.version === execution.version) return before.execution;
          stored.set(executionId, { version: execution.version, execution });
          return execution;
        },
      };
    }),
  },
  {
    fault: "changes what it handed out",
    noticedBy: "an execution that was handed out does not change with what is stored",
    build: withFault((correct) => {
      const stored = new Map<string, Execution>();
      return {
        async get(executionId) {
          const execution = await correct.get(executionId);
          if (execution !== undefined && !stored.has(executionId)) stored.set(executionId, execution);
          return execution;
        },
        async commit(change) {
          const result = await correct.commit(change);
          const handedOut = stored.get(change.executionId);
          if (result.kind === "moved" && handedOut) Object.assign(handedOut, result.execution);
          return result;
        },
      };
    }),
  },
  {
    fault: "keeps what it was handed",
    noticedBy: "what was handed in may be changed afterwards without touching what is stored",
    build: withFault((correct) => {
      const given = new Map<string, NewAuditEvent>();
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
    fault: "keeps the event that a batch of claims was given",
    noticedBy: "what a sweep was given and handed out may be changed without touching what is stored",
    build: withFault((correct) => {
      const given = new Map<string, NewAuditEvent>();
      return {
        async claimDue(batch) {
          const claims = await correct.claimDue(batch);
          for (const { execution } of claims) given.set(`${execution.id} ${execution.version}`, batch.event);
          return claims;
        },
        async events(executionId, page) {
          const events = await correct.events(executionId, page);
          return events.map((event) => ({ ...event, ...given.get(`${executionId} ${event.version}`) }));
        },
      };
    }),
  },
];
