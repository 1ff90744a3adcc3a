import type { Execution } from "../../domain/execution.js";
import type { ExecutionStore, HistoryQuery } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";

/** More pages than any case has. A store that repeats pages for ever must fail, not hang. */
const MOST_PAGES = 20;

export const idsOf = (executions: readonly Execution[]): readonly string[] => executions.map(({ id }) => id);

/** Every page of a query, in order. */
export async function allPages(store: ExecutionStore, query: HistoryQuery): Promise<readonly (readonly Execution[])[]> {
  const pages: (readonly Execution[])[] = [];
  for (let cursor: string | undefined; ; ) {
    assert.ok(pages.length < MOST_PAGES, "the pages do not end");
    const page = await store.history({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page.executions);
    if (page.nextCursor === undefined) return pages;
    cursor = page.nextCursor;
  }
}
