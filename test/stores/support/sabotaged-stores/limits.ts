import { setImmediate as otherWork } from "node:timers/promises";
import type { Execution, PurchaseLine } from "../../../../src/domain/execution.js";
import { isUnsettled } from "../../../../src/domain/line-state.js";
import type {
  CommitResult,
  ExecutionStore,
  LimitsInForce,
  LimitUse,
  StoredLimit,
} from "../../../../src/store-port/execution-store.js";
import { overlooking } from "./approvals.js";
import { allOf, type Sabotage, withChange, withCreate, withFault, without, withProgress } from "./sabotage.js";

/** A store that misreads the limits that it is given. */
const withLimitsGiven = (misread: (limit: StoredLimit) => StoredLimit): Sabotage["build"] =>
  withFault((correct) => ({
    changeLimits: (change) =>
      correct.changeLimits({ ...change, set: { ...change.set, limits: change.set.limits.map(misread) } }),
  }));

/** A store that shows limits otherwise than they are. */
const withLimitsShown = (
  show: (inForce: LimitsInForce, correct: ExecutionStore) => LimitsInForce | Promise<LimitsInForce>,
): Sabotage["build"] =>
  withFault((correct) => ({
    async limits() {
      const inForce = await correct.limits();
      return inForce && (await show(inForce, correct));
    },
  }));

/** A store whose limits hold more, or less, for some lines of approved executions. */
const holding = (more: 1 | -1, isMeant: (line: PurchaseLine, execution: Execution) => boolean): Sabotage["build"] =>
  withLimitsShown(async (inForce, correct) => {
    const executions = (await allOf(correct)).filter(({ approvedBy }) => approvedBy !== null);
    const amountOf = (account: string | undefined) =>
      executions
        .flatMap((execution) => execution.lines.filter((line) => isMeant(line, execution)))
        .filter(({ request }) => request.account === account)
        .reduce((sum, { request }) => sum + Number(request.expectedPrice.amount), 0);
    const shown = (use: LimitUse): LimitUse => ({
      ...use,
      held: String(Number(use.held) + more * amountOf(use.limit.scope.account)),
    });
    return { ...inForce, uses: inForce.uses.map(shown) };
  });

const isEnded = ({ status }: Execution): boolean =>
  ["failed", "canceled", "completed", "partially_completed", "expired"].includes(status);

const refuses = (result: CommitResult, because: string): boolean =>
  result.kind === "refused" && result.because === because;

