import type { ProviderCase } from "./contract-case.js";
import { FAULT_SCENARIOS } from "./fault-scenarios.js";
import { assertBoughtOnce } from "./purchase-report.js";

/** Whatever goes wrong, the line is bought once and recorded as the cloud has it. */
export const scenarioCases: readonly ProviderCase[] = FAULT_SCENARIOS.map(({ name, needs, run }) => ({
  name: `buys exactly once through ${name}`,
  needs,
  run: async (fixture) => assertBoughtOnce(await run(fixture), fixture),
}));
