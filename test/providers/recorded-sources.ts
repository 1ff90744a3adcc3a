import type { Ledger } from "buyonce/simulator";
import { silentLogger } from "../../src/domain/logger.js";
import type {
  AccountDirectory,
  RecommendationSource,
  SourceContext,
} from "../../src/providers/recommendation-source.js";
import type { Step } from "./golden-file.js";

/** One source of recommendations, or a directory of accounts, at a simulated cloud. */
export interface RecordedSource {
  readonly asked: RecommendationSource | AccountDirectory;
  readonly account: string;
  readonly ledger: Pick<Ledger, "requests">;
  /** Every request so far, as a person reads it. */
  readonly texts: () => readonly string[];
}

/** What a source sends that is asked for everything: the operations, then each request once. */
export async function sourceSteps({ asked, account, ledger, texts }: RecordedSource): Promise<readonly Step[]> {
  const { signal } = new AbortController();
  const context: SourceContext = { signal, logger: silentLogger, call: (_api, send) => send(signal) };
  if ("accounts" in asked) await asked.accounts(context);
  else for (const part of await asked.parts(account, context)) await part.collect(context);
  const operations = (await ledger.requests()).map(({ operation }) => operation);
  const sent = [[...new Set(operations)].sort().join(", "), ...new Set(texts())];
  return [["collect", sent.join("\n\n")]];
}
