/**
 * npx tsx bench/soak.ts [--executions 5000] [--workers 8] [--seed n]: buys that many baskets over one PostgreSQL from a
 * cloud that fails. About every second, one of the workers is killed. In the end, the cloud's ledger is audited. Exits
 * with 1 if any line was not bought exactly once.
 */
import { parseArgs } from "node:util";
import { playSoak } from "../test/soak/play-soak.js";
import { randomSchema, startDatabase } from "../test/stores/support/test-database.js";

const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "5000" },
    workers: { type: "string", default: "8" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const soak = { executions: Number(values.executions), workers: Number(values.workers), seed: Number(values.seed) };
console.log(`Repeat with --seed ${soak.seed}`);
const database = await startDatabase();
try {
  const { wrong, ...counts } = await playSoak(database, randomSchema(), {
    ...soak,
    killEveryMs: 900,
    withinMs: 1_200_000,
  });
  console.log(counts);
  console.log(wrong.length === 0 ? "every line was bought exactly once" : wrong.slice(0, 20).join("\n"));
  if (wrong.length > 0 || counts.orphans > 0) process.exitCode = 1;
} finally {
  await database.close();
}
