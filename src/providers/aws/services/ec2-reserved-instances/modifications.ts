import type { ReservedInstancesModification } from "@aws-sdk/client-ec2";
import { collectPages } from "../../../collect-pages.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";

/** One modification that EC2 has carried out: which commitments it ended, and which it made of them. */
export interface Modification {
  readonly sources: readonly string[];
  readonly results: readonly string[];
}

/**
 * Every modification that EC2 has carried out in the account and region.
 *
 * Modifications that are still processed, or that failed, changed nothing. No filter is used, as in all listings here.
 */
export async function listModifications({
  client,
  settings,
  signal,
  limit,
}: Ec2Connection): Promise<readonly Modification[]> {
  const { DescribeReservedInstancesModificationsCommand } = await loadEc2();
  const listed = await collectPages({
    operation: "DescribeReservedInstancesModifications",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeReservedInstancesModificationsCommand({ NextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.ReservedInstancesModifications, nextToken: page.NextToken };
    },
  });
  return listed.filter(({ Status }) => Status?.toLowerCase() === "fulfilled").map(modificationOf);
}

const modificationOf = (listed: ReservedInstancesModification): Modification => ({
  sources: idsOf(listed.ReservedInstancesIds),
  results: idsOf(listed.ModificationResults),
});

const idsOf = (named: readonly { readonly ReservedInstancesId?: string | undefined }[] = []): readonly string[] =>
  named.flatMap(({ ReservedInstancesId: id }) => id ?? []);

/** What a commitment was modified into, in words; `undefined` where no modification names it. */
export function becameOf(id: string, modifications: readonly Modification[]): string | undefined {
  const own = modifications.find(({ sources }) => sources.includes(id));
  if (own === undefined) return undefined;
  return own.results.length === 0 ? "modified" : `modified into ${own.results.join(", ")}`;
}

/**
 * The commitments that somebody bought and from which modifications made this one, at the far end of each chain.
 *
 * Empty for a commitment that no modification made.
 */
export function originsOf(id: string, modifications: readonly Modification[]): readonly string[] {
  const origins = new Set<string>();
  const passed = new Set<string>();
  const follow = (one: string): void => {
    if (passed.has(one)) return;
    passed.add(one);
    const sources = modifications.filter(({ results }) => results.includes(one)).flatMap(({ sources }) => sources);
    if (sources.length === 0) origins.add(one);
    for (const source of sources) follow(source);
  };
  follow(id);
  origins.delete(id);
  return [...origins];
}
