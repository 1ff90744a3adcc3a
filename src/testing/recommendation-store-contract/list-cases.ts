import type { Recommendation } from "../../domain/recommendation.js";
import type { PlacedRecommendation, RecommendationQuery } from "../../store-port/recommendation-store.js";
import { assert } from "../assert.js";
import { unique } from "../store-contract/samples.js";
import type { RecommendationCase } from "./recommendation-case.js";
import { sampleRecommendation, storedBefore, withoutAges } from "./recommendation-steps.js";

/** Recommendations of which each part is the beginning of another. */
function inManyPlaces(): readonly Recommendation[] {
  const places: Partial<Recommendation>[] = [];
  for (const source of ["aws", "aws.more"])
    for (const account of ["1", "11"])
      for (const region of ["eu-west-1", "eu-west-1-lax"])
        for (const service of ["custom.a", "custom.a.b"])
          places.push({ source, askedAccount: `asked ${account}`, account, region, service });
  return places.map((place) => sampleRecommendation(unique("subject"), place));
}

/** The parts that give the order. */
const orderOf = ({ source, account, region, service, key }: Recommendation): readonly string[] => [
  source,
  account,
  region,
  service,
  key,
];

function inOrder(one: Recommendation, other: Recommendation): number {
  const others = orderOf(other);
  for (const [at, part] of orderOf(one).entries()) {
    const otherPart = others[at] ?? "";
    if (part !== otherPart) return part < otherPart ? -1 : 1;
  }
  return 0;
}

const keysOf = (page: readonly PlacedRecommendation[]): readonly string[] =>
  page.map(({ recommendation }) => recommendation.key);

/** Cases about what readers get. */
export const listCases: readonly RecommendationCase[] = [
  {
    name: "a scope that was never collected has no recommendations",
    async run({ store }) {
      assert.deepEqual(await store.list({ scope: unique("scope"), limit: 10 }), []);
    },
  },
  {
    name: "recommendations come by source, account, region, service and key, as their positions do",
    async run({ store }) {
      const all = inManyPlaces();
      const scope = await storedBefore(store, ...all.toReversed());
      const list = await store.list({ scope, limit: 100 });
      assert.deepEqual(
        keysOf(list),
        all.toSorted(inOrder).map(({ key }) => key),
      );
      const positions = list.map(({ position }) => position);
      assert.deepEqual(positions, [...new Set(positions)].toSorted());
    },
  },
  {
    name: "pages hold as many as are wanted, and go on after a position",
    async run({ store }) {
      const scope = await storedBefore(store, ...inManyPlaces());
      const whole = await store.list({ scope, limit: 100 });
      const paged: PlacedRecommendation[] = [];
      for (let after: string | undefined = ""; after !== undefined; ) {
        const page: readonly PlacedRecommendation[] = await store.list({ scope, after, limit: 3 });
        assert.ok(page.length <= 3, "a page is too long");
        paged.push(...page);
        after = page.length < 3 ? undefined : page.at(-1)?.position;
      }
      assert.deepEqual(withoutAges(paged), withoutAges(whole));
    },
  },
  {
    name: "list gives those of the wanted sources, service and account",
    async run({ store }) {
      const all = inManyPlaces();
      const scope = await storedBefore(store, ...all);
      const assertGives = async (query: Partial<RecommendationQuery>, isWanted: (one: Recommendation) => boolean) =>
        assert.deepEqual(
          keysOf(await store.list({ scope, limit: 100, ...query })),
          all
            .filter(isWanted)
            .toSorted(inOrder)
            .map(({ key }) => key),
        );
      await assertGives({ sources: ["aws"] }, ({ source }) => source === "aws");
      await assertGives({ sources: ["aws.more", "aws", "none"] }, () => true);
      await assertGives({ sources: [] }, () => false);
      await assertGives({ service: "custom.a" }, ({ service }) => service === "custom.a");
      await assertGives({ account: "1" }, ({ account }) => account === "1");
      await assertGives({ account: "asked 1" }, () => false);
      const both = { sources: ["aws"], account: "11", service: "custom.a.b" };
      await assertGives(
        both,
        ({ source, account, service }) => [source, account, service].join() === "aws,11,custom.a.b",
      );
      const [first, ...rest] = await store.list({ scope, account: "11", limit: 100 });
      const after = first?.position ?? assert.fail("nothing is listed");
      const page = await store.list({ scope, account: "11", after, limit: 2 });
      assert.deepEqual(withoutAges(page), withoutAges(rest.slice(0, 2)));
    },
  },
];
