import type { Execution } from "../../../../src/domain/execution.js";
import type { HistoryPage, HistoryQuery } from "../../../../src/store-port/execution-store.js";
import { allOf, type Sabotage, withFault, withMemoryOf } from "./sabotage.js";

/** A store that misreads what history is asked for. */
const asking = (misread: (query: HistoryQuery) => HistoryQuery): Sabotage["build"] =>
  withFault((correct) => ({ history: (query) => correct.history(misread(query)) }));

const withoutFilter = (query: HistoryQuery, filter: keyof HistoryQuery): HistoryQuery =>
  Object.fromEntries(Object.entries(query).filter(([name]) => name !== filter));

/** A store that finds the right executions but pages through them in its own way. */
export const paging = (
  page: (all: readonly Execution[], cursor: string | undefined, limit: number) => HistoryPage,
): Sabotage["build"] =>
  withFault((correct) => ({
    async history({ cursor, limit = 50, ...filters }) {
      const matching = { ...correct, history: (query: HistoryQuery) => correct.history({ ...filters, ...query }) };
      return page(await allOf(matching), cursor, Math.min(limit, 200));
    },
  }));

/** The rows of a page with a cursor where more follow. */
export const pageOf = (
  rows: readonly Execution[],
  limit: number,
  cursorOf: (last: Execution) => string,
): HistoryPage => {
  const executions = rows.slice(0, limit);
  const last = executions.at(-1);
  return { executions, ...(last && rows.length > limit ? { nextCursor: cursorOf(last) } : {}) };
};

/** A store in whose history only the first line of an execution counts. */
const firstLineOnly = (
  matches: (line: Execution["lines"][number] | undefined, query: HistoryQuery) => boolean,
): Sabotage["build"] =>
  withFault((correct) => ({
    async history(query) {
      const page = await correct.history(query);
      return { ...page, executions: page.executions.filter(({ lines: [line] }) => matches(line, query)) };
    },
  }));

const filteredBy = (what: string): string =>
  `history filtered by ${what} pages through what matches exactly once, newest first, and through nothing else`;
const ANY_LINE = "history finds executions by the cloud, service, account and commitment id of any line";
const TIMES = "history filters by status, source and time of creation";
const ONCE = "history pages through everything exactly once, also where times are equal and rows are added meanwhile";
const SIZES = "history has 50 executions on a page where nothing is said, and at most 200";

const FILTERS = [
  ["createdBy", "creator"],
  ["source", "source"],
  ["planId", "plan"],
  ["account", "account"],
  ["provider", "service"],
  ["commitmentId", "commitment id"],
  ["status", "status"],
] as const;

