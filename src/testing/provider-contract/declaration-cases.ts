import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import { contextOf, FOREIGN_TOKEN } from "./steps.js";

/** Cases about what a provider declares. */
export const declarationCases: readonly ProviderCase[] = [
  {
    name: "declares a service that its line names, and timings that are numbers of at least 0",
    needs: [],
    async run({ provider, request }) {
      assert.equal(provider.service, request.service);
      for (const name of ["maxRequestLifetimeMs", "visibilityLagMs", "clockSkewMs"] as const) {
        const value = provider.idempotency[name];
        assert.ok(Number.isFinite(value) && value >= 0, `${name} is ${value}`);
      }
    },
  },
  {
    name: "declares a window that fits what its cloud dedupes: 0 where it dedupes nothing, else at least 0 or for ever",
    needs: [],
    async run({ provider: { idempotency } }) {
      const { kind, windowMs } = idempotency;
      assert.ok(["native-token", "caller-named", "server-minted", "none"].includes(kind), `kind is ${kind}`);
      if (kind === "none") return assert.equal(windowMs, 0);
      assert.ok(windowMs === null || (Number.isFinite(windowMs) && windowMs >= 0), `windowMs is ${windowMs}`);
    },
  },
  {
    name: "prepares a reference, and a lane only with a snapshot and an inventory, as it must where nothing is deduped",
    needs: [],
    async run(fixture) {
      const { provider, request } = fixture;
      const { reference, lane, snapshot } = await provider.prepare(request, FOREIGN_TOKEN, contextOf({ fixture }));
      assert.ok(reference.length > 0, "the reference is empty");
      if (lane === undefined) return assert.notEqual(provider.idempotency.kind, "none", "no lane");
      assert.ok(lane.length > 0, "the lane is empty");
      assert.ok(snapshot !== undefined, "a lane was prepared without a snapshot");
      assert.ok(provider.inventory !== undefined, "a lane was prepared, but the provider has no inventory");
    },
  },
];
