import * as z from "zod/mini";
import { collectPages } from "../../collect-pages.js";
import { parseAnswer } from "../../parse-answer.js";
import type { GcpConnection } from "../connect.js";
import { lastPart } from "../last-part.js";
import { readListedPage } from "../listed-page.js";

/** The commitments into which a commitment was merged or split, by their names. */
export interface Successors {
  readonly mergedInto: readonly string[];
  readonly splitInto: readonly string[];
}

const PAGE_SIZE = 500;

const commitment = z.object({
  name: z.nullish(z.string()),
  mergeSourceCommitments: z.nullish(z.array(z.string())),
  splitSourceCommitment: z.nullish(z.string()),
});

/**
 * The commitments of the region that say they were made from a commitment; `undefined` if the clients cannot list.
 *
 * No filter is used, and the sources are compared here. A listing that fails throws, because it says nothing.
 */
export async function successorsOf(connection: GcpConnection, name: string): Promise<Successors | undefined> {
  if (connection.commitments.list === undefined) return undefined;
  const listed = (await listCommitments(connection)).map((row) => parseAnswer(commitment, row, "commitment"));
  const isIt = (source: string) => lastPart(source) === name;
  const made = (isMade: (row: (typeof listed)[number]) => boolean) =>
    listed.filter(isMade).map((row) => row.name ?? "a commitment without a name");
  return {
    mergedInto: made(({ mergeSourceCommitments }) => mergeSourceCommitments?.some(isIt) ?? false),
    splitInto: made(({ splitSourceCommitment }) => isIt(splitSourceCommitment ?? "")),
  };
}

const MOST_NAMED = 5;

/** What became of a commitment, in words; `undefined` where nothing says so. */
export function inWords({ mergedInto = [], splitInto = [] }: Partial<Successors>): string | undefined {
  const [how, names] = mergedInto.length > 0 ? (["merged", mergedInto] as const) : (["split", splitInto] as const);
  return names.length === 0 ? undefined : `${how} into ${names.slice(0, MOST_NAMED).join(", ")}`;
}

async function listCommitments(connection: GcpConnection): Promise<readonly unknown[]> {
  const { project, region, settings, signal } = connection;
  return collectPages({
    operation: "RegionCommitments.list",
    maxPages: settings.maxPages,
    signal,
    async fetch(pageToken) {
      const asked = { project, region, maxResults: PAGE_SIZE, ...(pageToken !== undefined && { pageToken }) };
      const answer = await connection.call(async (options) => [
        await connection.commitments.list?.(asked, { ...options, autoPaginate: false }),
      ]);
      return readListedPage(answer, "page of commitments");
    },
  });
}
