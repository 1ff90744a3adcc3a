import type { RecommendationStore } from "../../../../src/store-port/recommendation-store.js";
import { asAnyOwner, checkedFirst, EVERYTHING, type RecommendationSabotage, saying, withFault } from "./sabotage.js";

const VERBS = ["put", "completeAccount", "completeSource", "failSource"] as const;

/** What a verb of the port does, with the rest of its arguments. */
const calling =
  (store: RecommendationStore, verb: (typeof VERBS)[number], rest: readonly unknown[]) =>
  (run: unknown): Promise<boolean> =>
    (store[verb] as (...all: readonly unknown[]) => Promise<boolean>)(run, ...rest);

type Run = { readonly scope: string; readonly owner: string };

/** Writes for runs that do not have the mark. */
export const lostWriteSabotages: readonly RecommendationSabotage[] = VERBS.flatMap((verb) => [
  {
    fault: `does ${verb} for every run while anybody has the mark`,
    noticedBy: "a run that was taken over writes nothing",
    build: withFault((correct) => ({
      [verb]: (run: Run, ...rest: unknown[]) => asAnyOwner(correct, run, calling(correct, verb, rest)),
    })),
  },
  ...["never had the mark", "has finished"].map((what) => ({
    fault: `does ${verb} for a run that ${what}, if nobody has it`,
    noticedBy: `a run that ${what} writes nothing`,
    build: withFault((correct) => ({
      async [verb](run: Run, ...rest: unknown[]) {
        const { running } = await correct.state(run.scope);
        if (running !== null) return calling(correct, verb, rest)(run);
        await correct.tryStart({ ...run, ttlMs: 1 });
        const isDone = await calling(correct, verb, rest)(run);
        await correct.finish({ ...run, outcome: "not_started" });
        return isDone;
      },
    })),
  })),
  {
    fault: `does ${verb} for a run that has given its mark away`,
    noticedBy: "a run that was handed over writes nothing",
    build: withFault((correct) => {
      const names = new Map<string, string>();
      return {
        async handOver(run) {
          const isOurs = await correct.handOver(run);
          if (isOurs) names.set(run.owner, run.to);
          return isOurs;
        },
        [verb]: (run: Run, ...rest: unknown[]) =>
          calling(correct, verb, rest)({ ...run, owner: names.get(run.owner) ?? run.owner }),
      };
    }),
  },
  {
    fault: `compares the owner first, and does ${verb} later`,
    noticedBy: `${verb} of a run that is just being taken over lands before the next run starts, or never`,
    build: withFault((correct) => ({
      [verb]: (run: Run, ...rest: unknown[]) => checkedFirst(correct, run, calling(correct, verb, rest)),
    })),
  },
  {
    fault: `says of a ${verb} that changed nothing that it has`,
    noticedBy: "a run that is not the run that has the mark writes nothing",
    build: withFault((correct) => ({
      [verb]: (run: Run, ...rest: unknown[]) => saying(true)(calling(correct, verb, rest)(run)),
    })),
  },
]);

