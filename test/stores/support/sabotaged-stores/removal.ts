import type { AuditEvent } from "../../../../src/domain/audit-event.js";
import type { Execution } from "../../../../src/domain/execution.js";
import type { ExecutionStore, Removal } from "../../../../src/store-port/execution-store.js";
import { allOf, pause, type Sabotage, withFault } from "./sabotage.js";

const FORGETS = "remove forgets an execution with its lines, events, claims, and place in history and sweeps";
const FREES = "remove sets id, request key, lineage, lane and commitment ids free";
const WHOLE = "remove refuses a lineage that is not named whole, and then removes nothing at all";
const AS_READ = "remove refuses executions that have changed or are absent, and then removes nothing at all";
const ITS_TIME = "remove waits for its time by the store's clock";

/** The executions that a removal names, as they are. */
const namedBy = async (store: ExecutionStore, { executions }: Removal): Promise<readonly Execution[]> =>
  (await Promise.all(executions.map(({ executionId }) => store.get(executionId)))).flatMap(
    (execution) => execution ?? [],
  );

const asTheyAre = async (store: ExecutionStore, removal: Removal): Promise<Removal> => ({
  ...removal,
  executions: (await namedBy(store, removal)).map(({ id, version }) => ({ executionId: id, version })),
});

/** A store that reads something of what it removes, to leave it behind. */
const leaving = <Left>(
  read: (store: ExecutionStore, executionId: string) => Promise<readonly Left[]>,
  behind: (correct: ExecutionStore, left: readonly Left[]) => Partial<ExecutionStore>,
): Sabotage["build"] =>
  withFault((correct) => {
    const left: Left[] = [];
    return {
      ...behind(correct, left),
      async remove(removal) {
        const found = await Promise.all(removal.executions.map(({ executionId }) => read(correct, executionId)));
        const gone = await correct.remove(removal);
        if (gone) left.push(...found.flat());
        return gone;
      },
    };
  });

const executionsIn = async (store: ExecutionStore, executionId: string): Promise<readonly Execution[]> => {
  const execution = await store.get(executionId);
  return execution === undefined ? [] : [execution];
};

const commitmentsOf = ({ lines }: Execution): readonly string[] =>
  lines.flatMap(({ commitment }) => [...(commitment?.commitmentIds ?? []), ...(commitment?.formerIds ?? [])]);

