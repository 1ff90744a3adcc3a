import type { RecommendationStore, SourceSweep } from "../../../../src/store-port/recommendation-store.js";
import { EVERYTHING, type RecommendationSabotage, withFault } from "./sabotage.js";

/** Everything that is stored in a scope. */
const storedIn = async (store: RecommendationStore, scope: string) =>
  (await store.list({ scope, limit: EVERYTHING })).map(({ recommendation }) => recommendation);

/** Completes each account of the wanted ones that is stored in the scope. */
async function completeAll(
  store: RecommendationStore,
  run: SourceSweep,
  isWanted: (one: Awaited<ReturnType<typeof storedIn>>[number]) => boolean,
): Promise<boolean> {
  for (const one of await storedIn(store, run.scope))
    if (isWanted(one)) await store.completeAccount({ ...run, source: one.source, askedAccount: one.askedAccount });
  return true;
}

const ACCOUNT =
  "completeAccount removes what the run did not put of the source and the asked account, and nothing else";
const SOURCE = "completeSource removes what the run did not put of the source, of accounts that are not asked too";
const OWN = "nothing that a run put is removed by its completion, in whichever call it put it";

/** What is removed too much, or too little. */
export const evictionSabotages: readonly RecommendationSabotage[] = [
  {
    fault: "removes nothing with an account",
    noticedBy: ACCOUNT,
    build: withFault(() => ({ completeAccount: async () => true })),
  },
  {
    fault: "removes the whole source with an account",
    noticedBy: ACCOUNT,
    build: withFault((correct) => ({
      completeAccount: (run) => completeAll(correct, run, ({ source }) => source === run.source),
    })),
  },
  {
    fault: "removes the account of all sources",
    noticedBy: ACCOUNT,
    build: withFault((correct) => ({
      completeAccount: (run) => completeAll(correct, run, ({ askedAccount }) => askedAccount === run.askedAccount),
    })),
  },
  {
    fault: "removes what is about an account, whoever was asked",
    noticedBy: ACCOUNT,
    build: withFault((correct) => ({
      completeAccount: (run) => completeAll(correct, run, ({ account }) => account === run.askedAccount),
    })),
  },
  {
    fault: "removes nothing with a source",
    noticedBy: SOURCE,
    build: withFault(() => ({ completeSource: async () => true })),
  },
  {
    fault: "removes all sources with one",
    noticedBy: SOURCE,
    build: withFault((correct) => ({
      async completeSource(run) {
        await completeAll(correct, run, () => true);
        return correct.completeSource(run);
      },
    })),
  },
  {
    fault: "keeps what is of accounts that the run did not ask",
    noticedBy: SOURCE,
    build: withFault((correct) => {
      const asked = new Set<string>();
      return {
        put(sweep, recommendations) {
          asked.add(`${sweep.owner} ${sweep.askedAccount}`);
          return correct.put(sweep, recommendations);
        },
        completeSource: (run) =>
          completeAll(correct, run, ({ askedAccount }) => asked.has(`${run.owner} ${askedAccount}`)),
      };
    }),
  },
  {
    fault: "removes all that is older than the run's last call",
    noticedBy: OWN,
    build: withFault((correct) => {
      const last = new Map<string, readonly string[]>();
      return {
        put(sweep, recommendations) {
          last.set(
            sweep.owner,
            recommendations.map(({ key }) => key),
          );
          return correct.put(sweep, recommendations);
        },
        async completeAccount(run) {
          const kept = (await storedIn(correct, run.scope)).filter(({ key }) => last.get(run.owner)?.includes(key));
          const to = `${run.owner}'`;
          const ttlMs = 60_000;
          await correct.handOver({ ...run, to, ttlMs });
          for (const one of kept) await correct.put({ ...run, ...one, owner: to }, [one]);
          const isDone = await correct.completeAccount({ ...run, owner: to });
          await correct.handOver({ ...run, owner: to, to: run.owner, ttlMs });
          return isDone;
        },
      };
    }),
  },
  {
    fault: "remembers the account that first reported a recommendation",
    noticedBy: "what a run put for another account is not removed with the account that had it before",
    build: withFault((correct) => {
      const first = new Map<string, string>();
      return {
        put(sweep, recommendations) {
          const placed = recommendations.map((one) => {
            const askedAccount = first.get(sweep.scope + one.key) ?? one.askedAccount;
            first.set(sweep.scope + one.key, askedAccount);
            return { ...one, askedAccount };
          });
          return correct.put(sweep, placed);
        },
      };
    }),
  },
  {
    fault: "removes what a source that failed has not reported",
    noticedBy: "nothing is removed by a run that fails, however far it came",
    build: withFault((correct) => ({
      async failSource(run, error) {
        await correct.completeSource(run);
        return correct.failSource(run, error);
      },
    })),
  },
  {
    fault: "removes what a run has not reported when it finishes",
    noticedBy: "nothing is removed by a run that fails, however far it came",
    build: withFault((correct) => ({
      async finish(run) {
        if (run.outcome !== "not_started") await completeAll(correct, { ...run, source: "" }, () => true);
        return correct.finish(run);
      },
    })),
  },
  {
    fault: "removes what a lost run has put when another takes over",
    noticedBy: "nothing is removed by a start that takes over",
    build: withFault((correct, clock) => ({
      async tryStart(start) {
        const { running } = await correct.state(start.scope);
        const result = await correct.tryStart(start);
        if (running !== null && running.expiresAt <= clock.now())
          await completeAll(correct, { ...start, source: "" }, () => true);
        return result;
      },
    })),
  },
  {
    fault: "takes what was put before a hand-over for put by the run",
    noticedBy: "what a run put before it was handed over counts as put by another run",
    build: withFault((correct) => {
      const names = new Map<string, string>();
      const first = <Run extends { readonly owner: string }>(run: Run): Run => ({
        ...run,
        owner: names.get(run.owner) ?? run.owner,
      });
      return {
        async handOver(run) {
          names.set(run.to, first(run).owner);
          return correct.renew(first(run));
        },
        put: (sweep, recommendations) => correct.put(first(sweep), recommendations),
        completeAccount: (sweep) => correct.completeAccount(first(sweep)),
      };
    }),
  },
];

