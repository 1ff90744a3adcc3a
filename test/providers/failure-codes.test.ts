import { expect, test } from "vitest";
import type { CustomRequest } from "../../src/domain/commitment-request/custom.js";
import { BuyonceError } from "../../src/domain/errors.js";
import { maskToken } from "../../src/idempotency/mask-token.js";
import type { CommitmentProvider, LabelContext } from "../../src/providers/commitment-provider.js";
import { withFailureCodes } from "../../src/providers/failure-codes.js";
import { TOKEN } from "./aws/simulated-line.js";
import { thrownBy } from "./gcp/simulated-line.js";

const failing = (thrown: unknown): CommitmentProvider<CustomRequest> => {
  const fail = async () => {
    throw thrown;
  };
  return withFailureCodes("widgets", {
    service: "custom.widgets",
    idempotency: { kind: "none", windowMs: 0, maxRequestLifetimeMs: 1, visibilityLagMs: 1, clockSkewMs: 1 },
    lookup: fail,
    inventory: fail,
    prepare: fail,
    purchase: fail,
    cancelQueued: fail,
    label: fail,
  });
};

const REQUEST = {} as CustomRequest;
const COMMITMENT = { commitmentIds: ["one"], adopted: false };
const CONTEXT = {} as LabelContext<CustomRequest>;

const CALLS = {
  lookup: (provider) => provider.lookup(REQUEST, TOKEN, CONTEXT),
  inventory: (provider) => provider.inventory?.(REQUEST, TOKEN, CONTEXT),
  prepare: (provider) => provider.prepare(REQUEST, TOKEN, CONTEXT),
  cancelQueued: (provider) => provider.cancelQueued?.(COMMITMENT, TOKEN, CONTEXT),
  label: (provider) => provider.label?.(COMMITMENT, TOKEN, CONTEXT),
} as const satisfies Record<string, (provider: CommitmentProvider<CustomRequest>) => Promise<unknown> | undefined>;

test.each([
  ["lookup", "LOOKUP_FAILED", "The widgets could not be looked up"],
  ["inventory", "LOOKUP_FAILED", "The widgets could not be looked up"],
  ["prepare", "PREPARE_FAILED", "The purchase of widgets could not be prepared"],
  ["cancelQueued", "CANCEL_QUEUED_FAILED", "The purchase of widgets could not be withdrawn"],
  ["label", "LABEL_FAILED", "The purchase of widgets could not be labeled"],
] as const)("a failed %s has the code %s and says what could not be done", async (call, code, sentence) => {
  const cause = new Error(`the cloud was away for ${TOKEN}`);
  const thrown = await thrownBy(CALLS[call](failing(cause)));
  const message = `${sentence}: Error: the cloud was away for ${maskToken(TOKEN)}`;
  expect(thrown).toMatchObject({
    code,
    message,
    cause: { message: `Error: the cloud was away for ${maskToken(TOKEN)}` },
  });
});

test("an error that has a code keeps it", async () => {
  const drift = new BuyonceError("PRICE_DRIFT", "It costs more now.");
  for (const call of Object.values(CALLS)) expect(await thrownBy(call(failing(drift)))).toBe(drift);
});

test("a provider has the calls that it had", () => {
  const { inventory: _, label: __, cancelQueued: ___, ...least } = failing("nothing");
  expect(Object.keys(withFailureCodes("widgets", least)).sort()).toEqual(Object.keys(least).sort());
});
