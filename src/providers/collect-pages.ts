import { BuyonceError } from "../domain/errors.js";

/** One page of a listing. A missing or empty token ends the listing. */
export interface Page<Item> {
  /** `undefined` if the answer holds no list at all, which is not an empty list. */
  readonly items: readonly Item[] | undefined;
  readonly nextToken: string | undefined;
}

/** A listing to read to its end. */
export interface Listing<Item> {
  /** The operation, for messages. */
  readonly operation: string;
  readonly maxPages: number;
  /** Checked before each page. */
  readonly signal: AbortSignal;
  fetch(nextToken: string | undefined): Promise<Page<Item>>;
}

/**
 * Every item of a listing, all pages of it.
 *
 * An empty page with a token does not end the listing: EC2 answers many of them where a filter matches little. Throws
 * `OFFERING_PAGES_EXCEEDED` after `maxPages` pages, and for a token that came before. An answer without a list is an
 * error, never "nothing".
 */
export async function collectPages<Item>(listing: Listing<Item>): Promise<readonly Item[]> {
  const items: Item[] = [];
  const tokens = new Set<string>();
  let nextToken: string | undefined;
  for (let pages = 0; pages < listing.maxPages; pages += 1) {
    listing.signal.throwIfAborted();
    const page = await listing.fetch(nextToken);
    if (page.items === undefined) throw new Error(`${listing.operation} answered without a list`);
    items.push(...page.items);
    if (page.nextToken === undefined || page.nextToken === "") return items;
    if (tokens.has(page.nextToken)) throw exceeded(listing, "answered the same page token twice");
    nextToken = page.nextToken;
    tokens.add(nextToken);
  }
  throw exceeded(listing, `did not end within ${listing.maxPages} pages (option maxPages)`);
}

const exceeded = (
  { operation, maxPages }: Pick<Listing<unknown>, "operation" | "maxPages">,
  what: string,
): BuyonceError =>
  new BuyonceError("OFFERING_PAGES_EXCEEDED", `${operation} ${what}.`, { details: { operation, maxPages } });
