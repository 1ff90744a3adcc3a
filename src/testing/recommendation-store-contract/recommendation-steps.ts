import { createHash } from "node:crypto";
import type { Recommendation } from "../../domain/recommendation.js";
import type { CollectionStart } from "../../store-port/collection-lock.js";
import type {
  AccountSweep,
  PlacedRecommendation,
  RecommendationStore,
  SourceFreshness,
  SourceSweep,
} from "../../store-port/recommendation-store.js";
import { assert } from "../assert.js";
import { started } from "../collection-lock-contract/lock-steps.js";
import { sampleRequest } from "../store-contract/samples.js";

/** A recommendation about a subject: the same subject has the same natural key. */
export function sampleRecommendation(
  subject: string,
  { source = "s1", askedAccount = "a1", ...parts }: Partial<Recommendation> = {},
): Recommendation {
  const account = parts.account ?? askedAccount;
  const line = sampleRequest({ account, offering: { size: subject } });
  return {
    key: createHash("sha256").update(subject).digest("hex"),
    source,
    askedAccount,
    service: "custom.contract",
    account,
    region: "region-1",
    term: "1yr",
    payment: "no_upfront",
    lookbackDays: 30,
    subject: { size: subject, shared: true },
    variant: null,
    title: `2 x ${subject}`,
    offer: {
      kind: "line",
      line,
      unitPrices: [{ term: "1yr", payment: "no_upfront", price: { amount: "617.25", currency: "USD" } }],
    },
    figures: { monthlySavings: { amount: "0.10", currency: "USD" }, savingsPercent: "31.5" },
    generatedAt: 1_790_000_000_001,
    evidence: { nested: { list: [1, null, "x", 0.1] }, none: null },
    ...parts,
  };
}

type Run = Pick<CollectionStart, "scope" | "owner">;

/** The sweep of a run over one account of a source. */
export const sweepOf = ({ scope, owner }: Run, source = "s1", askedAccount = "a1"): AccountSweep => ({
  scope,
  owner,
  source,
  askedAccount,
});

/** The sweep of a run over a source. */
export const sourceOf = ({ scope, owner }: Run, source = "s1"): SourceSweep => ({ scope, owner, source });

/** Stores recommendations of any sources and accounts, each by the sweep that it names. The run must have the mark. */
export async function put(store: RecommendationStore, run: Run, ...all: readonly Recommendation[]): Promise<void> {
  for (const one of all)
    assert.equal(await store.put(sweepOf(run, one.source, one.askedAccount), [one]), true, "the run has lost its mark");
}

/** Stores recommendations as a run that fails afterwards. Returns its scope. */
export async function storedBefore(store: RecommendationStore, ...all: readonly Recommendation[]): Promise<string> {
  const run = await started(store);
  await put(store, run, ...all);
  await store.finish({ scope: run.scope, owner: run.owner, outcome: "failed" });
  return run.scope;
}

/** More than any case stores. */
const EVERYTHING = 1_000;

/** The subjects of all that is stored in a scope, in the order of the list. */
export const subjectsIn = async (store: RecommendationStore, scope: string): Promise<readonly string[]> =>
  (await store.list({ scope, limit: EVERYTHING })).map(({ recommendation }) => String(recommendation.subject["size"]));

/** What is known of one source. */
export const freshnessOf = async (
  store: RecommendationStore,
  scope: string,
  source = "s1",
): Promise<SourceFreshness | undefined> => (await store.freshness(scope)).find((one) => one.source === source);

/** Placed recommendations without what changes as time passes. */
export const withoutAges = (page: readonly PlacedRecommendation[]): readonly Omit<PlacedRecommendation, "ageMs">[] =>
  page.map(({ position, recommendation }) => ({ position, recommendation }));

/** All that readers of a scope see. */
export const seenIn = async (store: RecommendationStore, scope: string) => ({
  recommendations: withoutAges(await store.list({ scope, limit: EVERYTHING })),
  freshness: await store.freshness(scope),
});

/** The calls that write for a run, by what they do.. */
export const WRITES = {
  put: (store: RecommendationStore, run: Run) => store.put(sweepOf(run), [sampleRecommendation("late")]),
  completeAccount: (store: RecommendationStore, run: Run) => store.completeAccount(sweepOf(run)),
  completeSource: (store: RecommendationStore, run: Run) => store.completeSource(sourceOf(run)),
  failSource: (store: RecommendationStore, run: Run) =>
    store.failSource(sourceOf(run), { message: "too late", failures: 1 }),
} as const;
