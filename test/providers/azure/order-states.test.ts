import { KnownProvisioningState } from "@azure/arm-reservations";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { describe, expect, test } from "vitest";
import { AZURE_ORDER_STATES } from "../../../src/providers/azure/order-states.js";
import type { Sighting } from "../../../src/providers/commitment-provider.js";
import {
  ADAPTERS,
  ALIASES,
  type AzureCloud,
  azureCloud,
  bought,
  CALCULATION,
  changing,
  context,
  idOf,
  seen,
} from "./azure-cloud.js";
import { TOKEN } from "./azure-lines.js";

const MINUTE = 60_000;
const LIVE: Sighting = { meaning: "live", state: "Succeeded" };

/** What each state means of a purchase, and what became of it. */
const STATES: Readonly<Record<string, Omit<Sighting, "state">>> = {
  // By the types of the SDK.
  Creating: { meaning: "pending" },
  PendingResourceHold: { meaning: "pending" },
  ConfirmedResourceHold: { meaning: "pending" },
  PendingBilling: { meaning: "pending" },
  ConfirmedBilling: { meaning: "pending" },
  Created: { meaning: "pending" },
  Succeeded: { meaning: "live" },
  Cancelled: { meaning: "unclear" },
  Expired: { meaning: "unclear" },
  BillingFailed: { meaning: "void" },
  Failed: { meaning: "void" },
  Split: { meaning: "ended", became: "split into other reservations" },
  Merged: { meaning: "ended", became: "merged into another reservation" },
  // By recordings.
  Pending: { meaning: "pending" },
  PendingCapacity: { meaning: "pending" },
  ConfirmedCapacity: { meaning: "pending" },
  // By nobody yet.
  PendingWordOfTomorrow: { meaning: "pending" },
  ConfirmedWordOfTomorrow: { meaning: "pending" },
  CreatingSlowly: { meaning: "pending" },
  "state-of-tomorrow": { meaning: "live" },
  // By every object, and not by Azure.
  constructor: { meaning: "live" as const },
};

test("every state that the SDK knows is decided", () => {
  expect(Object.values(KnownProvisioningState).filter((state) => !(state in STATES))).toEqual([]);
});

test("every state of the table is looked up below, under the word that Azure has for it", () => {
  const tried = Object.keys(STATES).map((state) => state.toLowerCase());
  expect(Object.keys(AZURE_ORDER_STATES).filter((state) => !tried.includes(state))).toEqual([]);
});

const spellings = Object.entries(STATES).flatMap(([state, sighting]) =>
  [state, state.toLowerCase(), state.toUpperCase()].map((spelled) => ({
    spelled,
    meaning: sighting.meaning,
    sighting: { ...sighting, state: spelled },
  })),
);

const isOrder = ({ method, url }: { readonly method: string; readonly url: string }) =>
  method === "GET" && /Orders\/[^/]+$/.test(new URL(url).pathname);

/** Lets time pass with each look at an order, as it does between the looks of a patient client. */
const passing =
  ({ clock }: AzureCloud, ms: number) =>
  (simulated: HttpClient): HttpClient => ({
    sendRequest(request) {
      if (isOrder(request)) clock.advance(ms);
      return simulated.sendRequest(request);
    },
  });

