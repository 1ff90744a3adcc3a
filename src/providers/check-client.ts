/** What `clientFor` has to return. */
export interface ExpectedClient {
  /** The client in words, such as `a client of the Azure SDK`. */
  readonly client: string;
  /** The members that are used. */
  readonly members: readonly string[];
  /** For what the client was wanted. */
  readonly target: { readonly account: string; readonly region?: string };
}

/** Throws a `TypeError` that says what `clientFor` must return, if it returned something else. */
export function checkClient(found: unknown, { client, members, target }: ExpectedClient): void {
  const missing = members.filter((name) => !Object(found)[name]);
  if (missing.length === 0) return;
  const where = `account ${target.account}${target.region === undefined ? "" : ` and region ${target.region}`}`;
  const returned = found === undefined || found === null ? String(found) : `a value without ${missing.join(" and ")}`;
  throw new TypeError(`clientFor must return ${client} for ${where}; it returned ${returned}`);
}
