import pMap from "p-map";
import { type Clock, stopwatch } from "../../domain/clock.js";
import type { Recommendation, ReportedRecommendation } from "../../domain/recommendation.js";
import type { RecommendationSource, SourceContext, SourcePart } from "../../providers/recommendation-source.js";
import { checkedReport } from "./checked-report.js";
import { type CollectionFailure, type CollectionPlace, failureAt } from "./collection-failure.js";

/** What a source knows of one account. */
export interface AccountCollection {
  readonly source: string;
  readonly askedAccount: string;
  readonly recommendations: readonly Recommendation[];
  /** How many recommendations arrived. */
  readonly count: number;
  /** Whether any part of it arrived, even if there was nothing to recommend. */
  readonly arrived: boolean;
  /** Empty if the collection of the account is complete. */
  readonly failures: readonly CollectionFailure[];
}

/** One account of one source. */
export interface AccountTask {
  readonly source: RecommendationSource;
  readonly account: string;
}

/** How the parts of an account are collected. */
export interface PartRules {
  readonly context: SourceContext;
  readonly clock: Clock;
  /** Regions at the same time. */
  readonly regions: number;
  /** Called with the number of parts once it is known. */
  onParts(count: number): void;
  onPart(place: CollectionPlace, ms: number): void;
}

type PartResult =
  | { readonly place: CollectionPlace; readonly reports: readonly ReportedRecommendation[] }
  | { readonly failure: CollectionFailure };

/** Collects all parts of an account. A part that fails costs no other. Throws only if the collection is canceled. */
export async function collectAccount({ source, account }: AccountTask, rules: PartRules): Promise<AccountCollection> {
  const place = (about: string, region?: string): CollectionPlace => ({
    source: source.name,
    account,
    ...(region !== undefined && { region }),
    about,
  });
  const { context } = rules;
  let parts: readonly SourcePart[];
  try {
    parts = await source.parts(account, context);
  } catch (thrown) {
    context.signal.throwIfAborted();
    const failures = [failureAt(place("what there is to ask"), thrown, source.faultOf)];
    return { source: source.name, askedAccount: account, recommendations: [], count: 0, arrived: false, failures };
  }
  rules.onParts(parts.length);
  const collectPart = async (part: SourcePart): Promise<PartResult> => {
    const where = place(part.about, part.region);
    const elapsed = stopwatch(rules.clock);
    try {
      return { place: where, reports: await part.collect(context) };
    } catch (thrown) {
      context.signal.throwIfAborted();
      return { failure: failureAt(where, thrown, source.faultOf) };
    } finally {
      rules.onPart(where, elapsed());
    }
  };
  const byRegion = await pMap(
    regionsOf(parts),
    (group) => pMap(group, collectPart, { concurrency: Number.POSITIVE_INFINITY }),
    { concurrency: rules.regions, signal: context.signal },
  );
  return merged({ source: source.name, askedAccount: account }, byRegion.flat());
}

/** The parts of each region, in the order of their first parts. Parts without a region are one group. */
function regionsOf(parts: readonly SourcePart[]): readonly (readonly SourcePart[])[] {
  const groups = new Map<string | undefined, SourcePart[]>();
  for (const part of parts) {
    const group = groups.get(part.region);
    if (group === undefined) groups.set(part.region, [part]);
    else group.push(part);
  }
  return [...groups.values()];
}

/** All reports in the order of their parts. A part with a report that is odd, or that came before, counts as failed. */
function merged(
  reporter: { readonly source: string; readonly askedAccount: string },
  results: readonly PartResult[],
): AccountCollection {
  const byKey = new Map<string, Recommendation>();
  const failures: CollectionFailure[] = [];
  for (const result of results) {
    if ("failure" in result) {
      failures.push(result.failure);
      continue;
    }
    try {
      const checked = result.reports.map((report) => checkedReport(reporter, report));
      for (const { key, title } of checked) if (byKey.has(key)) throw new Error(`${title} was reported twice`);
      if (new Set(checked.map(({ key }) => key)).size < checked.length)
        throw new Error("the same recommendation was reported twice in one answer");
      for (const recommendation of checked) byKey.set(recommendation.key, recommendation);
    } catch (thrown) {
      failures.push(failureAt(result.place, thrown, () => ({ kind: "unreadable" })));
    }
  }
  const arrived = results.length === 0 || failures.length < results.length;
  return { ...reporter, recommendations: [...byKey.values()], count: byKey.size, arrived, failures };
}