/** History that loses, repeats or mixes up. */
export const historySabotages: readonly Sabotage[] = [
  ...FILTERS.map(
    ([filter, what]): Sabotage => ({
      fault: `ignores ${filter} in history`,
      noticedBy: filteredBy(what),
      build: asking((query) => withoutFilter(query, filter)),
    }),
  ),
  {
    fault: "knows services but not clouds in history",
    noticedBy: filteredBy("cloud"),
    build: firstLineOnly((_, { provider }) => provider === undefined || provider.includes(".")),
  },
  {
    fault: "forgets the filters with the first page",
    noticedBy: filteredBy("source"),
    build: asking((query) =>
      query.cursor === undefined ? query : withoutFilter(withoutFilter(query, "source"), "status"),
    ),
  },
  {
    fault: "knows plans only by id and step",
    noticedBy: "history finds executions by their plan",
    build: withFault((correct) => ({
      async history(query) {
        const page = await correct.history(query);
        return { ...page, executions: page.executions.filter(({ plan }) => !query.planId || plan?.step === null) };
      },
    })),
  },
  {
    fault: "searches the account of the first line only",
    noticedBy: ANY_LINE,
    build: firstLineOnly((line, { account }) => account === undefined || line?.request.account === account),
  },
  {
    fault: "searches the service of the first line only",
    noticedBy: ANY_LINE,
    build: firstLineOnly(
      (line, { provider }) => provider === undefined || line?.request.service.startsWith(provider) === true,
    ),
  },
  {
    fault: "finds no executions by ids that their commitments had before",
    noticedBy: ANY_LINE,
    build: withFault((correct) => ({
      async history(query) {
        const page = await correct.history(query);
        const has = ({ lines }: Execution) =>
          lines.some(({ commitment }) => commitment?.commitmentIds.includes(query.commitmentId ?? ""));
        return query.commitmentId === undefined ? page : { ...page, executions: page.executions.filter(has) };
      },
    })),
  },
  {
    fault: "passes over a filter that it does not know",
    noticedBy: "history refuses a filter that it does not know",
    build: asking(({ status, createdBy, source, planId, account, provider, commitmentId, ...rest }) => {
      const { createdFrom, createdBefore, limit, cursor } = rest;
      const known = {
        status,
        createdBy,
        source,
        planId,
        account,
        provider,
        commitmentId,
        createdFrom,
        createdBefore,
        limit,
        cursor,
      };
      return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
    }),
  },
  {
    fault: "searches the first commitment id of a line only",
    noticedBy: ANY_LINE,
    build: withFault((correct) => ({
      async history(query) {
        const page = await correct.history(query);
        const isFirst = ({ lines }: Execution) =>
          lines.some(({ commitment }) => commitment?.commitmentIds[0] === query.commitmentId);
        return {
          ...page,
          executions: page.executions.filter((execution) => !query.commitmentId || isFirst(execution)),
        };
      },
    })),
  },
  {
    fault: "lists what was created at the very end of a span of time",
    noticedBy: TIMES,
    build: asking((query) =>
      query.createdBefore === undefined ? query : { ...query, createdBefore: query.createdBefore + 1 },
    ),
  },
  {
    fault: "overlooks what was created at the very beginning of a span of time",
    noticedBy: TIMES,
    build: asking((query) =>
      query.createdFrom === undefined ? query : { ...query, createdFrom: query.createdFrom + 1 },
    ),
  },
  {
    fault: "takes an empty list of statuses in history for no filter",
    noticedBy: TIMES,
    build: asking((query) => (query.status?.length === 0 ? withoutFilter(query, "status") : query)),
  },
  {
    fault: "lists the oldest first",
    noticedBy: "history lists executions, newest first, as get reads them",
    build: withFault((correct) => ({
      async history(query) {
        const page = await correct.history(query);
        return { ...page, executions: page.executions.toReversed() };
      },
    })),
  },
  {
    fault: "shows executions in history as they were created",
    noticedBy: "history lists executions, newest first, as get reads them",
    build: withMemoryOf((correct, created) => ({
      async history(query) {
        const page = await correct.history(query);
        return { ...page, executions: page.executions.map((execution) => created.get(execution.id) ?? execution) };
      },
    })),
  },
  {
    fault: "pages by counting rows",
    noticedBy: ONCE,
    build: paging((all, cursor, limit) => {
      const from = Number(cursor ?? 0);
      return pageOf(all.slice(from), limit, () => String(from + limit));
    }),
  },
  {
    fault: "loses rows that were created at the same time as the last of a page",
    noticedBy: ONCE,
    build: paging((all, cursor, limit) => {
      const rest = cursor === undefined ? all : all.filter(({ createdAt }) => createdAt < Number(cursor));
      return pageOf(rest, limit, ({ createdAt }) => String(createdAt));
    }),
  },
  {
    fault: "repeats rows that were created at the same time as the last of a page",
    noticedBy: ONCE,
    build: paging((all, cursor, limit) => {
      const from = all.findIndex(({ id }) => id === cursor);
      return pageOf(all.slice(Math.max(0, from)), limit, ({ id }) => id);
    }),
  },
  {
    fault: "looks for the last row of a page where the next one begins",
    noticedBy: "history goes on after a page though executions of it, its last one too, are removed meanwhile",
    build: paging((all, cursor, limit) =>
      pageOf(all.slice(all.findIndex(({ id }) => id === cursor) + 1), limit, ({ id }) => id),
    ),
  },
  {
    fault: "lists those first that changed last",
    noticedBy: "history goes on after a page though executions change meanwhile",
    build: paging((all, cursor, limit) => {
      const keyOf = ({ updatedAt, id }: Execution) => `${updatedAt} ${id}`;
      const sorted = all.toSorted((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
      return pageOf(
        sorted.filter((execution) => cursor === undefined || keyOf(execution) < cursor),
        limit,
        keyOf,
      );
    }),
  },
  {
    fault: "promises another page where there is none",
    noticedBy: "history gives no cursor with a page that ends exactly at the end",
    build: paging((all, cursor, limit) => {
      const rest = all.slice(all.findIndex(({ id }) => id === cursor) + 1);
      const last = rest[limit - 1];
      return { executions: rest.slice(0, limit), ...(last && { nextCursor: last.id }) };
    }),
  },
  {
    fault: "has pages of 100 where nothing is said",
    noticedBy: SIZES,
    build: asking((query) => ({ limit: 100, ...query })),
  },
  {
    fault: "has pages of any size",
    noticedBy: SIZES,
    build: withFault((correct) => ({
      async history(query) {
        if ((query.limit ?? 0) <= 200) return await correct.history(query);
        const { limit: _, ...rest } = query;
        return { executions: await allOf({ ...correct, history: (page) => correct.history({ ...rest, ...page }) }) };
      },
    })),
  },
];
