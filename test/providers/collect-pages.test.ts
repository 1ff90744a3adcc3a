import { describe, expect, test } from "vitest";
import { collectPages, type Page } from "../../src/providers/collect-pages.js";

/** A listing of these pages; each page's token is the number of the next one. */
function listing(pages: readonly Page<number>[], signal = new AbortController().signal) {
  const asked: (string | undefined)[] = [];
  const fetch = (nextToken: string | undefined) => {
    asked.push(nextToken);
    return Promise.resolve(pages[Number(nextToken ?? 0)] ?? { items: undefined, nextToken: undefined });
  };
  return { asked, items: () => collectPages({ operation: "List", maxPages: 3, signal, fetch }) };
}

const page = (items: readonly number[], nextToken?: string): Page<number> => ({ items, nextToken });

describe("a listing", () => {
  test("is read to its end, over empty pages with a token", async () => {
    const { items, asked } = listing([page([], "1"), page([1], "2"), page([2, 3])]);
    expect(await items()).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, "1", "2"]);
  });

  test("ends with an empty token as well as with none", async () => {
    expect(await listing([page([1], "")]).items()).toEqual([1]);
  });

  test("may have as many pages as the cap and no more", async () => {
    const pages = [page([0], "1"), page([1], "2"), page([2], "3"), page([3])];
    const { items, asked } = listing(pages);
    await expect(items()).rejects.toMatchObject({
      code: "OFFERING_PAGES_EXCEEDED",
      message: "List did not end within 3 pages (option maxPages).",
      details: { operation: "List", maxPages: 3 },
    });
    expect(asked).toHaveLength(3);
  });

  test("that answers the same token twice is refused", async () => {
    const { items } = listing([page([0], "1"), page([1], "1")]);
    await expect(items()).rejects.toMatchObject({
      code: "OFFERING_PAGES_EXCEEDED",
      message: expect.stringMatching(/same page token twice/),
    });
  });

  test("without a list is an error and never empty", async () => {
    await expect(listing([]).items()).rejects.toThrow("without a list");
  });

  test("stops where the caller aborts", async () => {
    const controller = new AbortController();
    const { items, asked } = listing([page([0], "1"), page([1])], controller.signal);
    const collected = items();
    controller.abort();
    await expect(collected).rejects.toThrow("aborted");
    expect(asked).toHaveLength(1);
  });
});