/** Recommendations that are not stored as they must be. */
export const putSabotages: readonly RecommendationSabotage[] = [
  {
    fault: "keeps the first of what has one natural key",
    noticedBy: "put replaces what has the same natural key, and keeps all else",
    build: withFault((correct) => ({
      async put(sweep, recommendations) {
        const stored = await correct.list({ scope: sweep.scope, limit: EVERYTHING });
        const known = new Set(stored.map(({ recommendation }) => recommendation.key));
        return correct.put(
          sweep,
          recommendations.filter(({ key }) => !known.has(key)),
        );
      },
    })),
  },
  {
    fault: "stores what is put again beside what was there",
    noticedBy: "put replaces what has the same natural key, and keeps all else",
    build: withFault((correct) => ({
      put: (sweep, recommendations) =>
        correct.put(
          sweep,
          recommendations.map((one) => ({ ...one, key: `${one.key} ${sweep.owner}` })),
        ),
    })),
  },
  {
    fault: "leaves a recommendation in the place where it was first",
    noticedBy: "put places a recommendation anew that moved to another source",
    build: withFault((correct) => {
      const sources = new Map<string, string>();
      return {
        put(sweep, recommendations) {
          const placed = recommendations.map((one) => {
            const place = `${sweep.scope} ${one.key}`;
            const source = sources.get(place) ?? one.source;
            sources.set(place, source);
            return { ...one, source };
          });
          return correct.put(sweep, placed);
        },
      };
    }),
  },
  {
    fault: "refuses a put with one natural key twice",
    noticedBy: "of several recommendations with one natural key in one call, put stores the last",
    build: withFault((correct) => ({
      async put(sweep, recommendations) {
        if (new Set(recommendations.map(({ key }) => key)).size < recommendations.length)
          throw new Error("ON CONFLICT DO UPDATE command cannot affect row a second time");
        return correct.put(sweep, recommendations);
      },
    })),
  },
  {
    fault: "keeps only what the last call has put",
    noticedBy: "what the calls of one run put adds up",
    build: withFault((correct) => ({
      async put(sweep, recommendations) {
        const handed = { scope: sweep.scope, owner: sweep.owner, to: `${sweep.owner}'`, ttlMs: 60_000 };
        await correct.handOver(handed);
        const again = { ...handed, owner: handed.to, to: handed.owner };
        await correct.completeAccount({ ...sweep, owner: handed.to });
        await correct.handOver(again);
        return correct.put(sweep, recommendations);
      },
    })),
  },
  {
    fault: "answers a put of nothing with false",
    noticedBy: "what the calls of one run put adds up",
    build: withFault((correct) => ({
      put: async (sweep, recommendations) => recommendations.length > 0 && correct.put(sweep, recommendations),
    })),
  },
  {
    fault: "lists the recommendations of all scopes",
    noticedBy: "a scope holds what was put into it, and no other",
    build: withFault((correct) => {
      const scopes = new Set<string>();
      return {
        put(sweep, recommendations) {
          scopes.add(sweep.scope);
          return correct.put(sweep, recommendations);
        },
        list: async (query) =>
          (await Promise.all([...scopes].map((scope) => correct.list({ ...query, scope })))).flat(),
      };
    }),
  },
  {
    fault: "loses the evidence",
    noticedBy: "put stores recommendations as they were handed in, as known since the run started",
    build: withFault((correct) => ({
      put: (sweep, recommendations) =>
        correct.put(
          sweep,
          recommendations.map((one) => ({ ...one, evidence: {} })),
        ),
    })),
  },
  {
    fault: "stamps recommendations by the clock of the machine",
    noticedBy: "put stores recommendations as they were handed in, as known since the run started",
    build: withFault((correct) => ({
      list: async (query) =>
        (await correct.list(query)).map((placed) => ({
          ...placed,
          recommendation: { ...placed.recommendation, collectedAt: Date.now() },
        })),
    })),
  },
  {
    fault: "takes everything for just collected",
    noticedBy: "put stores recommendations as they were handed in, as known since the run started",
    build: withFault((correct) => ({
      list: async (query) => (await correct.list(query)).map((placed) => ({ ...placed, ageMs: 0 })),
    })),
  },
  {
    fault: "fails for characters that its database refuses",
    noticedBy: "put stores evidence of any characters",
    build: withFault((correct) => ({
      async put(sweep, recommendations) {
        if (JSON.stringify(recommendations).includes("\\u0000")) throw new Error("unsupported Unicode escape sequence");
        return correct.put(sweep, recommendations);
      },
    })),
  },
  {
    fault: "refuses the writes of a run whose mark has run out",
    noticedBy: "a run whose mark has run out writes as before, if nobody has taken over",
    build: withFault((correct, clock) => ({
      async put(sweep, recommendations) {
        const { running } = await correct.state(sweep.scope);
        return running !== null && running.expiresAt > clock.now() && correct.put(sweep, recommendations);
      },
    })),
  },
  {
    fault: "hands out what it keeps",
    noticedBy: "callers may change what they hand in and what they get",
    build: withFault((correct) => {
      const kept = new Map<string, Awaited<ReturnType<RecommendationStore["list"]>>>();
      return {
        async list(query) {
          const text = JSON.stringify(query);
          const page = kept.get(text) ?? (await correct.list(query));
          kept.set(text, page);
          return page;
        },
      };
    }),
  },
];
