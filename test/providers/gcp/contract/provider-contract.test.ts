import { describe, expect, test } from "vitest";
import { providerContract } from "../../../../src/testing/provider-contract.js";
import { GCP_FIXTURES, GCP_FIXTURES_OF_THE_UNDOCUMENTED } from "./fixtures.js";

for (const { name, cannot, leavesOut, createProvider } of [...GCP_FIXTURES, ...GCP_FIXTURES_OF_THE_UNDOCUMENTED])
  describe(name, () => {
    const skipped = providerContract({ test: (title, body) => test(title, body), createProvider, cannot });

    test("leaves out no other case than those for what the service has not", () => {
      const counts: Record<string, number> = {};
      for (const { because } of skipped) {
        const [ability = ""] = because.split(":");
        counts[ability] = (counts[ability] ?? 0) + 1;
      }
      expect(counts).toEqual(leavesOut);
    });
  });
