import type { Commitment } from "../../domain/evidence.js";
import type { Sighting } from "../commitment-provider.js";
import { isOver } from "./sighting-of-parts.js";

/** How an entry of a listing states its id and the token that it carries. */
export interface Labels<Entry> {
  readonly idOf: (entry: Entry) => string;
  readonly tokenOn: (entry: Entry) => string | undefined;
}

/** The entries of a commitment. Throws until all of them are listed. */
export const recorded = <Entry>(
  listed: readonly Entry[],
  { commitmentIds }: Commitment,
  { idOf }: Labels<Entry>,
): readonly Entry[] =>
  commitmentIds.map((id) => {
    const entry = listed.find((one) => idOf(one) === id);
    if (entry === undefined) throw new Error(`${id} is not listed yet`);
    return entry;
  });

/** The entries that have yet to get a token. Throws if one of them carries the token of another line. */
export function unlabeled<Entry extends { readonly sighting: Sighting }>(
  entries: readonly Entry[],
  token: string,
  { idOf, tokenOn }: Labels<Entry>,
): readonly Entry[] {
  const taken = entries.find((entry) => ![undefined, token].includes(tokenOn(entry)));
  if (taken !== undefined) throw new Error(`${idOf(taken)} carries the token of another line`);
  return entries.filter((entry) => !isOver(entry) && tokenOn(entry) !== token);
}
