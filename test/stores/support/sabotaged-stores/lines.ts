import { type LineProgress, PLANNED, type PurchaseLine } from "../../../../src/domain/execution.js";
import { type Sabotage, withChange, withFault, withLines, withProgress, withView } from "./sabotage.js";

const REPLACES = "a line change replaces the progress of its line and leaves every other line alone";
const ONE_LINE_ONLY = "one change may change several lines and the status";
const BROKEN = "a change of several lines that breaks a uniqueness changes none of them";
const STAMPS = "stamping a submission sets its time by the store's clock, whatever the caller says";
const UNPROVED = "stamping a submission keeps the time since which an earlier one is unproved";

const NAMED = "an answer for which the named lines are enough holds those as they are now, and no other that is not";

/** A store that answers with other lines where the named ones are enough. */
const withNamedAnswer = (
  misread: (lines: readonly PurchaseLine[], named: readonly number[]) => readonly PurchaseLine[],
): Sabotage["build"] =>
  withFault((correct) => ({
    async commit(change) {
      const result = await correct.commit(change);
      if (change.answer !== "named_lines" || result.kind !== "moved") return result;
      const named = (change.lines ?? []).map(({ index }) => index);
      return { ...result, execution: { ...result.execution, lines: misread(result.execution.lines, named) } };
    },
  }));

/** What a store keeps of a line beside its state. */
const PARTS = [
  "needsLabel",
  "doubt",
  "rejection",
  "lastError",
  "priceDrift",
  "unprovedSince",
  "unprovedRequests",
  "sentUnder",
  "withdrawn",
  "saidAbsent",
] as const;

