import { postgresStore, type SqlClient } from "../../../src/stores/postgres/index.js";
import type { ContractCase } from "../../../src/testing/store-contract/contract-case.js";

/** A part of the statements, and what stands in its place. */
export interface Mutant {
  readonly without: string;
  readonly part: RegExp;
  readonly instead: string;
}

/** A client that sends a mutant's statements, and how many it has changed. */
export function mutantOf({ part, instead }: Mutant, pool: SqlClient): { client: SqlClient; mutated(): number } {
  let mutated = 0;
  const client: SqlClient = {
    query({ text, values }) {
      const changed = text.replace(part, instead);
      if (changed !== text) mutated += 1;
      return pool.query({ text: changed, values: [...values] });
    },
  };
  return { client, mutated: () => mutated };
}

/** The first case that fails over a client. */
export async function firstFailure(
  cases: readonly ContractCase[],
  sql: SqlClient,
  schema: string,
): Promise<string | undefined> {
  const store = postgresStore(sql, { schema });
  const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  for (const { name, run } of cases) {
    const failed = await run({ store, pass }).then(
      () => false,
      () => true,
    );
    if (failed) return name;
  }
  return undefined;
}
