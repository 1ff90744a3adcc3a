import { describe, expect, test } from "vitest";
import { type ProviderFixture, providerContract } from "../../src/testing/provider-contract.js";
import { SABOTAGES } from "./support/sabotaged-providers.js";

/** The cases of the suite over one fixture, by name. */
function casesOver(createProvider: () => Promise<ProviderFixture>): ReadonlyMap<string, () => Promise<void>> {
  const cases = new Map<string, () => Promise<void>>();
  providerContract({ test: (name, body) => cases.set(name, body), createProvider });
  return cases;
}

test("every case of the provider contract notices some provider", () => {
  const names = [...casesOver(() => Promise.reject(new Error("nothing is to be bought"))).keys()];
  const useful = new Set(SABOTAGES.map(({ noticedBy }) => noticedBy));
  expect(names.filter((name) => !useful.has(name))).toEqual([]);
});

describe("the provider contract notices a provider that", () => {
  for (const { fault, noticedBy, build } of SABOTAGES)
    test(`${fault}: "${noticedBy}"`, async () => {
      const body = casesOver(build).get(noticedBy);
      if (body === undefined) throw new Error(`no case is called "${noticedBy}"`);
      await expect(body()).rejects.toMatchObject({ name: "AssertionError" });
    });
});
