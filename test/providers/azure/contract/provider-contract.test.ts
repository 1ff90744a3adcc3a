import { describe, expect, test } from "vitest";
import { providerContract } from "../../../../src/testing/provider-contract.js";
import { AZURE_FIXTURES, AZURE_FIXTURES_UNDER_SWITCHES, type AzureFixture } from "./fixtures.js";

/** Wait for the SDK's retries; no switch changes a lookup that fails, so the plain fixtures play them. */
const SLOW = /lookup (fails|that fails)|cannot be asked/;
/** Play many worlds each, of states and answers that no switch changes: the plain fixtures play them as well. */
const MANY = /^says by its|listings leave out/;
/** Take an order for finished by the time the purchase returns. */
const AT_ONCE = /^buys the line's quantity once|crash after/;

/** Registers the suite over a fixture, but for the cases that `leave` says. */
function contractOver({ name, cannot, leavesOut, createProvider }: AzureFixture, leave: readonly RegExp[] = []): void {
  describe(name, () => {
    const register = (title: string, body: () => Promise<void>) => {
      if (!leave.some((pattern) => pattern.test(title))) test(title, body);
    };
    const skipped = providerContract({ test: register, createProvider, cannot });

    test("leaves out no other case than those for what the service has not", () => {
      const counts: Record<string, number> = {};
      for (const { because } of skipped) {
        const [ability = ""] = because.split(":");
        counts[ability] = (counts[ability] ?? 0) + 1;
      }
      expect(counts).toEqual(leavesOut);
    });
  });
}

/**
 * What Azure does where it states nothing is the same for every SDK, so the newest ones meet the plain fixtures only.
 * Savings plans have no newer SDK.
 */
const isNewest = process.env["BUYONCE_SDKS"] === "newest";
const PLAIN = isNewest ? AZURE_FIXTURES.filter(({ name }) => name !== "Azure savings plans") : AZURE_FIXTURES;
/** Half of them in each run, by its seed. */
const SWITCHED = isNewest
  ? []
  : AZURE_FIXTURES_UNDER_SWITCHES.filter((_, index) => (index + Number(process.env["BUYONCE_SEED"] ?? 0)) % 2 === 0);

for (const fixture of PLAIN) contractOver(fixture);
for (const fixture of SWITCHED) contractOver(fixture, fixture.finishesAtOnce ? [SLOW, MANY] : [SLOW, MANY, AT_ONCE]);
