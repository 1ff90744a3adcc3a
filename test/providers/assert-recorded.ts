import { deepEqual } from "node:assert/strict";
import { readdirSync } from "node:fs";
import type { Ledger } from "buyonce/simulator";
import { shownOperations } from "./golden-file.js";

/**
 * Fails if a simulated cloud has seen an operation that no golden file of its adapters shows. So what the files show is
 * all that the adapters send, and docs/permissions.md can be made of them.
 *
 * `others` are the operations of clients that are no adapter.
 */
export async function assertRecorded(
  cloud: "azure" | "gcp",
  ledger: Pick<Ledger, "requests">,
  others: readonly string[] = [],
): Promise<void> {
  const seen = new Set((await ledger.requests()).map(({ operation }) => operation));
  const unrecorded = [...seen].filter((operation) => !recorded(cloud).has(operation) && !others.includes(operation));
  deepEqual(unrecorded, [], `no golden file of ${cloud} shows these operations`);
}

const known = new Map<string, ReadonlySet<string>>();

function recorded(cloud: string): ReadonlySet<string> {
  const folder = new URL(`./${cloud}/golden/`, import.meta.url);
  const operations =
    known.get(cloud) ??
    shownOperations(
      ...readdirSync(folder)
        .filter((name) => name.endsWith(".http"))
        .map((name) => new URL(name, folder)),
    );
  known.set(cloud, operations);
  return operations;
}