/** Limits that allow too much, count something else, or lose what they counted. */
export const limitSabotages: readonly Sabotage[] = [
  {
    fault: "lists limits in the order in which they were given",
    noticedBy: "limits tells the limits in the order of their names, with who set them and what they have counted",
    build: withLimitsShown((inForce) => ({ ...inForce, uses: inForce.uses.toReversed() })),
  },
  {
    fault: "lists the first limits first",
    noticedBy: "limitChanges tells the sets that were stored, the latest first, with who set them and why",
    build: withFault((correct) => ({
      limitChanges: async (query) => (await correct.limitChanges(query)).toReversed(),
    })),
  },
  {
    fault: "names the periods of limits without their month",
    noticedBy: "limits names the day, the month and the year of a time zone",
    build: withLimitsShown((inForce) => ({
      ...inForce,
      uses: inForce.uses.map((use) => ({ ...use, period: use.period.slice(0, 4) })),
    })),
  },
  {
    fault: "replaces limits whatever is stored",
    noticedBy: "a set of limits replaces the one that its change names, and of racing changes one wins",
    build: withFault((correct) => ({
      changeLimits: async (change) =>
        correct.changeLimits({ ...change, replaces: (await correct.limits())?.fingerprint ?? null }),
    })),
  },
  {
    fault: "holds prices without their tolerance",
    noticedBy: "an approval holds the highest price of its planned lines, now or for a later time",
    build: withCreate((input) => ({
      ...input,
      execution: {
        ...input.execution,
        lines: input.execution.lines.map((line) => ({
          ...line,
          request: { ...line.request, priceTolerancePercent: 0 },
        })),
      },
    })),
  },
  {
    fault: "approves what a limit does not allow",
    noticedBy:
      "an approval that a limit does not allow is refused and changes nothing, and what is left can be used up",
    build: overlooking((refusal) => refusal.because === "limit"),
  },
  ...(["cloud", "service", "account", "createdBy", "source"] as const).map(
    (part): Sabotage => ({
      fault: `overlooks ${part} in the scope of a limit`,
      noticedBy: "a limit counts what all parts of its scope match, and nothing else",
      build: withLimitsGiven((limit) => {
        const { [part]: _, ...scope } = limit.scope;
        return { ...limit, scope };
      }),
    }),
  ),
  ...["is in another currency", "is missing", "is not a decimal"].map(
    (what): Sabotage => ({
      fault: `approves a line that cannot be counted: its price ${what}`,
      noticedBy: `an approval is refused if the price of a line ${what}, and a limit counts the line`,
      build: overlooking((refusal) => refusal.because === "amount"),
    }),
  ),
  {
    fault: "does not ask which limits an approval knows",
    noticedBy: "an approval that knows other limits than those stored is refused",
    build: withChange((change) => without(change, "limits")),
  },
  {
    fault: "counts anew after each change of a limit",
    noticedBy: "a new maximum goes on with the count, a new count starts at 0, and both hold from the next approval on",
    build: withLimitsGiven((limit) => ({ ...limit, countKey: `${limit.countKey} ${limit.max.amount}` })),
  },
  {
    fault: "looks whether an approval fits first and approves later",
    noticedBy: "racing approvals never exceed a limit, and use it up",
    build: withFault((correct) => ({
      async commit(change) {
        const before = await correct.limits();
        for (let wait = 0; wait < 5; wait += 1) await otherWork();
        const result = await correct.commit(change);
        const fitted = before?.uses.every(({ held, used }) => held === "0" && used === "0");
        if (!fitted || !refuses(result, "limit")) return result;
        const execution = await correct.get(change.executionId);
        return execution ? { kind: "moved", execution } : result;
      },
    })),
  },
  {
    fault: "blames a limit for an approval that came too late",
    noticedBy: "racing approvals of one execution hold its lines once",
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        const isApproval = change.status === "approved" && change.guard.status?.includes("pending");
        if (!isApproval || !refuses(result, "guard")) return result;
        return { kind: "refused", because: "limit", exceeded: [] };
      },
    })),
  },
  {
    fault: "uses what was held, whatever the price",
    noticedBy: "a line that is bought uses the price that was found before the purchase, and the others hold on",
    build: withProgress((progress) => ({ ...progress, prepared: null })),
  },
  {
    fault: "uses nothing for a purchase without a price",
    noticedBy: "a line that is bought uses what it held, if no price was found, and the others hold on",
    build: withProgress((progress) => ({
      ...progress,
      prepared: progress.prepared && { price: { amount: "0", currency: "USD" }, ...progress.prepared },
    })),
  },
  {
    fault: "takes a price in another currency for the limit's",
    noticedBy: "a line that is bought uses what it held, if the price is in another currency, and the others hold on",
    build: withProgress((progress) => {
      const { price, ...prepared } = progress.prepared ?? { reference: "" };
      if (price === undefined) return progress;
      return { ...progress, prepared: { ...prepared, price: { ...price, currency: "USD" } } };
    }),
  },
  {
    fault: "forgets what is used when it approves",
    noticedBy: "what is used and what is held leave the rest for others",
    build: overlooking((refusal) => refusal.because === "limit" && refusal.exceeded.every(({ used }) => used !== "0")),
  },
  ...(["rejected", "skipped"] as const).map(
    (state): Sabotage => ({
      fault: `holds on to a line that is ${state}`,
      noticedBy: `a line that is ${state} releases what it held, and the others hold on`,
      build: holding(1, (line) => line.state === state),
    }),
  ),
  ...(["failed", "canceled", "completed", "partially_completed", "expired"] as const).map(
    (status): Sabotage => ({
      fault: `holds on to planned lines of an execution that is ${status}`,
      noticedBy: `planned lines of an execution that goes to ${status} release what they held, once`,
      build: holding(1, (line, execution) => line.state === "planned" && execution.status === status),
    }),
  ),
  {
    fault: "holds on to planned lines after a sweep or a race",
    noticedBy: "sweeps that end executions release what planned lines held",
    build: holding(1, (line, execution) => line.state === "planned" && isEnded(execution)),
  },
  {
    fault: "releases planned lines while they are being bought",
    noticedBy: "planned lines hold on while their execution is open",
    build: holding(-1, (line, { status }) => line.state === "planned" && status === "running"),
  },
  ...(["submitting", "in_doubt"] as const).map(
    (state): Sabotage => ({
      fault: `releases a line that is ${state} once its execution has ended`,
      noticedBy: `a line that is ${state} holds on, whatever becomes of its execution`,
      build: holding(-1, (line, execution) => line.state === state && isEnded(execution)),
    }),
  ),
  {
    fault: "does not tell of charges above their hold",
    noticedBy: "a charge above its hold counts, and its event says so",
    build: withFault((correct) => ({
      events: async (executionId, page) =>
        (await correct.events(executionId, page)).map(({ data = {}, ...event }) => {
          const { overruns: _, ...kept } = data;
          return Object.keys(kept).length > 0 ? { ...event, data: kept } : event;
        }),
    })),
  },
  {
    fault: "loses purchases that are found after their hold ended",
    noticedBy: "a purchase that is found after its hold ended counts, and its event says so",
    build: withLimitsShown((inForce) => ({
      ...inForce,
      uses: inForce.uses.map((use) => (use.used === use.overrun ? { ...use, used: "0" } : use)),
    })),
  },
  {
    fault: "releases a purchase that is in doubt again",
    noticedBy: "a purchase that is taken back uses nothing any more",
    build: holding(-1, (line) => isUnsettled(line.state)),
  },
  {
    fault: "lets retries hold nothing",
    noticedBy: "a retry holds anew",
    build: holding(-1, (line, { retryOf }) => line.state === "planned" && retryOf !== null),
  },
  {
    fault: "counts in one period for ever",
    noticedBy: "a purchase counts in the period of its hold",
    build: withLimitsGiven((limit) => ({ ...limit, per: 3_000_000_000_000 })),
  },
];