const FAILED = "failSource keeps the error with its time, and leaves the time of the last success";

/** Freshness that is not what it must be. */
export const freshnessSabotages: readonly RecommendationSabotage[] = [
  {
    fault: "moves the freshness of a source that failed",
    noticedBy: FAILED,
    build: withFault((correct) => ({
      freshness: async (scope) =>
        (await correct.freshness(scope)).map((one) => ({ ...one, succeededAt: one.error?.at ?? one.succeededAt })),
    })),
  },
  {
    fault: "forgets the last success of a source that failed",
    noticedBy: FAILED,
    build: withFault((correct) => ({
      freshness: async (scope) =>
        (await correct.freshness(scope)).map((one) => (one.error === null ? one : { ...one, succeededAt: null })),
    })),
  },
  {
    fault: "forgets the error of a source",
    noticedBy: FAILED,
    build: withFault((correct) => ({
      freshness: async (scope) => (await correct.freshness(scope)).map((one) => ({ ...one, error: null })),
    })),
  },
  {
    fault: "keeps the first error of a source",
    noticedBy: FAILED,
    build: withFault((correct) => ({
      async failSource(run, error) {
        const known = (await correct.freshness(run.scope)).find(({ source }) => source === run.source);
        return correct.failSource(run, known?.error ?? error);
      },
    })),
  },
  {
    fault: "takes a source that failed at first for one that succeeded",
    noticedBy: "a source that never succeeded says so",
    build: withFault((correct) => ({
      freshness: async (scope) =>
        (await correct.freshness(scope)).map((one) => ({ ...one, succeededAt: one.succeededAt ?? 0 })),
    })),
  },
  {
    fault: "keeps the error of a source that succeeded since",
    noticedBy: "completeSource ends the error of its source",
    build: withFault((correct) => ({
      async completeSource(run) {
        const known = (await correct.freshness(run.scope)).find(({ source }) => source === run.source);
        const isDone = await correct.completeSource(run);
        if (known?.error) await correct.failSource(run, known.error);
        return isDone;
      },
    })),
  },
  {
    fault: "moves the freshness of all sources with one",
    noticedBy: "completeSource moves the freshness of its source, and of no other",
    build: withFault((correct) => ({
      async completeSource(run) {
        for (const { source } of await correct.freshness(run.scope)) await correct.completeSource({ ...run, source });
        return correct.completeSource(run);
      },
    })),
  },
  {
    fault: "tells the source first that ended last",
    noticedBy: "completeSource moves the freshness of its source, and of no other",
    build: withFault((correct) => ({
      freshness: async (scope) => (await correct.freshness(scope)).toReversed(),
    })),
  },
  {
    fault: "moves the freshness of a source with each account",
    noticedBy: "nothing is known of sources before a run ends them",
    build: withFault((correct) => ({ completeAccount: (run) => correct.completeSource(run) })),
  },
];
