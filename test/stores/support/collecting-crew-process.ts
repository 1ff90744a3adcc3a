// Collects one scope again and again, and tells what it was answered. Its clock jumps by days. Some runs renew, some are
// late, and some give up without a word. Arguments: url, schema, scope, name, seed, and how many rounds (by default 18).
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { postgresRecommendationStore } from "../../../src/stores/postgres/postgres-recommendation-store.js";
import type { MarkReport } from "./mark-history.js";
import { say } from "./say.js";
import { seededRandom } from "./seeded-random.js";

const DAY_MS = 86_400_000;

const [connectionString, schema = "", scope = "", name = "", seed = "", rounds = "18"] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const machineNow = Date.now;
Date.now = () => machineNow() + (random.below(9) - 4) * DAY_MS;

const client = new pg.Client({ connectionString });
await client.connect();
const store = postgresRecommendationStore(client, { schema });
const report = (one: MarkReport) => say(one);

/** Tells the server in whose name the next statements are sent. */
const speakFor = (owner: string) => client.query("select set_config('application_name', $1, false)", [owner]);

async function finish(owner: string): Promise<void> {
  await speakFor(owner);
  report({ owner, call: "finish", answer: await store.finish({ scope, owner, outcome: "collected" }) });
}

say("begun");
const abandoned: string[] = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const owner = `${name}-${round}`;
  const ttlMs = 5 + random.below(20);
  await speakFor(owner);
  const { kind } = await store.tryStart({ scope, owner, ttlMs });
  report({ owner, call: "tryStart", answer: kind === "started" });
  if (kind === "started") {
    for (let renewals = random.below(3); renewals > 0; renewals -= 1) {
      await sleep(random.below(ttlMs * 2));
      report({ owner, call: "renew", answer: await store.renew({ scope, owner, ttlMs }) });
    }
    if (random.chance(0.4)) abandoned.push(owner);
    else await finish(owner);
  }
  await sleep(random.below(15));
  if (abandoned.length > 0 && random.chance(0.5)) await finish(abandoned.pop() ?? "");
}
await client.end();
say("done");
