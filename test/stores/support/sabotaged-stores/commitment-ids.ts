import type { Execution, LineProgress } from "../../../../src/domain/execution.js";
import type { CommitmentClaim, ExecutionChange, ExecutionStore } from "../../../../src/store-port/execution-store.js";
import { pause, type Sabotage, withFault, withProgress } from "./sabotage.js";

const TAKEN_OUT = "an id that a change takes out of a line's commitment is free again, and one that stays is not";
const LOST = "a line that loses its commitment frees all ids of it, former ones too";
const OTHERS = "a change frees no id of a line that it does not name";
const REFUSED = "a refused change frees no id";
const RACED = "an id that is freed while others want it goes to one of them at most, and claims tell to which";
const TWICE = "a line that names one id twice has it once";
const BY_WHOSE_WORD = "claims tells by whose word a line has its ids, as it is now";
const LONG = "ids and lanes of 500 characters, and names of 200, are kept whole and are unique, whatever their script";

const idsOf = ({ commitment }: Pick<LineProgress, "commitment">): readonly string[] => [
  ...(commitment?.commitmentIds ?? []),
  ...(commitment?.formerIds ?? []),
];

const refused = { kind: "refused", because: "commitment" } as const;

/** A store that looks at a change, and at the execution before it, for a reason to refuse it. */
const refusing = (isRefused: (change: ExecutionChange, before: Execution | undefined) => boolean): Sabotage["build"] =>
  withFault((correct) => ({
    commit: async (change) =>
      isRefused(change, await correct.get(change.executionId)) ? refused : await correct.commit(change),
  }));

/** A store that keeps claims of its own, of ids that it does not free. */
const keeping = (
  kept: (change: ExecutionChange, before: Execution | undefined) => readonly string[],
): Sabotage["build"] =>
  withFault((correct) => {
    const holders = new Map<string, string>();
    return {
      async commit(change) {
        const before = await correct.get(change.executionId);
        const wanted = (change.lines ?? []).flatMap(({ progress }) => idsOf(progress));
        if (wanted.some((id) => ![undefined, change.executionId].includes(holders.get(id)))) return refused;
        const result = await correct.commit(change);
        if (result.kind === "moved") for (const id of kept(change, before)) holders.set(id, change.executionId);
        return result;
      },
    };
  });

/** The ids that the lines of a change had before it. */
const idsBefore = ({ lines = [] }: ExecutionChange, before: Execution | undefined): readonly string[] =>
  (before?.lines ?? []).filter(({ index }) => lines.some((line) => line.index === index)).flatMap(idsOf);

/** A store that tells claims otherwise than they are. */
const telling = (
  misread: (claims: readonly CommitmentClaim[], correct: ExecutionStore) => readonly CommitmentClaim[],
): Sabotage["build"] =>
  withFault((correct) => ({ claims: async (query) => misread(await correct.claims(query), correct) }));

/** A store that forgets claims after some changes. */
const forgetting = (
  forgotten: (change: ExecutionChange, before: Execution | undefined, moved: boolean) => readonly string[],
): Sabotage["build"] =>
  withFault((correct) => {
    const gone = new Set<string>();
    return {
      async commit(change) {
        const before = await correct.get(change.executionId);
        const result = await correct.commit(change);
        for (const id of forgotten(change, before, result.kind === "moved")) gone.add(id);
        return result;
      },
      claims: async (query) => (await correct.claims(query)).filter(({ commitmentId }) => !gone.has(commitmentId)),
    };
  });

