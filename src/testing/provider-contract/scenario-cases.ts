import type { ProviderCase } from "./contract-case.js";
import { FAULT_SCENARIOS } from "./fault-scenarios.js";
import { assertBoughtOnce } from "./purchase-report.js";

/** Cases in which something goes wrong: the line is bought once all the same, and is recorded as the cloud has it. */
export const scenarioCases: readonly ProviderCase[] = FAULT_SCENARIOS.map(({ name, needs, run }) => ({
  name: `buys exactly once through ${name}`,
  needs,
  run: async (fixture) => assertBoughtOnce(await run(fixture), fixture),
}));
