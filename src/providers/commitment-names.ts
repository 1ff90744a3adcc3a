import { BuyonceError } from "../domain/errors.js";
import type { Prepared } from "../domain/evidence.js";
import { reservationId } from "../idempotency/token-formats.js";

/**
 * The names that a line's commitment may have, at most one of which is ever live.
 *
 * Clouds never free a name, not even the name of a commitment whose payment failed. So each retry by a person unlocks
 * one more name, which is used only if all names before it are spent. Names are in lower case, because RDS and similar
 * services fold names.
 */
export function commitmentNames(token: string, lineageAttempt: number): readonly [string, ...string[]] {
  const first = reservationId("buyonce-", token);
  const others = Array.from({ length: Math.max(lineageAttempt, 1) - 1 }, (_, index) => `${first}-${index + 2}`);
  return [first, ...others];
}

/** A name that a line may use, and the commitment that has it. */
export interface NamedCommitment {
  readonly name: string;
  readonly holder: { readonly isLive: boolean; readonly state: string | undefined } | undefined;
}

/** The first name that no commitment has. Throws `NAME_SPENT` if dead commitments have all names. */
export function freeName(named: readonly NamedCommitment[]): string {
  const live = named.find(({ holder }) => holder?.isLive);
  if (live !== undefined) throw new Error(`${live.name} has come to exist since it was looked up`);
  const free = named.find(({ holder }) => holder === undefined);
  if (free !== undefined) return free.name;
  const spent = named.map(({ name, holder }) => `${name} is ${holder?.state}`).join(", ");
  throw new BuyonceError("NAME_SPENT", `Every name of the line is spent: ${spent}.`, { details: { spent } });
}

/** The name that the write-ahead keeps. */
export function nameIn(prepared: Prepared): string {
  const name = sentNameIn(prepared);
  if (name === undefined) throw new TypeError("the write-ahead keeps no name");
  return name;
}

/** The name under which an earlier request was sent, if there was one and its write-ahead keeps a name. */
export function sentNameIn(prepared: Prepared | undefined): string | undefined {
  const name = prepared?.detail?.["name"];
  return typeof name === "string" ? name : undefined;
}
