import { setImmediate as otherWork } from "node:timers/promises";
import type { Execution } from "../../../../src/domain/execution.js";
import type {
  CommitResult,
  ExecutionChange,
  ExecutionStore,
  NeedUse,
} from "../../../../src/store-port/execution-store.js";
import { allOf, type Sabotage, withCreate, withFault, withView } from "./sabotage.js";

/** A store that approves although the port refuses for a reason that it overlooks. */
export const overlooking = (
  isOverlooked: (
    refusal: Extract<CommitResult, { kind: "refused" }>,
    asked: { readonly correct: ExecutionStore; readonly change: ExecutionChange; readonly execution: Execution },
  ) => boolean | Promise<boolean>,
): Sabotage["build"] =>
  withFault((correct) => ({
    async commit(change) {
      const result = await correct.commit(change);
      const execution = await correct.get(change.executionId);
      if (result.kind === "moved" || execution === undefined) return result;
      if (!(await isOverlooked(result, { correct, change, execution }))) return result;
      return { kind: "moved", execution: { ...execution, status: change.status ?? execution.status } };
    },
  }));

/** A store that refuses approvals for a reason of its own. */
const refusingMore = (
  refuses: (asked: {
    readonly correct: ExecutionStore;
    readonly execution: Execution;
  }) => Promise<
    | Omit<Extract<CommitResult, { because: "need" }>, "kind">
    | Omit<Extract<CommitResult, { because: "plan" }>, "kind">
    | undefined
  >,
): Sabotage["build"] =>
  withFault((correct) => ({
    async commit(change) {
      const execution = await correct.get(change.executionId);
      if (execution?.status !== "pending" || change.status !== "approved") return await correct.commit(change);
      const refusal = await refuses({ correct, execution });
      return refusal === undefined ? await correct.commit(change) : { kind: "refused", ...refusal };
    },
  }));

const withoutNeeds: Sabotage["build"] = withCreate((input) => ({
  ...input,
  execution: { ...input.execution, lines: input.execution.lines.map((line) => ({ ...line, need: null })) },
}));

const REFUSED = (status: string) => `an approval is refused while another lineage is ${status} for the same need`;

