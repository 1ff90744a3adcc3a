/**
 * tsx bench/collection.ts: how well a collection of recommendations uses the requests that it may have in flight, and what
 * it holds in memory. Each request takes 50 ms, as far away as a cloud is.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { silentLogger } from "../src/domain/logger.js";
import type { RecommendationSource } from "../src/providers/recommendation-source.js";
import { collectRecommendations } from "../src/recommendations/fan-out/collect-recommendations.js";
import { type Finding, print } from "./rounds.js";

const CLOUDS = ["aws", "azure", "gcp"];
const ACCOUNTS = 20;
const REGIONS = 30;
const CALL_MS = 50;
const CALLS = 20;

/** Watches the requests of a collection. */
interface Watch {
  onStart(): void;
  onEnd(): void;
}

/** A source that asks each region of an account, and finds nothing. */
const regional = (name: string, { onStart, onEnd }: Watch, callMs: number): RecommendationSource => ({
  name,
  parts: (_account, context) =>
    Array.from({ length: REGIONS }, (_, region) => ({
      region: `region-${region}`,
      about: "all",
      collect: () =>
        context.call("list", async () => {
          onStart();
          await sleep(callMs);
          onEnd();
          return [];
        }),
    })),
  faultOf: () => ({ kind: "unreadable" }),
});

const collect = (watch: Watch, { accounts, callMs }: { readonly accounts: number; readonly callMs: number }) =>
  collectRecommendations({
    sources: CLOUDS.map((cloud) => ({
      source: regional(cloud, watch, callMs),
      accounts: Array.from({ length: accounts }, (_, index) => `account-${index}`),
    })),
    parallelism: { calls: CALLS, regions: 10 },
    logger: silentLogger,
  });

/** The mean number of requests in flight, as a part of the limit, from the first to the start of the last. */
async function utilization(): Promise<number> {
  let inFlight = 0;
  let since = performance.now();
  let started = 0;
  let busy = 0;
  let whole = 0;
  const all = CLOUDS.length * ACCOUNTS * REGIONS;
  const count = (change: number): void => {
    const now = performance.now();
    if (started > 0 && started < all) {
      busy += inFlight * (now - since);
      whole += now - since;
    }
    since = now;
    inFlight += change;
  };
  const watch: Watch = {
    onStart() {
      count(1);
      started += 1;
    },
    onEnd: () => count(-1),
  };
  await collect(watch, { accounts: ACCOUNTS, callMs: CALL_MS });
  return busy / whole / CALLS;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What a collection that finds nothing holds when its last request is under way, in KiB. */
async function heldAtTheEnd(accounts: number): Promise<number> {
  const heap = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed / 1_024;
  };
  const before = heap();
  const all = CLOUDS.length * accounts * REGIONS;
  let started = 0;
  let held = 0;
  const watch: Watch = {
    onStart() {
      started += 1;
      if (started === all) held = heap() - before;
    },
    onEnd() {},
  };
  await collect(watch, { accounts, callMs: 0 });
  return held;
}

/** Measures how requests are kept in flight, and how memory grows with them. */
export async function benchCollection(): Promise<readonly Finding[]> {
  const used = await utilization();
  await heldAtTheEnd(ACCOUNTS);
  const [few, many] = [await heldAtTheEnd(ACCOUNTS), await heldAtTheEnd(20 * ACCOUNTS)];
  const calls = 19 * CLOUDS.length * ACCOUNTS * REGIONS;
  return [
    {
      name: "requests in flight over their limit while some remain, 3 clouds, 20 accounts, 30 regions",
      value: used,
      unit: "x",
      limit: { atLeast: 0.9 },
    },
    {
      name: "memory held for each further request of a collection that finds nothing",
      value: Math.max(0, ((many - few) * 1_024) / calls),
      unit: "bytes",
      limit: { atMost: 100 },
    },
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) print(await benchCollection());
