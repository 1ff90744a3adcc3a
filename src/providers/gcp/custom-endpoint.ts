import * as z from "zod/mini";

/**
 * How one of Google's clients keeps the endpoint that it was made with.
 *
 * The client's `apiEndpoint` is not used: it names the default of its universe, whatever the client was made with
 * (@google-cloud/compute 6.15).
 */
const madeFor = z.object({
  _opts: z.object({ servicePath: z.string().check(z.minLength(1)) }),
  universeDomain: z.optional(z.string().check(z.minLength(1))),
});

/**
 * Whether a client was made for an `apiEndpoint` that is not Google's, such as that of a simulator.
 *
 * A client that does not show its endpoint, for instance a wrapped one, counts as Google's own, where every purchase is
 * real.
 */
export function hasCustomEndpoint(client: unknown): boolean {
  const { data } = madeFor.safeParse(client);
  if (data === undefined) return false;
  const host = data._opts.servicePath.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  // Google's clouds for one country or customer have a universe of their own, and are no simulators either.
  return !["googleapis.com", data.universeDomain ?? "googleapis.com"].some((own) => host.endsWith(own.toLowerCase()));
}