/** Approvals that overlook what covers a need or has a step, and freezes that do not hold. */
export const approvalSabotages: readonly Sabotage[] = [
  { fault: "loses the needs of lines", noticedBy: "a line keeps its need", build: withoutNeeds },
  {
    fault: "shows lines without the reason for which they may overlap",
    noticedBy: "a line keeps its need",
    build: withView((execution) => ({
      ...execution,
      lines: execution.lines.map((line) => ({ ...line, need: line.need && { ...line.need, allowOverlap: null } })),
    })),
  },
  ...(["approved", "scheduled"] as const).map(
    (status): Sabotage => ({
      fault: `approves what another lineage has ${status} already`,
      noticedBy: REFUSED(status),
      build: overlooking(
        (refusal) => refusal.because === "need" && refusal.covered.every((covering) => covering.status === status),
      ),
    }),
  ),
  {
    fault: "guards approvals at once only",
    noticedBy: "an approval to a later time is refused as one to now, and a change of more than the status is none",
    build: overlooking((refusal, { change }) => refusal.because === "need" && change.status === "scheduled"),
  },
  ...(["submitting", "in_doubt"] as const).map(
    (state): Sabotage => ({
      fault: `forgets that a line is ${state} once its execution has ended`,
      noticedBy: `a line that is ${state} covers its need, whatever the status of its execution`,
      build: overlooking(async (refusal, { correct }) => {
        if (refusal.because !== "need") return false;
        const others = await Promise.all(refusal.covered.map(({ executionId }) => correct.get(executionId)));
        return others.every((other) => other?.status === "failed" && other.lines.some((line) => line.state === state));
      }),
    }),
  ),
  {
    fault: "forgets a purchase as soon as its execution is completed",
    noticedBy: "a purchase covers its need for the window of the line that asks, and says until when",
    build: overlooking(
      (refusal) => refusal.because === "need" && refusal.covered.every((covering) => covering.until !== null),
    ),
  },
  {
    fault: "does not say until when a purchase covers a need",
    noticedBy: "a purchase covers its need for the window of the line that asks, and says until when",
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        if (result.kind !== "refused" || result.because !== "need") return result;
        return { ...result, covered: result.covered.map((covering) => ({ ...covering, until: null })) };
      },
    })),
  },
  {
    fault: "lets purchases cover a need for ever",
    noticedBy: "a purchase covers its need for the window of the line that asks, and says until when",
    build: withCreate((input) => ({
      ...input,
      execution: {
        ...input.execution,
        lines: input.execution.lines.map((line) => ({ ...line, need: line.need && { ...line.need, windowMs: 1e12 } })),
      },
    })),
  },
  {
    fault: "lets lines that allow overlap cover nothing",
    noticedBy: "a line that allows overlap is approved all the same, and covers its need for others",
    build: withCreate((input) => ({
      ...input,
      execution: {
        ...input.execution,
        lines: input.execution.lines.map((line) => (line.need?.allowOverlap ? { ...line, need: null } : line)),
      },
    })),
  },
  {
    fault: "tells of no use of a need",
    noticedBy: "needs tells who uses a need: planned in open executions, unsettled, or bought lately",
    build: withFault(() => ({ needs: async () => [] })),
  },
  {
    fault: "tells needs without a limit",
    noticedBy: "needs tells who uses a need: planned in open executions, unsettled, or bought lately",
    build: withFault((correct) => ({ needs: (query) => correct.needs({ ...query, limit: 1_000 }) })),
  },
  {
    fault: "tells of purchases only",
    noticedBy: "needs tells who uses a need: planned in open executions, unsettled, or bought lately",
    build: withFault((correct) => ({
      needs: async (query) => (await correct.needs(query)).filter(({ until }: NeedUse) => until !== null),
    })),
  },
  {
    fault: "looks whether a need is covered first and approves later",
    noticedBy: "of many racing approvals of overlapping baskets one wins",
    build: withFault((correct) => ({
      async commit(change) {
        const { status, lines = [] } = (await correct.get(change.executionId)) ?? {};
        if (status !== "pending" || change.status !== "approved") return await correct.commit(change);
        const needKeys = lines.flatMap(({ need }) => (need === null ? [] : [need.key]));
        const uses = await correct.needs({ needKeys, boughtWithinMs: 1, limit: 100 });
        for (let wait = 0; wait < 5; wait += 1) await otherWork();
        const isCovered = uses.some((use) => use.status !== "pending");
        const result = await correct.commit(change);
        if (result.kind === "moved" || result.because !== "need" || isCovered) return result;
        const execution = await correct.get(change.executionId);
        return execution ? { kind: "moved", execution } : result;
      },
    })),
  },
  {
    fault: "counts baskets that only wait for approval as covering",
    noticedBy: "baskets that only wait for approval cover nothing, and neither do other needs",
    build: refusingMore(async ({ correct, execution }) => {
      const needKeys = execution.lines.flatMap(({ need }) => (need === null ? [] : [need.key]));
      const uses = await correct.needs({ needKeys, boughtWithinMs: 1, limit: 100 });
      return uses.some(({ executionId }) => executionId !== execution.id)
        ? { because: "need", covered: [] }
        : undefined;
    }),
  },
  {
    fault: "keeps a step with an execution that ended without a purchase",
    noticedBy: "a step whose execution ended without a purchase is free again",
    build: refusingMore(async ({ correct, execution }) => {
      const others = (await allOf(correct)).filter(
        ({ id, plan }) => id !== execution.id && plan?.id === execution.plan?.id,
      );
      const same = others.find(({ plan, status }) => plan?.step === execution.plan?.step && status === "failed");
      return same && { because: "plan", taken: { why: "taken", executionId: same.id, step: 1 } };
    }),
  },
  {
    fault: "counts steps that only wait for approval as taken",
    noticedBy: "baskets of other plans, of no step, and those that only wait for approval take no step",
    build: refusingMore(async ({ correct, execution }) => {
      const others = (await allOf(correct)).filter(
        ({ id, plan }) => id !== execution.id && plan?.id === execution.plan?.id,
      );
      const waiting = others.find(({ plan, status }) => plan !== null && status === "pending");
      return waiting && { because: "plan", taken: { why: "taken", executionId: waiting.id, step: 1 } };
    }),
  },
  {
    fault: "approves a step that another lineage has",
    noticedBy:
      "a step of a plan is approved once while its execution is open, and for ever once it has bought anything",
    build: overlooking((refusal) => refusal.because === "plan" && refusal.taken.why === "taken"),
  },
  ...(["back", "skipped"] as const).map(
    (why): Sabotage => ({
      fault: `approves a step that ${why === "back" ? "goes back" : "leaves steps out"}`,
      noticedBy: "steps come one after the other, do not go back, and are skipped only with a reason",
      build: overlooking((refusal) => refusal.because === "plan" && refusal.taken.why === why),
    }),
  ),
  {
    fault: "tells what covers a need although the step of the plan is taken",
    noticedBy: "an approval that several guards refuse is refused for the first of them",
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        if (result.kind !== "refused" || result.because !== "plan") return result;
        const { lines = [] } = (await correct.get(change.executionId)) ?? {};
        return lines.some(({ need }) => need !== null) ? { kind: "refused", because: "need", covered: [] } : result;
      },
    })),
  },
  {
    fault: "loses why steps of a plan are skipped",
    noticedBy: "an execution keeps its plan, its step and why steps are skipped",
    build: withCreate((input) => {
      const { plan } = input.execution;
      return { ...input, execution: { ...input.execution, plan: plan && { id: plan.id, step: plan.step } } };
    }),
  },
  {
    fault: "lets write-ahead calls through in a frozen scope",
    noticedBy: "a write-ahead in a frozen scope is refused until the freeze is lifted",
    build: overlooking((refusal) => refusal.because === "frozen"),
  },
  {
    fault: "freezes everything, whatever the scope",
    noticedBy: "a freeze covers what all parts of its scope match, and nothing else",
    build: withFault((correct) => ({ freeze: (freeze) => correct.freeze({ ...freeze, scope: {} }) })),
  },
  {
    fault: "freezes an account in one cloud only",
    noticedBy: "a write-ahead in a frozen scope is refused until the freeze is lifted",
    build: withFault((correct) => ({
      freeze: (freeze) => correct.freeze({ ...freeze, scope: { cloud: "aws", ...freeze.scope } }),
    })),
  },
  {
    fault: "refuses every change of a frozen scope",
    noticedBy: "a freeze stops the write-ahead of its lines only, and nothing but write-ahead calls",
    build: withFault((correct) => ({
      async commit(change) {
        const [freeze] = await correct.freezes();
        const isOwn = (await correct.get(change.executionId))?.lines.some(
          ({ request }) => request.account === freeze?.scope.account,
        );
        if (freeze === undefined || !isOwn || change.lines?.some(({ stampSubmission }) => stampSubmission))
          return await correct.commit(change);
        return { kind: "refused", because: "frozen", freeze };
      },
    })),
  },
  {
    fault: "lifts a freeze twice",
    noticedBy: "freezes lists those that hold, oldest first, and a freeze is lifted once",
    build: withFault((correct) => ({
      async unfreeze(lifting) {
        await correct.unfreeze(lifting);
        return true;
      },
    })),
  },
  {
    fault: "lists lifted freezes of any time",
    noticedBy: "liftedFreezes tells who lifted what, from a time on",
    build: withFault((correct) => ({ liftedFreezes: () => correct.liftedFreezes({ since: 0 }) })),
  },
  {
    fault: "pages needed lines by lines",
    noticedBy: "neededLines tells the lines that take needs, of an account or a service, by needs in their order",
    build: withFault((correct) => ({
      neededLines: async (query) => (await correct.neededLines(query)).slice(0, query.limit),
    })),
  },
  {
    fault: "tells needed lines of all accounts",
    noticedBy: "neededLines tells the lines that take needs, of an account or a service, by needs in their order",
    build: withFault((correct) => ({ neededLines: ({ account: _, ...query }) => correct.neededLines(query) })),
  },
  {
    fault: "tells the lines of all needs, whichever are wanted",
    noticedBy: "neededLines tells those of the needs that are wanted, each once",
    build: withFault((correct) => ({ neededLines: ({ needKeys: _, ...query }) => correct.neededLines(query) })),
  },
  {
    fault: "takes no wanted need for all needs",
    noticedBy: "neededLines tells those of the needs that are wanted, each once",
    build: withFault((correct) => ({
      neededLines: ({ needKeys, ...query }) =>
        correct.neededLines(needKeys?.length === 0 ? query : { ...query, ...(needKeys && { needKeys }) }),
    })),
  },
  {
    fault: "tells a need twice that is wanted twice, in the order of the wish",
    noticedBy: "neededLines tells those of the needs that are wanted, each once",
    build: withFault((correct) => ({
      async neededLines({ needKeys, ...query }) {
        if (needKeys === undefined) return correct.neededLines(query);
        return (await Promise.all(needKeys.map((key) => correct.neededLines({ ...query, needKeys: [key] })))).flat();
      },
    })),
  },
  {
    fault: "lists the latest freeze first",
    noticedBy: "freezes lists those that hold, oldest first, and a freeze is lifted once",
    build: withFault((correct) => ({ freezes: async () => (await correct.freezes()).toReversed() })),
  },
  {
    fault: "lists doubts of any age",
    noticedBy: "doubts lists the lines in doubt of one account that were sent lately, the last sent first",
    build: withFault((correct) => ({ doubts: (query) => correct.doubts({ ...query, sentWithinMs: 1e12 }) })),
  },
  {
    fault: "lists the oldest doubt first",
    noticedBy: "doubts lists the lines in doubt of one account that were sent lately, the last sent first",
    build: withFault((correct) => ({ doubts: async (query) => (await correct.doubts(query)).toReversed() })),
  },
  {
    fault: "lists no doubt",
    noticedBy: "doubts lists the lines in doubt of one account that were sent lately, the last sent first",
    build: withFault(() => ({ doubts: async () => [] })),
  },
];
