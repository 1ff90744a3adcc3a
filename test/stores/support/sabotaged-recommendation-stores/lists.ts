import type { PlacedRecommendation } from "../../../../src/store-port/recommendation-store.js";
import { type RecommendationSabotage, withFault } from "./sabotage.js";

const ORDER = "recommendations come by source, account, region, service and key, as their positions do";
const PAGES = "pages hold as many as are wanted, and go on after a position";
const WANTED = "list gives those of the wanted sources, service and account";

/** A list whose pages are changed on the way. */
const paged = (change: (page: readonly PlacedRecommendation[], limit: number) => readonly PlacedRecommendation[]) =>
  withFault((correct) => ({
    list: async (query) => change(await correct.list(query), query.limit),
  }));

/** A list that orders by a text that it makes. */
const orderedBy = (positionOf: (one: PlacedRecommendation["recommendation"]) => string) =>
  withFault((correct) => ({
    async list({ after = "", limit, ...query }) {
      const all = (await correct.list({ ...query, limit: 1_000 })).map((placed) => ({
        ...placed,
        position: positionOf(placed.recommendation),
      }));
      return all
        .toSorted((a, b) => (a.position < b.position ? -1 : 1))
        .filter(({ position }) => position > after)
        .slice(0, limit);
    },
  }));

/** A list that does not look at a part of the query. */
const blindTo = (...parts: readonly string[]) =>
  withFault((correct) => ({
    list: (query) =>
      correct.list(Object.fromEntries(Object.entries(query).filter(([part]) => !parts.includes(part))) as typeof query),
  }));

/** Lists and pages that are not what they must be. */
export const listSabotages: readonly RecommendationSabotage[] = [
  {
    fault: "makes up a recommendation of a scope that was never collected",
    noticedBy: "a scope that was never collected has no recommendations",
    build: paged((page) => (page.length === 0 ? ([{}] as never) : page)),
  },
  { fault: "lists the newest first", noticedBy: ORDER, build: paged((page) => page.toReversed()) },
  {
    fault: "orders by key alone",
    noticedBy: ORDER,
    build: orderedBy(({ key }) => key),
  },
  {
    fault: "orders by parts that run into each other",
    noticedBy: ORDER,
    build: orderedBy(({ source, account, region, service, key }) => [source, account, region, service, key].join("|")),
  },
  {
    fault: "gives several recommendations one position",
    noticedBy: ORDER,
    build: paged((page) => page.map(({ position, ...one }) => ({ ...one, position: position.split(" ")[0] ?? "" }))),
  },
  { fault: "begins each page at the beginning", noticedBy: WANTED, build: blindTo("after") },
  {
    fault: "begins each page with the last of the page before",
    noticedBy: WANTED,
    build: withFault((correct) => ({
      async list({ after = "", limit, ...query }) {
        const all = await correct.list({ ...query, limit: 1_000 });
        return all.filter(({ position }) => position >= after).slice(0, limit);
      },
    })),
  },
  {
    fault: "skips one between two pages",
    noticedBy: PAGES,
    build: withFault((correct) => ({
      list: async ({ limit, ...query }) =>
        (await correct.list({ ...query, limit: limit + 1 })).slice(query.after ? 1 : 0).slice(0, limit),
    })),
  },
  {
    fault: "gives more than is wanted",
    noticedBy: PAGES,
    build: withFault((correct) => ({
      list: (query) => correct.list({ ...query, limit: query.limit + 1 }),
    })),
  },
  { fault: "gives less than is wanted", noticedBy: PAGES, build: paged((page, limit) => page.slice(0, limit - 1)) },
  ...["sources", "service", "account"].map((part) => ({
    fault: `does not look at the wanted ${part}`,
    noticedBy: WANTED,
    build: blindTo(part),
  })),
  {
    fault: "takes no wanted source for all sources",
    noticedBy: WANTED,
    build: withFault((correct) => ({
      list: ({ sources, ...query }) => correct.list(sources?.length ? { ...query, sources } : query),
    })),
  },
  {
    fault: "lists by the account that was asked",
    noticedBy: WANTED,
    build: withFault((correct) => ({
      async list({ account, ...query }) {
        const all = await correct.list(query);
        return all.filter(({ recommendation }) => account === undefined || recommendation.askedAccount === account);
      },
    })),
  },
];