/** Removals that forget too much or too little. */
export const removalSabotages: readonly Sabotage[] = [
  {
    fault: "leaves the events of what it removes",
    noticedBy: FORGETS,
    build: leaving<AuditEvent>(
      (store, executionId) => store.events(executionId),
      (correct, left) => ({
        async events(executionId, page) {
          const events = await correct.events(executionId, page);
          return events.length > 0 ? events : left.filter((event) => event.executionId === executionId);
        },
      }),
    ),
  },
  {
    fault: "leaves the claims of what it removes",
    noticedBy: FORGETS,
    build: leaving(executionsIn, (correct, left) => ({
      async claims(query) {
        const claims = left.flatMap((execution) =>
          commitmentsOf(execution).map((commitmentId) => ({
            executionId: execution.id,
            lineIndex: 0,
            commitmentId,
            byPerson: false,
          })),
        );
        const asked = claims.filter(({ commitmentId }) => query.commitmentIds.includes(commitmentId));
        return [...(await correct.claims(query)), ...asked];
      },
    })),
  },
  {
    fault: "leaves what it removes in history",
    noticedBy: FORGETS,
    build: leaving(executionsIn, (correct, left) => ({
      async history(query) {
        const page = await correct.history(query);
        return {
          ...page,
          executions: [...page.executions, ...left.filter(({ createdBy }) => createdBy === query.createdBy)],
        };
      },
    })),
  },
  {
    fault: "leaves what it removes in its sweeps",
    noticedBy: FORGETS,
    build: leaving(executionsIn, (correct, left) => ({
      moveDue: async (sweep) => [
        ...(await correct.moveDue(sweep)),
        ...left.flatMap(({ id, status, version, updatedAt: at }) =>
          sweep.moves
            .filter(({ from }) => from === status)
            .map(({ from, to }) => ({ executionId: id, from, to, version, at })),
        ),
      ],
    })),
  },
  {
    fault: "hands out what it removes to workers",
    noticedBy: FORGETS,
    build: leaving(executionsIn, (correct, left) => ({
      claimDue: async (batch) => [
        ...(await correct.claimDue(batch)),
        ...left
          .filter(({ status }) => batch.from.includes(status))
          .map((execution) => ({ execution, from: execution.status })),
      ],
    })),
  },
  {
    fault: "keeps the request keys of what it removes in use",
    noticedBy: FREES,
    build: leaving(executionsIn, (correct, left) => ({
      async create(input) {
        const execution = left.find(({ requestKey }) => requestKey === input.execution.requestKey);
        return execution ? { kind: "existing", execution } : await correct.create(input);
      },
    })),
  },
  {
    fault: "keeps the commitment ids of what it removes in use",
    noticedBy: FREES,
    build: leaving(executionsIn, (correct, left) => ({
      async commit(change) {
        const ids = (change.lines ?? []).flatMap(({ progress }) => progress.commitment?.commitmentIds ?? []);
        const inUse = left.flatMap(commitmentsOf);
        return ids.some((id) => inUse.includes(id))
          ? { kind: "refused", because: "commitment" }
          : await correct.commit(change);
      },
    })),
  },
  {
    fault: "forgets the claims of all others in the account with those of what it removes",
    noticedBy: "remove leaves all others alone",
    build: leaving(executionsIn, (correct, left) => ({
      async claims(query) {
        const accounts = left.flatMap(({ lines }) => lines.map(({ request }) => request.account));
        return accounts.includes(query.account) ? [] : await correct.claims(query);
      },
    })),
  },
  {
    fault: "removes one execution at a time only",
    noticedBy: "remove takes whole lineages, several at once",
    build: withFault((correct) => ({
      remove: async (removal) => removal.executions.length === 1 && (await correct.remove(removal)),
    })),
  },
  {
    fault: "removes the rest of a lineage that is named in part",
    noticedBy: WHOLE,
    build: withFault((correct) => ({
      async remove(removal) {
        const lineages = (await namedBy(correct, removal)).map(({ lineageKey }) => lineageKey);
        const whole = (await allOf(correct)).filter(({ lineageKey }) => lineages.includes(lineageKey));
        const others = whole.filter(({ id }) => !removal.executions.some(({ executionId }) => executionId === id));
        const added = others.map(({ id, version }) => ({ executionId: id, version }));
        return await correct.remove({ ...removal, executions: [...removal.executions, ...added] });
      },
    })),
  },
  {
    fault: "removes half of a lineage",
    noticedBy: WHOLE,
    build: withFault((correct) => {
      const gone = new Set<string>();
      return {
        async remove(removal) {
          const found = await namedBy(correct, removal);
          if (await correct.remove(removal)) return true;
          const same = removal.executions.every(
            ({ version }, at) => found[at]?.version === version && !gone.has(found[at].id),
          );
          if (same) for (const { executionId } of removal.executions) gone.add(executionId);
          return same;
        },
        get: async (executionId) => (gone.has(executionId) ? undefined : await correct.get(executionId)),
        events: async (executionId, page) => (gone.has(executionId) ? [] : await correct.events(executionId, page)),
      };
    }),
  },
  {
    fault: "removes whatever version there is",
    noticedBy: AS_READ,
    build: withFault((correct) => ({
      async remove(removal) {
        const current = await asTheyAre(correct, removal);
        return current.executions.length === removal.executions.length && (await correct.remove(current));
      },
    })),
  },
  {
    fault: "removes those that it finds and passes over the others",
    noticedBy: AS_READ,
    build: withFault((correct) => ({
      async remove(removal) {
        const found = await namedBy(correct, removal);
        const present = removal.executions.filter(({ executionId, version }) =>
          found.some((execution) => execution.id === executionId && execution.version === version),
        );
        return present.length > 0 && (await correct.remove({ ...removal, executions: present }));
      },
    })),
  },
  {
    fault: "removes one execution after the other",
    noticedBy: AS_READ,
    build: withFault((correct) => ({
      async remove(removal) {
        if (await correct.remove(removal)) return true;
        const each = removal.executions.map((one) => correct.remove({ ...removal, executions: [one] }));
        return (await Promise.all(each)).every((gone) => gone);
      },
    })),
  },
  {
    fault: "removes before the time",
    noticedBy: ITS_TIME,
    build: withFault((correct) => ({ remove: (removal) => correct.remove({ ...removal, notBefore: 0 }) })),
  },
  {
    fault: "judges by the caller's clock whether the time to remove has come",
    noticedBy: ITS_TIME,
    build: withFault((correct, clock) => {
      const opened = clock.now();
      return { remove: async (removal) => opened >= removal.notBefore && (await correct.remove(removal)) };
    }),
  },
  {
    fault: "compares the version in one step and removes in the next",
    noticedBy: "of a removal and a change that race one wins",
    build: withFault((correct) => ({
      async remove(removal) {
        const found = await namedBy(correct, removal);
        if (removal.executions.some(({ version }, at) => found[at]?.version !== version))
          return await correct.remove(removal);
        await pause();
        const current = await asTheyAre(correct, removal);
        return current.executions.length === removal.executions.length && (await correct.remove(current));
      },
    })),
  },
  {
    fault: "removes an execution while it gets a successor",
    noticedBy: "of a removal and a retry that race one wins",
    build: withFault((correct) => ({
      async create(input) {
        const predecessor = await correct.get(input.retryOf?.executionId ?? "");
        const { execution, event } = input;
        await pause();
        const isGone = predecessor !== undefined && (await correct.get(predecessor.id)) === undefined;
        return await correct.create(isGone ? { execution, event } : input);
      },
    })),
  },
  {
    fault: "says that it removed what somebody else removed",
    noticedBy: "one of many racing removals of the same executions wins",
    build: withFault((correct) => ({
      remove: async (removal) =>
        (await correct.remove(removal)) || (await namedBy(correct, removal)).length < removal.executions.length,
    })),
  },
  {
    fault: "removes what is named twice and says that it did not",
    noticedBy: "an execution that a removal names twice is removed or kept, and the answer says which",
    build: withFault((correct) => ({
      async remove(removal) {
        const once = new Map(removal.executions.map((one) => [one.executionId, one]));
        const gone = await correct.remove({ ...removal, executions: [...once.values()] });
        return gone && once.size === removal.executions.length;
      },
    })),
  },
];
