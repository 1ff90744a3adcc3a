import { checkFunctions, checkKeys, type KeysOf } from "../domain/options.js";
import { boundaryCases } from "./provider-contract/boundary-cases.js";
import type { ProviderCase } from "./provider-contract/contract-case.js";
import { declarationCases } from "./provider-contract/declaration-cases.js";
import { doubtCases } from "./provider-contract/doubt-cases.js";
import { elsewhereCases } from "./provider-contract/elsewhere-cases.js";
import { guardCases } from "./provider-contract/guard-cases.js";
import { laneCases } from "./provider-contract/lane-cases.js";
import { lookupCases } from "./provider-contract/lookup-cases.js";
import { meaningCases } from "./provider-contract/meaning-cases.js";
import { CLOUD_ABILITIES, type CloudAbility, type ProviderFixture } from "./provider-contract/provider-fixture.js";
import { purchaseCases } from "./provider-contract/purchase-cases.js";
import { queueCases } from "./provider-contract/queue-cases.js";
import { scenarioCases } from "./provider-contract/scenario-cases.js";

export { FAULT_SCENARIOS, type FaultScenario } from "./provider-contract/fault-scenarios.js";
export type {
  CloudAbility,
  CloudFault,
  CloudPurchase,
  CloudRequest,
  CloudStates,
  CloudUnderTest,
  ProviderFixture,
} from "./provider-contract/provider-fixture.js";
export type { PurchaseReport } from "./provider-contract/purchase-report.js";

/** What the contract suite needs from its surroundings. */
export interface ProviderContractOptions {
  /** Registers one test, as `test` of vitest, jest and node:test does. A `skip` of it registers a skipped test. */
  readonly test: RegisterTest & { readonly skip?: RegisterTest };
  /** Makes a fresh provider and a fresh cloud for one test. */
  createProvider(): Promise<ProviderFixture>;
  /** The abilities that the fixture lacks, each with the reason. Cases that need one are skipped. Default: none. */
  readonly cannot?: Readonly<Partial<Record<CloudAbility, string>>>;
}

const KNOWN: KeysOf<ProviderContractOptions> = { test: true, createProvider: true, cannot: true };

type RegisterTest = (name: string, body: () => Promise<void>) => unknown;

/** A case that does not apply to a fixture. */
export interface SkippedCase {
  readonly name: string;
  /** The ability that the fixture lacks, and the reason. */
  readonly because: string;
}

const CASES: readonly ProviderCase[] = [
  ...declarationCases,
  ...purchaseCases,
  ...guardCases,
  ...lookupCases,
  ...doubtCases,
  ...meaningCases,
  ...laneCases,
  ...elsewhereCases,
  ...queueCases,
  ...boundaryCases,
  ...scenarioCases,
];

/**
 * Registers the whole law of `CommitmentProvider` as tests; a provider that passes may spend money.
 *
 * The suite drives the real engine over a store in memory, and judges by the cloud's own books. It knows no test runner
 * and asserts with node:assert. It returns the cases that the fixture cannot play. If the runner has `test.skip`, these
 * cases are also registered as skipped, with the reason in their name.
 */
export function providerContract(options: ProviderContractOptions): readonly SkippedCase[] {
  checkKeys("options", options, KNOWN);
  checkFunctions("options", options, ["test", "createProvider"]);
  checkKeys("cannot", options.cannot ?? {}, CLOUD_ABILITIES);
  const skipped: SkippedCase[] = [];
  for (const one of CASES) {
    const because = reasonToSkip(one, options.cannot ?? {});
    if (because === undefined) options.test(one.name, () => runCase(one, options));
    else {
      skipped.push({ name: one.name, because });
      options.test.skip?.(`${one.name} (${because})`, () => runCase(one, options));
    }
  }
  return skipped;
}

function reasonToSkip({ needs }: ProviderCase, cannot: NonNullable<ProviderContractOptions["cannot"]>) {
  const [missing] = needs.filter((ability) => cannot[ability] !== undefined);
  return missing === undefined ? undefined : `${missing}: ${cannot[missing]}`;
}

async function runCase({ run }: ProviderCase, { createProvider }: ProviderContractOptions): Promise<void> {
  const opened: ProviderFixture[] = [];
  const another = async () => {
    const fixture = await createProvider();
    opened.push(fixture);
    return fixture;
  };
  try {
    await run(await another(), another);
  } finally {
    for (const fixture of opened) await fixture.close?.();
  }
}