/** Lines that do not become what a change says. */
export const lineSabotages: readonly Sabotage[] = [
  {
    fault: "leaves out the lines that a change names",
    noticedBy: NAMED,
    build: withNamedAnswer((lines, named) => lines.filter(({ index }) => !named.includes(index))),
  },
  {
    fault: "answers with named lines as they were",
    noticedBy: NAMED,
    build: withNamedAnswer((lines, named) =>
      lines.map((line) => (named.includes(line.index) ? { ...line, ...PLANNED } : line)),
    ),
  },
  {
    fault: "merges the progress of a line into what was there",
    noticedBy: REPLACES,
    build: withProgress((progress, before) => {
      const stated = Object.entries(progress).filter(([, value]) => value !== null);
      return { ...progress, ...before, ...Object.fromEntries(stated) };
    }),
  },
  ...PARTS.map(
    (part): Sabotage => ({
      fault: `loses ${part} of lines`,
      noticedBy: REPLACES,
      build: withProgress((progress): LineProgress => ({ ...progress, [part]: PLANNED[part] })),
    }),
  ),
  {
    fault: "takes a token that is remembered for ever for one that is forgotten at once",
    noticedBy: REPLACES,
    build: withProgress(({ sentUnder, ...progress }) => ({
      ...progress,
      sentUnder: sentUnder && { ...sentUnder, windowMs: sentUnder.windowMs ?? 0 },
    })),
  },
  {
    fault: "changes the lines next to the one that changes",
    noticedBy: REPLACES,
    build: withChange((change, current) => {
      const [first] = change.lines ?? [];
      if (first === undefined || change.lines?.length !== 1 || first.progress.state === "committed") return change;
      const lane = { ...first.progress, prepared: null };
      return {
        ...change,
        lines: (current?.lines ?? []).map(({ index }) => (index === first.index ? first : { index, progress: lane })),
      };
    }),
  },
  {
    fault: "loses the charge of a commitment",
    noticedBy: "a commitment keeps everything the cloud said of it",
    build: withProgress((progress) => {
      const { charge: _, ...commitment } = progress.commitment ?? { commitmentIds: [], adopted: false };
      return { ...progress, commitment: progress.commitment && commitment };
    }),
  },
  {
    fault: "forgets by whose word a line was bought",
    noticedBy: "a commitment keeps everything the cloud said of it",
    build: withProgress((progress) => {
      const { resolvedBy: _, ...commitment } = progress.commitment ?? { commitmentIds: [], adopted: false };
      return { ...progress, commitment: progress.commitment && commitment };
    }),
  },
  {
    fault: "changes the first line only",
    noticedBy: ONE_LINE_ONLY,
    build: withChange((change) => (change.lines ? { ...change, lines: change.lines.slice(0, 1) } : change)),
  },
  {
    fault: "writes one event for each line",
    noticedBy: ONE_LINE_ONLY,
    build: withFault((correct) => ({
      async commit(change) {
        const [first, ...rest] = change.lines ?? [];
        if (first === undefined || rest.length === 0) return await correct.commit(change);
        let result = await correct.commit({ ...change, lines: [first] });
        for (const line of rest)
          if (result.kind === "moved")
            result = await correct.commit({ ...change, guard: { version: result.execution.version }, lines: [line] });
        return result;
      },
    })),
  },
  {
    fault: "changes the lines one by one",
    noticedBy: BROKEN,
    build: withFault((correct) => ({
      async commit(change) {
        const [first, ...rest] = change.lines ?? [];
        if (first === undefined || rest.length === 0) return await correct.commit(change);
        await correct.commit({ ...change, lines: [first] });
        const { version = 0 } = (await correct.get(change.executionId)) ?? {};
        return await correct.commit({ ...change, guard: { version }, lines: rest });
      },
    })),
  },
  {
    fault: "orders lines by the text of their index",
    noticedBy: "many lines keep their order by index, and the last of them can be changed alone",
    build: withView((execution) => ({
      ...execution,
      lines: execution.lines.toSorted((a, b) => (String(a.index) < String(b.index) ? -1 : 1)),
    })),
  },
  {
    fault: "takes the index of a line for its position",
    noticedBy: "many lines keep their order by index, and the last of them can be changed alone",
    build: withFault((correct) => ({
      async commit(change) {
        const { lines = [] } = (await correct.get(change.executionId)) ?? {};
        return await correct.commit(withLines(change, (line) => ({ ...line, index: lines[line.index]?.index ?? -1 })));
      },
    })),
  },
  {
    fault: "changes lines though the guard refuses",
    noticedBy: "a refused guard leaves the lines alone",
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        const { version = 0 } = (await correct.get(change.executionId)) ?? {};
        if (result.kind === "refused" && change.lines) await correct.commit({ ...change, guard: { version } });
        return result;
      },
    })),
  },
  {
    fault: "believes the caller when a purchase was submitted",
    noticedBy: STAMPS,
    build: withChange((change) => withLines(change, ({ index, progress }) => ({ index, progress }))),
  },
  {
    fault: "counts a request with each stamp",
    noticedBy: STAMPS,
    build: withChange((change) =>
      withLines(change, (line) =>
        line.stampSubmission
          ? { ...line, progress: { ...line.progress, unprovedRequests: line.progress.unprovedRequests + 1 } }
          : line,
      ),
    ),
  },
  {
    fault: "stamps a submission with the time of the change before",
    noticedBy: STAMPS,
    build: withChange((change, current) =>
      withLines(change, ({ index, progress, stampSubmission }) => {
        const at = current?.updatedAt ?? 0;
        return stampSubmission
          ? { index, progress: { ...progress, submittedAt: at, unprovedSince: progress.unprovedSince ?? at } }
          : { index, progress };
      }),
    ),
  },
  {
    fault: "forgets with each submission how long an earlier one has been unproved",
    noticedBy: UNPROVED,
    build: withChange((change) =>
      withLines(change, (line) =>
        line.stampSubmission ? { ...line, progress: { ...line.progress, unprovedSince: null } } : line,
      ),
    ),
  },
  {
    fault: "stamps whatever line is submitting",
    noticedBy: "without a stamp the times of a line are those the caller states",
    build: withChange((change) =>
      withLines(change, (line) => (line.progress.state === "submitting" ? { ...line, stampSubmission: true } : line)),
    ),
  },
  {
    fault: "reads the lines before it waits for another change",
    noticedBy: "the lines that a waiting change returns are those after the change it waited for",
    build: withFault((correct) => ({
      async commit(change) {
        const { lines = [] } = (await correct.get(change.executionId)) ?? {};
        if (change.lines === undefined) for (let wait = 0; wait < 10; wait += 1) await correct.get("");
        const result = await correct.commit(change);
        return result.kind === "moved" && change.lines === undefined
          ? { kind: "moved", execution: { ...result.execution, lines } }
          : result;
      },
    })),
  },
  {
    fault: "orders lines as it likes",
    noticedBy: "lines come in the order of their indices, however they were handed in",
    build: withView((execution) => ({ ...execution, lines: execution.lines.toReversed() })),
  },
];
