import { isDeepStrictEqual } from "node:util";
import type { Execution } from "../../src/domain/execution.js";
import type { ExecutionStatus } from "../../src/domain/execution-status.js";
import { isUnsettled } from "../../src/domain/line-state.js";
import { guardHolds } from "../../src/stores/law/apply-change.js";
import { isStuck } from "../../src/stores/law/due.js";
import { claimsOf } from "../../src/stores/law/uniqueness.js";
import type { Call } from "./history.js";
import type { Sighting } from "./real-time-order.js";
import { difference, executionAt, type Timeline, type Version } from "./replay.js";
import type { Violation } from "./violation.js";
import { mayBe, windowOf } from "./windows.js";

/** What the history tells of all executions. */
export interface Timelines {
  readonly byId: ReadonlyMap<string, Timeline>;
  /** The versions that each call made, by the call's id. */
  readonly made: ReadonlyMap<string, readonly (Version & { readonly executionId: string })[]>;
}

/** What an answer is checked against, and what it leaves to check against the order of all calls. */
export interface AnswerCheck {
  readonly violations: readonly Violation[];
  readonly sightings: readonly Sighting[];
}

/** Checks one call's answer against what the call made, and finds out which versions it has shown. */
export function checkAnswer(call: Call, timelines: Timelines): AnswerCheck {
  const untrue = (because: string): Violation => ({
    rule: "true answers",
    because: `${call.id}: ${because}`,
    calls: [call],
  });
  const made = timelines.made.get(call.id) ?? [];
  const wrong = madeProblem(call, made);
  const shown = executionsIn(call).map((execution) => ({ execution, timeline: timelines.byId.get(execution.id) }));
  const violations = [
    ...(wrong === undefined ? [] : [untrue(wrong)]),
    ...shown.flatMap(({ execution, timeline }) => {
      const problem = timeline ? difference(execution, timeline) : `${execution.id} does not exist`;
      return problem === undefined ? [] : [untrue(problem)];
    }),
  ];
  const own = new Set(made.map(({ executionId }) => executionId));
  const seen = shown
    .filter(({ execution }) => !own.has(execution.id))
    .map(({ execution: { id, version } }) => sighting(call, id, [version], `was at version ${version}`));
  return { violations, sightings: [...seen, ...indirectSightings(call, timelines)] };
}

const sighting = (call: Call, executionId: string, versions: readonly number[], says: string): Sighting => ({
  call,
  executionId,
  versions,
  says,
});

/** The executions that an answer holds whole. */
export function executionsIn({ operation, returned }: Pick<Call, "operation" | "returned">): readonly Execution[] {
  const call = { operation, returned } as Call;
  switch (call.operation) {
    case "create":
    case "commit":
      return call.returned && call.returned.answer.kind !== "refused" ? [call.returned.answer.execution] : [];
    case "get":
      return call.returned?.answer ? [call.returned.answer] : [];
    case "stuck":
    case "claimDue":
      return call.returned?.answer.map(({ execution }) => execution) ?? [];
    case "history":
      return call.returned?.answer.executions ?? [];
    default:
      return [];
  }
}

/** How what a call made differs from what it answered; `undefined` where it does not, or there is no answer. */
function madeProblem(
  call: Call,
  made: readonly { readonly executionId: string; readonly event: { readonly version: number } }[],
): string | undefined {
  const limit = limitOf(call);
  if (made.length > limit) return `made ${made.length} changes, of at most ${limit}`;
  const claimed = claimedVersions(call);
  if (claimed === undefined) return undefined;
  const versions = made.map(({ executionId, event }) => `${executionId} version ${event.version}`).sort();
  if (typeof claimed === "number")
    return claimed === versions.length ? undefined : `answered ${claimed}, made ${versions.length}`;
  const told = [...claimed].sort();
  if (isDeepStrictEqual(told, versions)) return undefined;
  return `answered that it made ${told.join(", ") || "nothing"}, and made ${versions.join(", ") || "nothing"}`;
}

/** How many changes a call may make. */
function limitOf(call: Call): number {
  const [asked] = call.asked;
  return typeof asked === "object" && "limit" in asked ? (asked.limit ?? 0) : Number.POSITIVE_INFINITY;
}

