/**
 * npm run bench [-- --check] [-- --write]: measures what the library claims about speed. With --check, it exits with 1
 * if a limit is not kept. With --write, it writes docs/performance.md.
 */
import { writeFileSync } from "node:fs";
import { benchBacklog } from "./backlog.js";
import { benchCollection } from "./collection.js";
import { benchDbosWorkflow } from "./dbos-workflow.js";
import { benchDeriveToken } from "./derive-token.js";
import { benchHistory } from "./history.js";
import { benchImportTime } from "./import-time.js";
import { benchLimits } from "./limits.js";
import { benchMemoryHistory } from "./memory-history.js";
import { benchMemoryLines } from "./memory-lines.js";
import { benchPgliteTransition } from "./pglite-transition.js";
import { benchPostgresLines } from "./postgres-lines.js";
import { benchReap } from "./reap.js";
import { renderPerformance } from "./render-performance.js";
import { type Finding, keeps, print } from "./rounds.js";
import { benchSchedules } from "./schedules.js";
import { benchSqliteTransition } from "./sqlite-transition.js";
import { benchStatementsPerPurchase } from "./statements-per-purchase.js";
import { benchStoreTransition } from "./store-transition.js";
import { benchTickRate } from "./tick-rate.js";

const findings: Finding[] = [];
const BENCHES = [
  benchDeriveToken,
  benchImportTime,
  benchMemoryHistory,
  benchMemoryLines,
  benchPostgresLines,
  benchStatementsPerPurchase,
  benchDbosWorkflow,
  benchStoreTransition,
  benchLimits,
  benchPgliteTransition,
  benchSqliteTransition,
  benchReap,
  benchHistory,
  benchTickRate,
  benchBacklog,
  benchCollection,
  benchSchedules,
];
for (const bench of BENCHES) {
  const found = await bench();
  print(found);
  findings.push(...found);
}
if (process.argv.includes("--write"))
  writeFileSync(new URL("../docs/performance.md", import.meta.url), renderPerformance(findings));
if (process.argv.includes("--check") && !findings.every(keeps)) process.exitCode = 1;
