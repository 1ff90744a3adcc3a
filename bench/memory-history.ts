import { pathToFileURL } from "node:url";
import { instantPurchases } from "./instant-purchases.js";
import { type Finding, keeps, medianRatio, print } from "./rounds.js";

const EARLY = 100;
const LATE = 10_000;
const RUNS = 10;

/** A purchase on the memory store must not become slower with the number of earlier purchases. */
export async function benchMemoryHistory(): Promise<readonly Finding[]> {
  const value = await medianRatio(await runsAfter(LATE), await runsAfter(EARLY));
  const name = `purchase and tick in memory, after ${LATE} executions over after ${EARLY}`;
  return [{ name, value, unit: "x", limit: { atMost: 1.3 } }];
}

/** A function that makes some more purchases, on a store that holds many already. */
async function runsAfter(count: number): Promise<() => Promise<void>> {
  const buy = instantPurchases({ lines: 1, ticks: true });
  for (let run = 0; run < count; run += 1) await buy();
  return async () => {
    for (let run = 0; run < RUNS; run += 1) await buy();
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = await benchMemoryHistory();
  print(found);
  if (process.argv.includes("--check") && !found.every(keeps)) process.exitCode = 1;
}
