import type { EpochMs } from "../domain/clock.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import type { InputProblem } from "../domain/input-problem.js";
import { checkKeys, type KeysOf, nameProblems, refuse } from "../domain/options.js";
import type { StoredRecommendation, UnpricedRequest } from "../domain/recommendation.js";
import type { PlacedRecommendation, RecommendationStore } from "../store-port/recommendation-store.js";
import type { SourceAccounts } from "./fan-out/collection-options.js";
import { remainingLine } from "./remaining-line.js";

/** A need that is open or freshly bought, as `engine.suppressionsOf` tells it. */
export interface SuppressedNeed {
  readonly needKey: string;
  /** Until when it is taken. Null for as long as a purchase is open. */
  readonly until: EpochMs | null;
  readonly lines: readonly { readonly executionId: string; readonly request: CommitmentRequest }[];
}

/** For whom recommendations are read, with what takes their needs. */
export interface RecommendationReader {
  readonly readBy: string | { readonly id: string };
}

/** What a purchase engine knows of the needs of some lines. */
export interface NeedSuppressions {
  /** For each line, in their order, what takes its need. Null if nothing does. */
  suppressionsOf(
    considered: readonly {
      readonly line: CommitmentRequest | UnpricedRequest;
      /** What was bought since then takes the need too. */
      readonly knownForMs: number;
    }[],
    reading?: RecommendationReader,
  ): Promise<readonly (SuppressedNeed | null)[]>;
}

/** Which recommendations are wanted. */
export interface RecommendationListing extends Partial<RecommendationReader> {
  readonly service?: string;
  /** The account that the commitment would belong to. */
  readonly account?: string;
  /**
   * What becomes of recommendations whose need is open or freshly bought. `hide`, the default, leaves them out, because the
   * engine would not approve another purchase unasked. `net` lists what remains of them, for lines that state
   * `allowOverlap`. `show` lists them as the cloud made them.
   */
  readonly taken?: "hide" | "net" | "show";
  /** How many stored recommendations are read, at most 500; default 100. A page may hold less of them. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** A recommendation, with what takes its need. */
export interface ListedRecommendation extends StoredRecommendation {
  readonly suppressed: SuppressedNeed | null;
}

/** A page of recommendations, ordered by source, account, region, service and key. */
export interface ListedRecommendations {
  readonly recommendations: readonly ListedRecommendation[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

const KNOWN: KeysOf<RecommendationListing> = {
  service: true,
  account: true,
  taken: true,
  limit: true,
  cursor: true,
  readBy: true,
};
const TAKEN: readonly string[] = ["hide", "net", "show"];
const LONGEST_PAGE = 500;

/** Where recommendations are read. */
interface ListedFrom {
  readonly store: RecommendationStore;
  readonly scope: string;
  readonly sources: readonly SourceAccounts[];
  readonly engine: NeedSuppressions | undefined;
}

/** Reads one page of what is stored for the sources as they are configured now. */
export async function listRecommendations(
  { store, scope, sources, engine }: ListedFrom,
  listing: RecommendationListing,
): Promise<ListedRecommendations> {
  checkKeys<RecommendationListing>("listing", listing, KNOWN);
  refuse([...listingProblems(listing)]);
  const { service, account, taken = "hide", limit = 100, cursor } = listing;
  const page = await store.list({
    scope,
    sources: sources.map(({ source }) => source.name),
    limit,
    ...(service !== undefined && { service }),
    ...(account !== undefined && { account }),
    ...(cursor !== undefined && { after: cursor }),
  });
  const suppressed = await suppressionsOf(engine, page, listing.readBy);
  const recommendations = page.flatMap(
    ({ recommendation }, index) => listed({ ...recommendation, suppressed: suppressed[index] ?? null }, taken) ?? [],
  );
  const last = page.at(-1);
  return last !== undefined && page.length === limit
    ? { recommendations, nextCursor: last.position }
    : { recommendations };
}

function* listingProblems({
  service,
  account,
  taken = "hide",
  limit = 1,
  cursor,
}: RecommendationListing): Generator<InputProblem> {
  yield* nameProblems("listing.service", service);
  yield* nameProblems("listing.account", account);
  yield* nameProblems("listing.cursor", cursor);
  if (!TAKEN.includes(taken)) yield { path: "listing.taken", problem: `must be one of ${TAKEN.join(", ")}` };
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > LONGEST_PAGE)
    yield { path: "listing.limit", problem: `must be a whole number from 1 to ${LONGEST_PAGE}` };
}

/** What takes the need of each recommendation. Null for what cannot be bought. */
async function suppressionsOf(
  engine: NeedSuppressions | undefined,
  page: readonly PlacedRecommendation[],
  readBy: RecommendationListing["readBy"],
): Promise<readonly (SuppressedNeed | null)[]> {
  if (engine === undefined) return page.map(() => null);
  const considered = page.map((placed) => {
    const { offer } = placed.recommendation;
    return offer.kind === "line" ? { line: offer.line, knownForMs: knownForMs(placed) } : undefined;
  });
  const lines = considered.flatMap((line) => line ?? []);
  const known = await engine.suppressionsOf(lines, readBy === undefined ? undefined : { readBy });
  let next = 0;
  return considered.map((line) => (line === undefined ? null : (known[next++] ?? null)));
}

/** How old the knowledge of a recommendation is: it counts from when the cloud computed it, or was asked, whichever is earlier. */
const knownForMs = ({ ageMs, recommendation: { collectedAt, generatedAt } }: PlacedRecommendation): number =>
  ageMs + Math.max(0, collectedAt - (generatedAt ?? collectedAt));

/** A recommendation as it is listed. `undefined` if it is left out. */
function listed(
  recommendation: ListedRecommendation,
  taken: NonNullable<RecommendationListing["taken"]>,
): ListedRecommendation | undefined {
  const { suppressed, offer } = recommendation;
  if (suppressed === null || offer.kind !== "line" || taken === "show") return recommendation;
  if (taken === "hide") return undefined;
  const line = remainingLine(
    offer.line,
    suppressed.lines.map(({ request }) => request),
  );
  return line === null ? undefined : { ...recommendation, offer: { ...offer, line } };
}
