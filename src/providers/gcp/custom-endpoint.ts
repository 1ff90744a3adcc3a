import * as z from "zod/mini";

/**
 * How a client of Google's remembers where it was told to go. Its own `apiEndpoint` names the default of its universe
 * whatever it was made with (@google-cloud/compute 6.15).
 */
const madeFor = z.object({
  _opts: z.object({ servicePath: z.string().check(z.minLength(1)) }),
  universeDomain: z.optional(z.string().check(z.minLength(1))),
});

/**
 * Whether a client was made for an `apiEndpoint` that is not Google's, as one of a simulator is.
 *
 * A client that does not say so, for instance one that is wrapped, counts as Google's own, where every purchase is real.
 */
export function hasCustomEndpoint(client: unknown): boolean {
  const { data } = madeFor.safeParse(client);
  if (data === undefined) return false;
  const host = data._opts.servicePath.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  // Google's clouds for one country or customer have a universe of their own, and are no simulators either.
  return !["googleapis.com", data.universeDomain ?? "googleapis.com"].some((own) => host.endsWith(own.toLowerCase()));
}
