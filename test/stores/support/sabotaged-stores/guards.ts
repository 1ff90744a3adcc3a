import type { ChangeGuard } from "../../../../src/store-port/execution-store.js";
import { pause, type Sabotage, withChange, withFault, withoutGuard } from "./sabotage.js";

/** A store that does not look at a part of the guard. */
const blindTo = (part: keyof ChangeGuard): Sabotage["build"] => withChange((change) => withoutGuard(change, part));

const OUTDATED =
  "a lease that has run out leaves the execution to the next worker, and the first can change nothing more";

/** Guards that do not hold what they should. */
export const guardSabotages: readonly Sabotage[] = [
  {
    fault: "does not compare the status",
    noticedBy: "one of many racing moves out of a status wins",
    build: blindTo("status"),
  },
  {
    fault: "takes an empty list of statuses for no guard",
    noticedBy: "commit changes nothing where no status is wanted",
    build: withChange((change) => (change.guard.status?.length === 0 ? withoutGuard(change, "status") : change)),
  },
  {
    fault: "does not compare the version",
    noticedBy: "one of many racing changes of a version wins",
    build: withChange((change, current) => {
      const { guard, lines } = change;
      return lines === undefined
        ? withoutGuard(change, "version")
        : { ...change, guard: { ...guard, version: current?.version ?? 0 } };
    }),
  },
  {
    fault: "takes an older version for a reason to go on",
    noticedBy: "commit changes nothing where the version is newer than the wanted",
    build: withChange((change, current) =>
      (change.guard.version ?? 0) < (current?.version ?? 0) && change.lines === undefined
        ? withoutGuard(change, "version")
        : change,
    ),
  },
  {
    fault: "takes a version that does not exist yet for the present one",
    noticedBy: "commit changes nothing where the version is older than the wanted",
    build: withChange((change, current) =>
      (change.guard.version ?? 0) > (current?.version ?? 0) && change.lines === undefined
        ? withoutGuard(change, "version")
        : change,
    ),
  },
  {
    fault: "believes the version where the status fits",
    noticedBy: "commit changes nothing where the status fits and the version does not",
    build: withChange((change) => (change.guard.status && !change.lines ? withoutGuard(change, "version") : change)),
  },
  {
    fault: "believes the status where the version fits",
    noticedBy: "commit changes nothing where the version fits and the status does not",
    build: withChange((change) => (change.guard.version ? withoutGuard(change, "status") : change)),
  },
  {
    fault: "believes the version where the fence fits",
    noticedBy: "commit changes nothing where the fence fits and the version does not",
    build: withChange((change) =>
      change.guard.fence !== undefined && !change.lines ? withoutGuard(change, "version") : change,
    ),
  },
  { fault: "does not compare the fence", noticedBy: OUTDATED, build: blindTo("fence") },
  {
    fault: "accepts every fence up to the present one",
    noticedBy: "commit changes nothing where the fence is newer than the wanted",
    build: withChange((change, current) =>
      change.guard.fence !== undefined && current && change.guard.fence <= current.fence
        ? { ...change, guard: { ...change.guard, fence: current.fence } }
        : change,
    ),
  },
  {
    fault: "accepts a fence that was never given out",
    noticedBy: "commit changes nothing where the fence is older than the wanted",
    build: withChange((change, current) =>
      change.guard.fence !== undefined && current && change.guard.fence > current.fence
        ? { ...change, guard: { ...change.guard, fence: current.fence } }
        : change,
    ),
  },
  {
    fault: "accepts the fence of an execution that is no longer running",
    noticedBy: "a fence holds only while the execution is running",
    build: withChange((change, current) =>
      change.guard.fence === current?.fence && current?.status !== "running" ? withoutGuard(change, "fence") : change,
    ),
  },
  {
    fault: "lets a worker go on whose lease has run out",
    noticedBy: "a lease that has run out by the store's clock stops its holder",
    build: withChange((change, current) =>
      current?.status === "running" && current.fence === change.guard.fence && current.lease !== null
        ? withoutGuard(change, "fence")
        : change,
    ),
  },
  {
    fault: "lets a second worker in while a lease is live",
    noticedBy: "one of many racing claims wins the lease",
    build: blindTo("leaseFree"),
  },
  {
    fault: "keeps everybody out where a lease was ever taken, live or not",
    noticedBy: OUTDATED,
    build: withChange((change, current) =>
      change.guard.leaseFree && current?.lease ? { ...change, guard: { status: [] } } : change,
    ),
  },
  {
    fault: "moves expired executions",
    noticedBy: "commit guards that an execution has not expired, by the store's clock",
    build: blindTo("unexpired"),
  },
  {
    fault: "compares in one step and writes in the next",
    noticedBy: "one of many racing moves out of a status wins",
    build: withFault((correct) => ({
      async commit(change) {
        const { status } = change.guard;
        const current = await correct.get(change.executionId);
        if (status && current && !status.includes(current.status)) return { kind: "refused", because: "guard" };
        await pause();
        return await correct.commit(withoutGuard(change, "status"));
      },
    })),
  },
  {
    fault: "compares the version in one step and writes in the next",
    noticedBy: "racing workers that each change a line of their own, and try again when refused, lose no change",
    build: withFault((correct) => ({
      async commit(change) {
        const seen = await correct.get(change.executionId);
        if (seen?.version !== (change.guard.version ?? seen?.version)) return { kind: "refused", because: "guard" };
        await pause();
        const { version } = (await correct.get(change.executionId)) ?? { version: 0 };
        // The whole row is saved as it was read.
        const lines = seen?.lines.map(
          (line) => change.lines?.find(({ index }) => index === line.index) ?? { index: line.index, progress: line },
        );
        return await correct.commit(
          change.lines && lines ? { ...change, guard: { ...change.guard, version }, lines } : change,
        );
      },
    })),
  },
  {
    fault: "throws for an execution that does not exist",
    noticedBy: "commit changes nothing where the execution does not exist",
    build: withFault((correct) => ({
      async commit(change) {
        if ((await correct.get(change.executionId)) === undefined) throw new Error("no such row");
        return await correct.commit(change);
      },
    })),
  },
  {
    fault: "changes lines of whatever version",
    noticedBy: "a change of lines without a guarded version is a TypeError and changes nothing",
    build: withChange((change, current) =>
      change.guard.version === undefined && change.lines
        ? { ...change, guard: { ...change.guard, version: current?.version ?? 0 } }
        : change,
    ),
  },
  {
    fault: "takes the last of two changes of one line",
    noticedBy: "a change that names one line twice is a TypeError and changes nothing",
    build: withChange((change) =>
      change.lines === undefined
        ? change
        : { ...change, lines: [...new Map(change.lines.map((line) => [line.index, line])).values()] },
    ),
  },
  {
    fault: "passes over changes of lines that are not there",
    noticedBy: "a change of a line that the execution does not have changes nothing, not even its other lines",
    build: withChange((change, current) => {
      const known = change.lines?.filter(({ index }) => current?.lines.some((line) => line.index === index));
      return known === undefined ? change : { ...change, lines: known };
    }),
  },
];
