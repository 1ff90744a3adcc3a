import { setTimeout as sleep } from "node:timers/promises";
import { type CommitmentRequest, createPurchaseEngine, type PurchaseEngine } from "buyonce";
import { migrate, postgresRecommendationStore, postgresStore, type SqlClient } from "buyonce/postgres";
import {
  type CollectionProgress,
  chooseRecommendations,
  createRecommendations,
  type Recommendations,
  toLine,
} from "buyonce/recommendations";
import { startThreeClouds, type ThreeClouds } from "./three-clouds.js";

/** The opening has a schema of its own, so that the scenes after it see none of its executions. */
const SCHEMA = "recommended";

/** What the opening needs. */
interface Opening {
  readonly sql: SqlClient;
  say(text: string): void;
}

/** The opening of the demo: collect, choose, submit, approve, run, and collect again. Returns how many lines went wrong. */
export async function buyWhatIsRecommended({ sql, say }: Opening): Promise<number> {
  await migrate(sql, { schema: SCHEMA });
  const clouds = await startThreeClouds();
  try {
    const { engine, recommendations } = programOver(clouds, sql, progressLine(say));
    const first = await collectedLines(recommendations);
    say(`the clouds recommend ${first.length} commitments:`);
    for (const line of first)
      say(`  ${line.service.padEnd(20)} ${line.account}, ${line.expectedPrice.amount} ${line.expectedPrice.currency}`);
    await buy(engine, "recommended-1", first);
    const bought = await clouds.purchases();
    const second = await collectedLines(recommendations);
    say(`bought ${bought.length} of ${first.length}; collected again, ${second.length} are still recommended`);
    return Math.abs(bought.length - first.length) + second.length;
  } finally {
    await clouds.close();
  }
}

/** A program that buys what is recommended, over its own engine and collection. */
export function programOver(
  { providers, sources }: Pick<ThreeClouds, "providers" | "sources">,
  sql: SqlClient,
  onProgress?: (progress: CollectionProgress) => void,
): { readonly engine: PurchaseEngine; readonly recommendations: Recommendations } {
  const engine = createPurchaseEngine({ store: postgresStore(sql, { schema: SCHEMA }), providers });
  const recommendations = createRecommendations({
    store: postgresRecommendationStore(sql, { schema: SCHEMA }),
    engine,
    sources,
    ...(onProgress && { onProgress }),
  });
  return { engine, recommendations };
}

/** Collects, or waits for whoever collects, and makes lines of what is preferred. */
export async function collectedLines(recommendations: Recommendations): Promise<readonly CommitmentRequest[]> {
  const refresh = await recommendations.refreshRecommendations();
  if (refresh.status === "started") await refresh.finished;
  else while ((await recommendations.freshness()).running !== null) await sleep(100);
  const { recommendations: listed } = await recommendations.list({ limit: 500 });
  const chosen = chooseRecommendations(listed, { terms: ["1yr"], payments: ["no_upfront", "all_upfront"] });
  return chosen.flatMap((recommendation) => {
    const made = toLine(recommendation);
    return made.kind === "line" ? [made.line] : [];
  });
}

/** Submits, approves and runs one basket. */
export async function buy(
  engine: PurchaseEngine,
  requestKey: string,
  lines: readonly CommitmentRequest[],
): Promise<void> {
  if (lines.length === 0) return;
  const { id } = await engine.submit({ requestKey, createdBy: "finops@example.com", lines });
  await engine.approve(id, { approvedBy: "approver@example.com" });
  await engine.run(id);
}

/** One line for each cloud: on a terminal it is written over, elsewhere it is said once at the end of the cloud. */
function progressLine(say: (text: string) => void): (progress: CollectionProgress) => void {
  const parts = new Map<string, number>();
  return ({ done, total, place }) => {
    const cloud = place.source.split(".", 1)[0] ?? place.source;
    parts.set(cloud, (parts.get(cloud) ?? 0) + 1);
    const text = [...parts].map(([name, count]) => `${name}: ${count} parts`).join(", ");
    if (process.stdout.isTTY) process.stdout.write(`\r          collecting ${text}${done === total ? "\n" : ""}`);
    else if (done === total) say(`collected ${text}`);
    if (done === total) parts.clear();
  };
}
