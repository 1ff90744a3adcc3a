import type { ChangeGuard } from "../../../../src/store-port/execution-store.js";
import { pause, type Sabotage, withChange, withFault, withoutGuard } from "./sabotage.js";

/** A store that does not look at a part of the guard. */
const blindTo = (part: keyof ChangeGuard): Sabotage["build"] => withChange((change) => withoutGuard(change, part));

const OUTDATED =
  "a lease that has run out leaves the execution to the next worker, and the first can change nothing more";

const TO_THE_MILLISECOND = {
  plain: "commit compares times with the store's clock to the millisecond, in a change of the status alone",
  other: "commit compares times with the store's clock to the millisecond, in a change of more than the status alone",
} as const;

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
  ...(["after", "before"] as const).flatMap((part): readonly Sabotage[] => [
    {
      fault: `does not look at the time that a change must come ${part}`,
      noticedBy: `commit changes nothing where the store's clock does not read as ${part === "after" ? "late" : "early"} as is wanted`,
      build: blindTo(part),
    },
    ...(["plain", "other"] as const).map(
      (kind): Sabotage => ({
        fault: `does not look at the time that a ${kind} change must come ${part}`,
        noticedBy: TO_THE_MILLISECOND[kind],
        build: withChange((change) =>
          (change.wakeAt === undefined) === (kind === "plain") ? withoutGuard(change, part) : change,
        ),
      }),
    ),
    {
      fault: `lets a change come at the millisecond that it must come ${part}`,
      noticedBy: TO_THE_MILLISECOND.plain,
      build: withChange((change) => {
        const time = change.guard[part];
        const moved = part === "after" ? -1 : 1;
        return time === undefined ? change : { ...change, guard: { ...change.guard, [part]: time + moved } };
      }),
    },
    {
      fault: `believes the time that a change must come ${part} where the version fits`,
      noticedBy:
        part === "after"
          ? "commit changes nothing where status and version fit and the time does not"
          : "commit changes nothing where version and fence fit and the time does not",
      build: withChange((change) => (change.guard.version === undefined ? change : withoutGuard(change, part))),
    },
    {
      fault: `believes the version where the time fits that a change must come ${part}`,
      noticedBy: "commit changes nothing where the times fit and the version does not",
      build: withChange((change) =>
        change.guard[part] === undefined || change.lines ? change : withoutGuard(change, "version"),
      ),
    },
    {
      fault: `takes no number for no time that a change must come ${part}`,
      noticedBy: `commit changes nothing where the time to come ${part} is none`,
      build: withChange((change) => (Number.isNaN(change.guard[part]) ? withoutGuard(change, part) : change)),
    },
    {
      fault: `takes an infinite time for no time that a change must come ${part}`,
      noticedBy: `commit changes nothing where the wanted time ${part === "after" ? "never comes" : "has always been over"}`,
      build: withChange((change) =>
        Math.abs(change.guard[part] ?? 0) === Number.POSITIVE_INFINITY ? withoutGuard(change, part) : change,
      ),
    },
    {
      fault: `takes the time that a change must come ${part} for the only one`,
      noticedBy: `commit changes nothing where ${part === "after" ? "one time fits and the other" : "the other time fits and the one"} does not`,
      build: withChange((change) =>
        change.guard[part] === undefined ? change : withoutGuard(change, part === "after" ? "before" : "after"),
      ),
    },
  ]),
  {
    fault: "fails on infinite times",
    noticedBy: "commit goes through where every stated guard holds",
    build: withChange((change) => {
      for (const time of [change.guard.after, change.guard.before])
        if (time !== undefined) new Date(Number.isNaN(time) ? 0 : time).toISOString();
      return change;
    }),
  },
  {
    fault: "judges times by the caller's clock",
    noticedBy: TO_THE_MILLISECOND.plain,
    build: withChange((change) => {
      const { after = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY } = change.guard;
      const now = Date.now();
      return now > after && now < before
        ? withoutGuard(change, "after", "before")
        : { ...change, guard: { ...change.guard, status: [] } };
    }),
  },
  {
    fault: "believes a live lease, whatever the time before which a write-ahead must come",
    noticedBy:
      "a write-ahead comes too late once the time before which it must be made has come, however live the lease",
    build: withChange((change, current, now) =>
      change.guard.fence !== undefined && current?.lease && current.lease.expiresAt > now
        ? withoutGuard(change, "before")
        : change,
    ),
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
