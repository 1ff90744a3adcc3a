import type { LineProgress } from "../../../../src/domain/execution.js";
import type { CommitResult, ExecutionChange, LineChange } from "../../../../src/store-port/execution-store.js";
import { allOf, pause, type Sabotage, withFault, withLines, withProgress } from "./sabotage.js";

/** Progress in another lane, or in none. */
function inLane(progress: LineProgress, rename: (lane: string | undefined) => string | undefined): LineProgress {
  if (progress.prepared === null) return progress;
  const { lane: before, ...prepared } = progress.prepared;
  const lane = rename(before);
  return { ...progress, prepared: lane === undefined ? prepared : { ...prepared, lane } };
}

/** A lane or commitment id that only looks the same. */
const tagged = <Name extends string | undefined>(name: Name, tag: string | number | undefined) =>
  name && `${name} ${tag}`;

/** Progress of a commitment with other ids. */
const withIds = (progress: LineProgress, rename: (id: string) => string): LineProgress =>
  progress.commitment === null
    ? progress
    : {
        ...progress,
        commitment: { ...progress.commitment, commitmentIds: progress.commitment.commitmentIds.map(rename) },
      };

/** A store that refuses what it should not: whose lines hold what the latest change of another execution holds. */
const holdingOn = (
  because: "lane" | "lineage" | "commitment",
  keysOf: (change: ExecutionChange, lineageKey: string) => readonly string[],
): Sabotage["build"] =>
  withFault((correct) => {
    const held = new Map<string, readonly string[]>();
    return {
      async commit(change): Promise<CommitResult> {
        const { executionId } = change;
        const keys = keysOf(change, (await correct.get(executionId))?.lineageKey ?? "");
        const others = [...held].flatMap(([holder, theirs]) => (holder === executionId ? [] : theirs));
        if (keys.some((key) => others.includes(key))) return { kind: "refused", because };
        const result = await correct.commit(change);
        if (result.kind === "moved") held.set(executionId, keys);
        return result;
      },
    };
  });

const lanesOf = ({ lines = [] }: ExecutionChange): readonly string[] =>
  lines.flatMap(({ progress }) => progress.prepared?.lane ?? []);

const idsIn = ({ progress }: LineChange): readonly string[] => progress.commitment?.commitmentIds ?? [];

const boughtElsewhere = (state: string) =>
  `a line that is ${state} keeps the same line of its lineage from being submitted elsewhere`;