/** What a call says that it made: each version, or only how many; `undefined` where it gave no answer. */
function claimedVersions(call: Call): readonly string[] | number | undefined {
  if (call.returned === undefined) return undefined;
  switch (call.operation) {
    case "reap":
      return call.returned.answer.reaped;
    case "moveDue":
      return call.returned.answer.length;
    case "create": {
      const { answer } = call.returned;
      const { retryOf } = call.asked[0];
      if (answer.kind !== "created") return [];
      const marked = retryOf && `${retryOf.executionId} version ${retryOf.version + 1}`;
      return [`${answer.execution.id} version ${answer.execution.version}`, ...(marked ? [marked] : [])];
    }
    case "commit":
      if (call.returned.answer.kind === "refused") return [];
      return executionsIn(call).map(({ id, version }) => `${id} version ${version}`);
    case "claimDue":
      return executionsIn(call).map(({ id, version }) => `${id} version ${version}`);
    default:
      return [];
  }
}

/** What an answer says of executions that it does not hold. */
function indirectSightings(call: Call, timelines: Timelines): readonly Sighting[] {
  if (call.returned === undefined) return [];
  const window = windowOf(call);
  const fitting = (executionId: string, says: string, fits: (version: Version | undefined) => boolean) => {
    const { versions } = timelines.byId.get(executionId) ?? { versions: [undefined] };
    const fit = versions.flatMap((version, number) => (fits(version) ? [number] : []));
    return sighting(call, executionId, fit, says);
  };
  switch (call.operation) {
    case "get":
      return call.returned.answer ? [] : [sighting(call, call.asked[0], [0], "was absent")];
    case "events":
      return [eventsSighting(call.asked[0], call.asked[1]?.afterVersion ?? 0, call.returned.answer)];
    case "stuck": {
      const { olderThanMs } = call.asked[0];
      return call.returned.answer.map(({ execution }) =>
        fitting(execution.id, "was stuck", (version) => {
          const record = version?.record;
          return record !== undefined && mayBe(record.execution, window, (now) => isStuck(record, olderThanMs, now));
        }),
      );
    }
    case "claims":
      return call.returned.answer.map(({ executionId, lineIndex, commitmentId, byPerson }) =>
        fitting(executionId, `had ${commitmentId} ${byPerson ? "by a person's word" : "by the cloud's"}`, (version) =>
          (version ? claimsOf(version.record.execution) : []).some((claim) =>
            isDeepStrictEqual(
              [claim.lineIndex, claim.commitmentId, claim.byPerson],
              [lineIndex, commitmentId, byPerson],
            ),
          ),
        ),
      );
    case "laneHolder": {
      const { answer } = call.returned;
      const [lane] = call.asked;
      if (answer === undefined) return [];
      return [
        fitting(answer.executionId, `held ${lane}`, (version) => {
          const line = version?.record.execution.lines.find(({ index }) => index === answer.lineIndex);
          return line !== undefined && isUnsettled(line.state) && line.prepared?.lane === lane;
        }),
      ];
    }
    case "moveDue":
      return call.returned.answer.map(({ executionId, from, to }) => takenFrom(executionId, from, to));
    case "claimDue":
      return call.returned.answer.map(({ execution, from }) => takenFrom(execution.id, from, "running"));
    case "commit": {
      const { answer } = call.returned;
      const { executionId, guard } = call.asked[0];
      if (answer.kind !== "refused" || answer.because !== "guard") return [];
      return [
        fitting(executionId, "was not as the guard wants it", (version) => {
          const execution = version?.record.execution;
          return !execution || mayBe(execution, window, (now) => !guardHolds(execution, guard, now), guard);
        }),
      ];
    }
    case "create": {
      const { answer } = call.returned;
      const { retryOf } = call.asked[0];
      if (answer.kind !== "refused" || answer.because !== "predecessor" || retryOf === undefined) return [];
      return [
        fitting(retryOf.executionId, "had changed or been retried", (version) => {
          const execution = version?.record.execution;
          return execution?.version !== retryOf.version || execution.successorId !== null;
        }),
      ];
    }
    default:
      return [];
  }

  function takenFrom(executionId: string, from: ExecutionStatus, to: ExecutionStatus): Sighting {
    const move = timelines.made.get(call.id)?.find((one) => one.executionId === executionId);
    const timeline = timelines.byId.get(executionId);
    const before = move && timeline && executionAt(timeline, move.event.version - 1);
    const right = before?.status === from && move?.event.status === to;
    return fitting(executionId, `went from ${from} to ${to}`, () => right);
  }

  function eventsSighting(executionId: string, after: number, shown: readonly unknown[]): Sighting {
    const timeline = timelines.byId.get(executionId);
    const page = timeline?.versions.slice(after + 1, after + 1 + shown.length).map((version) => version?.event);
    const says = `had ${shown.length} events after version ${after}`;
    if (!isDeepStrictEqual(page ?? [], shown)) return sighting(call, executionId, [], `${says} that it never had`);
    if (shown.length > 0) return sighting(call, executionId, [after + shown.length], says);
    return fitting(executionId, says, (version) => (version?.event.version ?? 0) <= after);
  }
}
