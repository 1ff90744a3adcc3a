import * as z from "zod/mini";
import type { Page } from "../collect-pages.js";
import { parseAnswer } from "../parse-answer.js";

// Google's clients answer a page as its rows, the request for the next one, and the answer itself.
const page = z.tuple([z.array(z.unknown())], z.unknown());
const nextRequest = z.nullish(z.object({ pageToken: z.nullish(z.string()) }));

/** Reads a page that one of Google's clients answered with `autoPaginate: false`. */
export function readListedPage(answer: unknown, what: string): Page<unknown> {
  const [items, next] = parseAnswer(page, answer, what);
  return { items, nextToken: parseAnswer(nextRequest, next, "request for a page")?.pageToken ?? undefined };
}
