import { describe, expect, test } from "vitest";
import { providerContract } from "../../../../src/testing/provider-contract.js";
import { GCP_FIXTURES, GCP_FIXTURES_OF_THE_UNDOCUMENTED, type GcpFixture } from "./fixtures.js";

/** Play many worlds each, of states and answers that nothing undocumented changes: the plain fixtures play them as well. */
const MANY = /^says by its|listings leave out/;

/** Registers the suite over a fixture, but for the cases that `leave` says. */
function contractOver({ name, cannot, leavesOut, createProvider }: GcpFixture, leave?: RegExp): void {
  describe(name, () => {
    const register = (title: string, body: () => Promise<void>) => {
      if (!leave?.test(title)) test(title, body);
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

/** What Google does where it states nothing is the same for every SDK, so the newest ones meet the plain fixtures only. */
const UNDOCUMENTED = process.env["BUYONCE_SDKS"] === "newest" ? [] : GCP_FIXTURES_OF_THE_UNDOCUMENTED;

for (const fixture of GCP_FIXTURES) contractOver(fixture);
for (const fixture of UNDOCUMENTED) contractOver(fixture, MANY);