/** Ids of commitments that are not freed, or not claimed, as they should be. */
export const commitmentIdSabotages: readonly Sabotage[] = [
  {
    fault: "keeps the ids that a change takes out of a commitment",
    noticedBy: TAKEN_OUT,
    build: keeping((change, before) => idsBefore(change, before)),
  },
  {
    fault: "tells claims of ids that a change took out of a commitment",
    noticedBy: TAKEN_OUT,
    build: withProgress((progress, before) => {
      if (progress.commitment === null || before === undefined) return progress;
      const formerIds = idsOf(before).filter((id) => !idsOf(progress).includes(id));
      return { ...progress, commitment: { ...progress.commitment, formerIds } };
    }),
  },
  {
    fault: "sets all ids of a line free whose commitment changes",
    noticedBy: TAKEN_OUT,
    build: forgetting((change, before) => idsBefore(change, before)),
  },
  {
    fault: "keeps the ids of a line that has no commitment any more",
    noticedBy: LOST,
    build: keeping((change, before) =>
      change.lines?.every(({ progress }) => progress.commitment === null) ? idsBefore(change, before) : [],
    ),
  },
  {
    fault: "never frees the ids that a commitment had before it was split",
    noticedBy: LOST,
    build: keeping((_, before) => (before?.lines ?? []).flatMap(({ commitment }) => commitment?.formerIds ?? [])),
  },
  {
    fault: "frees the ids of all lines of an execution whose lines change",
    noticedBy: OTHERS,
    build: forgetting((change, before) => (change.lines ? (before?.lines ?? []).flatMap(idsOf) : [])),
  },
  ...[0, 1].map(
    (from): Sabotage => ({
      fault: `claims the ids of line ${1 - from} before it frees those of line ${from}`,
      noticedBy: `one change gives an id of line ${from} to line ${1 - from}`,
      build: refusing((change, before) => {
        const held = before?.lines.filter(({ index }) => index === from).flatMap(idsOf) ?? [];
        const wanted = change.lines?.find(({ index }) => index === 1 - from)?.progress;
        return wanted !== undefined && idsOf(wanted).some((id) => held.includes(id));
      }),
    }),
  ),
  {
    fault: "frees ids though it refuses the change",
    noticedBy: REFUSED,
    build: forgetting((change, before, moved) => (moved ? [] : idsBefore(change, before))),
  },
  {
    fault: "gives a freed id to whoever had asked for it",
    noticedBy: RACED,
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        if (result.kind === "moved" || result.because !== "commitment") return result;
        await pause();
        const execution = await correct.get(change.executionId);
        return execution ? { kind: "moved", execution } : result;
      },
    })),
  },
  {
    fault: "gives an id away while its line is about to free it",
    noticedBy: "lines that want each other's ids at the same time keep their own",
    build: withFault((correct) => {
      const freed = new Set<string>();
      return {
        async commit(change) {
          for (const id of idsBefore(change, await correct.get(change.executionId))) freed.add(id);
          await pause();
          const result = await correct.commit(change);
          const wanted = (change.lines ?? []).flatMap(({ progress }) => idsOf(progress));
          const execution = await correct.get(change.executionId);
          const isGiven = result.kind === "refused" && wanted.length > 0 && wanted.every((id) => freed.has(id));
          return isGiven && execution ? { kind: "moved", execution } : result;
        },
      };
    }),
  },
  {
    fault: "refuses a line that names one id twice",
    noticedBy: TWICE,
    build: refusing(({ lines = [] }) =>
      lines.some(({ progress }) => new Set(idsOf(progress)).size < idsOf(progress).length),
    ),
  },
  {
    fault: "fails on a new line that names one id twice",
    noticedBy: TWICE,
    build: withFault((correct) => ({
      async create(input) {
        if (input.execution.lines.some((line) => new Set(idsOf(line)).size < idsOf(line).length))
          throw new Error("duplicate key value violates unique constraint");
        return await correct.create(input);
      },
    })),
  },
  {
    fault: "tells a claim as often as it is asked for",
    noticedBy: TWICE,
    build: withFault((correct) => ({
      async claims(query) {
        const claims = await correct.claims(query);
        return query.commitmentIds.flatMap((id) => claims.filter(({ commitmentId }) => commitmentId === id));
      },
    })),
  },
  {
    fault: "takes every claim for the cloud's",
    noticedBy: BY_WHOSE_WORD,
    build: telling((claims) => claims.map((claim) => ({ ...claim, byPerson: false }))),
  },
  {
    fault: "takes every claim for a person's",
    noticedBy: BY_WHOSE_WORD,
    build: telling((claims) => claims.map((claim) => ({ ...claim, byPerson: true }))),
  },
  {
    fault: "remembers by whose word a line had its ids at first",
    noticedBy: BY_WHOSE_WORD,
    build: withFault((correct) => {
      const first = new Map<string, boolean>();
      return {
        async claims(query) {
          const claims = await correct.claims(query);
          for (const { commitmentId, byPerson } of claims) first.set(commitmentId, first.get(commitmentId) ?? byPerson);
          return claims.map((claim) => ({ ...claim, byPerson: first.get(claim.commitmentId) ?? claim.byPerson }));
        },
      };
    }),
  },
  {
    fault: "takes one line's word for that of all lines of its execution",
    noticedBy: BY_WHOSE_WORD,
    build: telling((claims) =>
      claims.map((claim) => ({ ...claim, byPerson: claims.some(({ byPerson }) => byPerson) })),
    ),
  },
  {
    fault: "compares only the first 255 characters of an id",
    noticedBy: LONG,
    build: withProgress((progress) =>
      progress.commitment === null
        ? progress
        : {
            ...progress,
            commitment: {
              ...progress.commitment,
              commitmentIds: progress.commitment.commitmentIds.map((id) => id.slice(0, 255)),
            },
          },
    ),
  },
  {
    fault: "fails on an id that is too long for its index",
    noticedBy: LONG,
    build: withFault((correct) => ({
      async commit(change) {
        const ids = (change.lines ?? []).flatMap(({ progress }) => idsOf(progress));
        if (ids.some((id) => Buffer.byteLength(id) > 767)) throw new Error("index row size exceeds maximum");
        return await correct.commit(change);
      },
    })),
  },
];
