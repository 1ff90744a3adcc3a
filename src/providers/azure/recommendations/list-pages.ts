import * as z from "zod/mini";
import { once } from "../../../domain/once.js";
import { collectPages } from "../../collect-pages.js";
import { parseAnswer } from "../../parse-answer.js";
import type { SourceContext } from "../../recommendation-source.js";
import { readAnswer } from "../arm-answer.js";
import { ArmError } from "../ask-arm.js";
import type { AzureConnection } from "../connect.js";

/** What is listed. */
export interface AzureListing {
  /** The API, whose requests for one account share their back-off. */
  readonly api: string;
  /** In words, such as `reservation recommendations`. */
  readonly what: string;
  /** The path of the first page, query included. */
  readonly path: string;
  /** Whether Azure documents 204 as its answer if there is nothing to list. */
  readonly answersNoContent: boolean;
}

const pageSchema = once(() =>
  z.object({ value: z.array(z.record(z.string(), z.unknown())), nextLink: z.nullish(z.string()) }),
);

/** The items of all pages, as they were answered. If one page fails, it throws. */
export function listPages(
  connection: AzureConnection,
  context: SourceContext,
  { api, what, path, answersNoContent }: AzureListing,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const ask = async (link: string, signal: AbortSignal) => {
    const request = connection.request({ method: "GET", path: link }, signal);
    const answer = readAnswer(await connection.pipeline.sendRequest(connection.httpClient, request));
    if (answer.status === 204 && answersNoContent) return { items: [], nextToken: undefined };
    if (answer.status !== 200) throw new ArmError(answer);
    const { value, nextLink } = parseAnswer(pageSchema(), answer.body, `page of ${what}`);
    return { items: value, nextToken: nextLink ?? undefined };
  };
  return collectPages({
    operation: what,
    maxPages: connection.settings.maxPages,
    signal: context.signal,
    fetch: (nextLink) => context.call(api, (signal) => ask(nextLink ?? path, signal)),
  });
}