/** Uniqueness that is kept too loosely or too strictly. */
export const uniquenessSabotages: readonly Sabotage[] = [
  {
    fault: "keeps a lane unique only within one execution",
    noticedBy: "a line that is submitting keeps its lane to itself, also from other executions",
    build: withProgress((progress, _, { executionId }) => inLane(progress, (lane) => tagged(lane, executionId))),
  },
  {
    fault: "sets a lane free while its line is in doubt",
    noticedBy: "a line that is in_doubt keeps its lane to itself, also from other executions",
    build: withProgress((progress) => (progress.state === "in_doubt" ? inLane(progress, () => undefined) : progress)),
  },
  {
    fault: "does not compare the lanes of one execution",
    noticedBy: "two lines of one execution do not share a lane",
    build: withProgress((progress, before) =>
      before?.index === 1 ? inLane(progress, (lane) => tagged(lane, "again")) : progress,
    ),
  },
  ...(["planned", "committed", "rejected"] as const).map(
    (state): Sabotage => ({
      fault: `leaves the lane with a line that is ${state}`,
      noticedBy: `a line that becomes ${state} frees its lane`,
      build: holdingOn("lane", ({ lines = [] }) =>
        lines.flatMap(({ progress }) =>
          [state, "submitting"].includes(progress.state) ? (progress.prepared?.lane ?? []) : [],
        ),
      ),
    }),
  ),
  {
    fault: "takes no lane for a lane",
    noticedBy: "lines without a lane, and lines of different lanes, do not hinder each other",
    build: withProgress((progress) =>
      progress.state === "submitting" ? inLane(progress, (lane) => lane ?? "") : progress,
    ),
  },
  {
    fault: "looks whether a lane is free first and takes it later",
    noticedBy: "one of many executions that race for a lane wins it",
    build: withFault((correct) => ({
      async commit(change) {
        const wanted = lanesOf(change);
        const lines = (await allOf(correct)).flatMap((execution) =>
          execution.id === change.executionId ? [] : execution.lines,
        );
        const taken = lines.filter(({ state }) => state === "submitting" || state === "in_doubt");
        if (taken.some(({ prepared }) => wanted.some((lane) => prepared?.lane?.startsWith(`${lane} `))))
          return { kind: "refused", because: "lane" };
        await pause();
        return await correct.commit(
          withLines(change, (line) => ({
            ...line,
            progress: inLane(line.progress, (lane) => tagged(lane, change.executionId)),
          })),
        );
      },
    })),
  },
  {
    fault: "leaves a lineage's line with an execution that certainly did not buy it",
    noticedBy: "a line that is certainly not bought leaves its lineage free",
    build: holdingOn("lineage", ({ lines = [] }, lineageKey) => lines.map(({ index }) => `${lineageKey} ${index}`)),
  },
  ...(["submitting", "in_doubt", "committed"] as const).map(
    (state): Sabotage => ({
      fault: `lets a line be submitted whose lineage has it ${state} in another execution`,
      noticedBy: boughtElsewhere(state),
      build: withFault((correct) => ({
        async commit(change) {
          const result = await correct.commit(change);
          if (result.kind === "moved" || result.because !== "lineage") return result;
          const execution = await correct.get(change.executionId);
          const rivals = (await allOf(correct)).filter(({ lineageKey }) => lineageKey === execution?.lineageKey);
          const isOverlooked = rivals.some((rival) => rival.lines.some((line) => line.state === state));
          return isOverlooked && execution ? { kind: "moved", execution } : result;
        },
      })),
    }),
  ),
  {
    fault: "gives one commitment id to two lines",
    noticedBy: "a commitment id belongs to one line",
    build: withProgress((progress, before, { executionId }) =>
      withIds(progress, (id) => tagged(id, `${executionId} ${before?.index}`)),
    ),
  },
  {
    fault: "looks whether a commitment id is recorded first and records it later",
    noticedBy: "one of many lines that race for a commitment id wins it",
    build: withFault((correct) => ({
      async commit(change) {
        const ids = (change.lines ?? []).flatMap(idsIn);
        const executions = (await allOf(correct)).filter(({ id }) => id !== change.executionId);
        const recorded = executions.flatMap(({ lines }) =>
          lines.flatMap(({ commitment }) => commitment?.commitmentIds ?? []),
        );
        if (ids.some((id) => recorded.some((one) => one.startsWith(`${id} `))))
          return { kind: "refused", because: "commitment" };
        await pause();
        return await correct.commit(
          withLines(change, (line) => ({
            ...line,
            progress: withIds(line.progress, (id) => tagged(id, change.executionId)),
          })),
        );
      },
    })),
  },
  {
    fault: "refuses the commitment ids of a line that has them already",
    noticedBy: "a line may be written again with its commitment ids, and with more of them",
    build: withFault((correct) => ({
      async commit(change) {
        const { lines = [] } = (await correct.get(change.executionId)) ?? {};
        const own = lines.flatMap(({ commitment }) => commitment?.commitmentIds ?? []);
        const again = change.lines?.some(({ progress }) =>
          progress.commitment?.commitmentIds.some((id) => own.includes(id)),
        );
        return again ? { kind: "refused", because: "commitment" } : await correct.commit(change);
      },
    })),
  },
  {
    fault: "records the first id of a commitment only",
    noticedBy: "claims tells which commitment ids are recorded, and for which line",
    build: withProgress((progress) =>
      progress.commitment === null
        ? progress
        : {
            ...progress,
            commitment: { ...progress.commitment, commitmentIds: progress.commitment.commitmentIds.slice(0, 1) },
          },
    ),
  },
  {
    fault: "sets the ids free that a commitment had before it was split",
    noticedBy: "ids that a commitment had before the cloud split it stay its line's",
    build: withProgress((progress) => {
      if (progress.commitment === null) return progress;
      const { formerIds: _, ...commitment } = progress.commitment;
      return { ...progress, commitment };
    }),
  },
  {
    fault: "keeps commitment ids unique over all accounts and clouds",
    noticedBy: "commitment ids of different accounts and clouds do not meet",
    build: holdingOn("commitment", ({ lines = [] }) => lines.flatMap(idsIn)),
  },
  {
    fault: "keeps commitment ids unique only within one service of a cloud",
    noticedBy: "commitment ids of different accounts and clouds do not meet",
    build: withProgress((progress, before) => withIds(progress, (id) => tagged(id, before?.request.service))),
  },
  {
    fault: "tells claims of all accounts",
    noticedBy: "claims tells which commitment ids are recorded, and for which line",
    build: withFault((correct) => ({
      async claims(query) {
        const accounts = new Set(
          (await allOf(correct)).flatMap(({ lines }) => lines.map(({ request }) => request.account)),
        );
        return (await Promise.all([...accounts].map((account) => correct.claims({ ...query, account })))).flat();
      },
    })),
  },
];
