import { pathToFileURL } from "node:url";
import { instantPurchases } from "./instant-purchases.js";
import { type Finding, keeps, medianRatio, print } from "./rounds.js";

const FEW = 10;
const MANY = 500;

/** A line of a large basket must cost about as much as a line of a small basket. */
export async function benchMemoryLines(): Promise<readonly Finding[]> {
  const small = instantPurchases({ lines: FEW, ticks: false });
  const large = instantPurchases({ lines: MANY, ticks: false });
  // Both sides buy the same number of lines.
  const value = await medianRatio(large, async () => {
    for (let basket = 0; basket < MANY / FEW; basket += 1) await small();
  });
  const name = `purchase in memory, a line of ${MANY} over a line of ${FEW}`;
  return [{ name, value, unit: "x", limit: { atMost: 1.5 } }];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = await benchMemoryLines();
  print(found);
  if (process.argv.includes("--check") && !found.every(keeps)) process.exitCode = 1;
}