describe.each(ADAPTERS)("$name", (adapter) => {
  test.each(spellings)("that are $spelled at once are $meaning", async ({ spelled, sighting }) => {
    const cloud = await azureCloud();
    const between = changing(isOrder, ({ properties, ...body }) => ({
      ...body,
      properties: { ...properties, provisioningState: spelled },
    }));
    const { outcome } = await bought(adapter.over(cloud, { between }).provider, adapter.request);
    const [purchase] = await cloud.simulator.ledger.purchases();
    expect(outcome).toMatchObject({ kind: "committed", commitment: { commitmentIds: [purchase?.commitmentId] } });
    expect(outcome).toHaveProperty("sighting", sighting);
  });

  test.each(spellings)("that are $spelled later are found as $meaning", async ({ spelled, sighting }) => {
    const cloud = await azureCloud();
    const { provider } = adapter.over(cloud);
    const first = await bought(provider, adapter.request);
    await cloud.simulator.states.set(idOf(first), spelled);
    for (const prepared of [first.prepared, undefined]) {
      const existing = await provider.lookup(adapter.request, TOKEN, context({ ...(prepared && { prepared }) }));
      expect(existing).toMatchObject({ commitmentIds: [idOf(first)], differences: [] });
      expect(existing?.sighting).toEqual(sighting);
    }
  });

  test.each([undefined, null, ""])("whose state is %j are live", async (provisioningState) => {
    const cloud = await azureCloud();
    const between = changing(isOrder, ({ properties, ...body }) => ({
      ...body,
      properties: { ...properties, provisioningState },
    }));
    const first = await bought(adapter.over(cloud, { between }).provider, adapter.request);
    expect(first.outcome).toHaveProperty("sighting", { meaning: "live" });
  });

  test("are followed through every state to their end, whatever Retry-After says", async () => {
    const orderStatesMs = {
      creating: MINUTE,
      pendingCapacity: 40 * MINUTE,
      confirmedCapacity: MINUTE,
      pendingBilling: MINUTE,
    };
    const cloud = await azureCloud({ orderStatesMs, operationRetryAfterSeconds: 3_600 });
    const { provider } = adapter.over(cloud, {
      between: passing(cloud, MINUTE),
      provider: { pollForMs: 1_000, pollEveryMs: 0 },
    });
    const first = await bought(provider, adapter.request);
    expect(first.outcome).toMatchObject({ commitment: { startedAt: expect.any(Number) }, sighting: LIVE });
    expect(await seen(cloud, adapter.purchase)).toHaveLength(1);
    const [purchase] = await cloud.simulator.ledger.purchases();
    expect(idOf(first)).toBe(purchase?.commitmentId);
  });

  test.each([
    ["Failed", "order-fails"],
    [adapter.order === "GetReservationOrder" ? "BillingFailed" : "Failed", "payment-fails"],
  ] as const)("are followed to their end as %s by %s", async (state, kind) => {
    const cloud = await azureCloud({ orderStatesMs: { creating: MINUTE, pendingBilling: MINUTE } });
    await cloud.simulator.faults.add({ operation: adapter.purchase, kind });
    const { provider } = adapter.over(cloud, {
      between: passing(cloud, MINUTE),
      provider: { pollForMs: 1_000, pollEveryMs: 0 },
    });
    const { outcome } = await bought(provider, adapter.request);
    expect(outcome).toHaveProperty("sighting", { meaning: "void", state });
  });

  test("are followed no longer than they may be, and stay in doubt", async () => {
    const cloud = await azureCloud({ orderStatesMs: { creating: MINUTE } });
    const { provider } = adapter.over(cloud, { provider: { pollForMs: 20, pollEveryMs: 5 } });
    const { outcome } = await bought(provider, adapter.request);
    expect(outcome).toHaveProperty("sighting", { meaning: "pending", state: "Creating" });
    expect(await seen(cloud, adapter.order)).toHaveLength(5);
  });

  test("are looked at once where no time is given to follow them", async () => {
    const cloud = await azureCloud({ orderStatesMs: { creating: MINUTE } });
    await bought(adapter.over(cloud, { provider: { pollForMs: 0 } }).provider, adapter.request);
    expect(await seen(cloud, adapter.order)).toHaveLength(1);
  });

  test("are looked for until they are shown", async () => {
    const cloud = await azureCloud({ getLagMs: 3 * MINUTE });
    const { provider } = adapter.over(cloud, {
      between: passing(cloud, MINUTE),
      provider: { pollForMs: 1_000, pollEveryMs: 0 },
    });
    expect((await bought(provider, adapter.request)).outcome).toHaveProperty("sighting", LIVE);
    expect(await seen(cloud, adapter.order)).toHaveLength(3);
  });

  test("that are not shown in that time stay in doubt", async () => {
    const { provider } = adapter.over(await azureCloud({ getLagMs: MINUTE }), {
      provider: { pollForMs: 3, pollEveryMs: 0 },
    });
    const { outcome } = await bought(provider, adapter.request);
    expect(outcome).toEqual({ kind: "unknown", reason: "Azure accepted the order, and does not show it yet" });
  });

  test.each(["error", "garbage-body", "cut-body"] as const)("stay in doubt where a look meets %s", async (kind) => {
    const cloud = await azureCloud({ orderStatesMs: { creating: MINUTE } });
    const fault = kind === "error" ? ({ kind, code: "AuthorizationFailed", status: 403 } as const) : { kind };
    await cloud.simulator.faults.add({ operation: adapter.order, ...fault });
    const { provider } = adapter.over(cloud, { client: { retryOptions: { maxRetries: 0 } } });
    const { outcome } = await bought(provider, adapter.request);
    expect(outcome).toMatchObject({ kind: "unknown", reason: expect.stringContaining("could not be found out") });
  });

  test("are looked at again where a look fails, as the client is set", async () => {
    const cloud = await azureCloud();
    await cloud.simulator.faults.add({ operation: adapter.order, kind: "error-500-before", times: 3 });
    const { provider } = adapter.over(cloud, { client: { retryOptions: { retryDelayInMs: 1 } } });
    expect((await bought(provider, adapter.request)).outcome).toHaveProperty("sighting", LIVE);
  });

  test("stay in doubt where the caller gives up meanwhile", async () => {
    const cloud = await azureCloud({ orderStatesMs: { creating: MINUTE } });
    const controller = new AbortController();
    const between = changing(isOrder, () => controller.abort());
    const { provider } = adapter.over(cloud, { between, provider: { pollForMs: 3_600_000, pollEveryMs: 3_600_000 } });
    const { outcome } = await bought(provider, adapter.request, { signal: controller.signal });
    expect(outcome.kind).toBe("unknown");
    expect(await cloud.simulator.ledger.purchases()).toHaveLength(1);
  });
});

test.each(ALIASES)("an alias of $name says Created for ever, which says nothing of its order", async (adapter) => {
  const cloud = await azureCloud();
  const { provider } = adapter.over(cloud);
  await cloud.simulator.states.set(idOf(await bought(provider, adapter.request)), "Failed");
  expect((await provider.lookup(adapter.request, TOKEN, context()))?.sighting).toEqual({
    meaning: "void",
    state: "Failed",
  });
});

test("the poller is not the SDK's, which takes the first answer for the end", async () => {
  const cloud = await azureCloud({ orderStatesMs: { pendingCapacity: MINUTE } });
  const { outcome } = await bought(CALCULATION.over(cloud).provider, CALCULATION.request);
  expect(outcome).toHaveProperty("sighting", { meaning: "pending", state: "PendingCapacity" });
});
