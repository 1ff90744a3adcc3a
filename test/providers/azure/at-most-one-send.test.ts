import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelinePolicy,
} from "@azure/core-rest-pipeline";
import type { Fault } from "buyonce/simulator";
import { describe, expect, test, vi } from "vitest";
import { azureHttpClient } from "../../../src/simulator/azure/azure-http-client.js";
import {
  ADAPTERS,
  type Adapter,
  type AdapterOptions,
  type AzureCloud,
  answering,
  azureCloud,
  bought,
  context,
  type OtherAnswer,
  permitFor,
  seen,
} from "./azure-cloud.js";
import { TOKEN } from "./azure-lines.js";

/** A policy that does not belong to the SDK's retries and sends everything again, answer or not. */
const stubborn: PipelinePolicy = {
  name: "stubborn",
  async sendRequest(request, next) {
    for (let tries = 0; tries < 3; tries += 1) await next(request).catch(() => undefined);
    return next(request);
  },
};

const CLIENTS: Readonly<Record<string, NonNullable<AdapterOptions["client"]>>> = {
  "a default client": {},
  "many retries": { retryOptions: { maxRetries: 10, retryDelayInMs: 1, maxRetryDelayInMs: 2 } },
  "a policy that sends each call again": { additionalPolicies: [{ policy: stubborn, position: "perCall" }] },
  "a policy that sends each retry again": { additionalPolicies: [{ policy: stubborn, position: "perRetry" }] },
};

const FAULTS: Readonly<Record<string, readonly [fault: Partial<Fault> | undefined, outcome: string]>> = {
  ok: [undefined, "committed"],
  "reset-before": [{ kind: "reset-before" }, "unknown"],
  "reset-after": [{ kind: "reset-after" }, "unknown"],
  "error-500-before": [{ kind: "error-500-before" }, "unknown"],
  "error-500-after": [{ kind: "error-500-after" }, "unknown"],
  "a 408": [{ kind: "error", code: "RequestTimeout", status: 408 }, "unknown"],
  "a 503": [{ kind: "error", code: "ServiceUnavailable", status: 503 }, "unknown"],
  "a 429 with Retry-After": [{ kind: "throttle" }, "not_now"],
  "a 429 without": [{ kind: "error", code: "TooManyRequests", status: 429 }, "not_now"],
  "cut-body": [{ kind: "cut-body" }, "unknown"],
};

/** Buys with this client while the purchase meets a fault. */
async function buyThrough(
  cloud: AzureCloud,
  adapter: Adapter,
  fault: Partial<Fault> | undefined,
  options: AdapterOptions,
) {
  // Another client prepares, so that the settings under test are met by the purchase alone.
  const prepared = await adapter.over(cloud).provider.prepare(adapter.request, TOKEN, context());
  if (fault !== undefined)
    await cloud.simulator.faults.add({ operation: adapter.purchase, times: 50, ...fault } as Fault);
  return adapter.over(cloud, options).provider.purchase(permitFor(adapter.request, prepared), context());
}

describe.each(ADAPTERS)("$name", (adapter) => {
  describe.each(Object.entries(CLIENTS))("with %s", (_name, client) => {
    test.each(Object.entries(FAULTS))("%s: one request leaves", async (_fault, [fault, expected]) => {
      const cloud = await azureCloud();
      const outcome = await buyThrough(cloud, adapter, fault, { client });
      expect(await seen(cloud, adapter.purchase)).toHaveLength(1);
      expect(outcome.kind).toBe(expected);
    });
  });

  test.each([
    [
      "a challenge for more claims",
      {
        status: 401,
        headers: {
          "WWW-Authenticate": `Bearer realm="", error="insufficient_claims", claims="${btoa('{"access_token":{}}')}"`,
        },
        body: { error: { code: "InvalidAuthenticationToken", message: "The session is over." } },
      },
      "rejected",
    ],
    [
      "a challenge without a code",
      { status: 401, headers: { "WWW-Authenticate": 'Bearer authorization_uri="https://login.example/"' } },
      "unknown",
    ],
    ["a redirect on the same host", { status: 307, headers: { Location: "/elsewhere?api-version=1" } }, "unknown"],
    ["a redirect to another host", { status: 307, headers: { Location: "https://elsewhere.example/" } }, "unknown"],
    ["a choice of places", { status: 300, headers: { Location: "/elsewhere?api-version=1" } }, "unknown"],
    ["a success that is none", { status: 204 }, "unknown"],
  ] as const)("does not follow %s", async (_what, answer: OtherAnswer, expected) => {
    const cloud = await azureCloud();
    const puts: string[] = [];
    const between = answering(({ method, url }) => {
      if (method !== "PUT") return undefined;
      puts.push(url);
      return answer;
    });
    const { outcome } = await bought(adapter.over(cloud, { between }).provider, adapter.request);
    expect(puts).toHaveLength(1);
    expect(outcome.kind).toBe(expected);
  });

  test("sends the same purchase several times without the guard", async () => {
    const cloud = await azureCloud();
    await cloud.simulator.faults.add({ operation: adapter.purchase, times: 50, kind: "reset-before" });
    const { client } = adapter.over(cloud, { client: { retryOptions: { maxRetries: 3, retryDelayInMs: 1 } } });
    const url = `https://management.azure.com${adapter.path}/x?api-version=2022-11-01`;
    const request = createPipelineRequest({ method: "PUT", url, body: "{}" });
    await expect(client.pipeline.sendRequest(cloud.simulator.httpClient, request)).rejects.toThrow();
    expect(await seen(cloud, adapter.purchase)).toHaveLength(4);
  });

  test("leaves the client as it was: a later look is retried", async () => {
    const cloud = await azureCloud();
    const { client, provider } = adapter.over(cloud, { client: { retryOptions: { retryDelayInMs: 1 } } });
    const before = client.pipeline.getOrderedPolicies().map(({ name }) => name);
    await cloud.simulator.faults.add({ operation: adapter.purchase, kind: "reset-after" });
    expect((await bought(provider, adapter.request)).outcome.kind).toBe("unknown");
    expect(client.pipeline.getOrderedPolicies().map(({ name }) => name)).toEqual(before);
    const asked = (await seen(cloud, adapter.lookup)).length;
    await cloud.simulator.faults.add({ operation: adapter.lookup, times: 2, kind: "reset-before" });
    expect(await provider.lookup(adapter.request, TOKEN, context())).toMatchObject({ differences: [] });
    expect(await seen(cloud, adapter.lookup)).toHaveLength(asked + 3);
  });

  describe("before the wire", () => {
    test("a refusal of beforeWire sends nothing", async () => {
      const cloud = await azureCloud();
      const refuse = () => {
        throw new Error("the kill switch is on");
      };
      const { outcome } = await bought(adapter.over(cloud).provider, adapter.request, { beforeWire: refuse });
      expect(outcome).toEqual({ kind: "not_sent", reason: "Error: the kill switch is on" });
      expect(await seen(cloud, adapter.purchase)).toEqual([]);
    });

    test.each(["perCall", "perRetry"] as const)(
      "a refusal of beforeWire is final, also for a %s policy that tries again",
      async (position) => {
        const cloud = await azureCloud();
        let asked = 0;
        const refuseOnce = () => {
          asked += 1;
          if (asked === 1) throw new Error("the kill switch was on");
        };
        const prepared = await adapter.over(cloud).provider.prepare(adapter.request, TOKEN, context());
        const { provider } = adapter.over(cloud, { client: { additionalPolicies: [{ policy: stubborn, position }] } });
        const outcome = await provider.purchase(
          permitFor(adapter.request, prepared),
          context({ beforeWire: refuseOnce }),
        );
        expect({ asked, kind: outcome.kind }).toEqual({ asked: 1, kind: "not_sent" });
        expect(await seen(cloud, adapter.purchase)).toEqual([]);
      },
    );

    test("beforeWire is asked once, with the access token in place", async () => {
      const cloud = await azureCloud();
      const steps: string[] = [];
      const watch: PipelinePolicy = {
        name: "watch",
        sendRequest(request, next) {
          if (request.method === "PUT") steps.push(request.headers.has("authorization") ? "signed" : "not signed");
          return next(request);
        },
      };
      const { provider } = adapter.over(cloud, {
        client: { additionalPolicies: [{ policy: watch, position: "perRetry" }] },
      });
      await bought(provider, adapter.request, { beforeWire: () => steps.push("beforeWire") });
      expect(steps).toEqual(["signed", "beforeWire"]);
    });

    test.each(["before the call", "while the credential is asked for a token"])(
      "an abort %s sends nothing",
      async (when) => {
        const cloud = await azureCloud();
        const prepared = await adapter.over(cloud).provider.prepare(adapter.request, TOKEN, context());
        const controller = new AbortController();
        const abort: PipelinePolicy = {
          name: "abort",
          sendRequest(request, next) {
            controller.abort();
            return next(request);
          },
        };
        if (when === "before the call") controller.abort();
        const { provider } = adapter.over(cloud, {
          client: { additionalPolicies: [{ policy: abort, position: "perRetry" }] },
        });
        const outcome = await provider.purchase(
          permitFor(adapter.request, prepared),
          context({ signal: controller.signal }),
        );
        expect(outcome.kind).toBe("not_sent");
        expect(await seen(cloud, adapter.purchase)).toEqual([]);
      },
    );

    test("a credential that gives no token sends nothing", async () => {
      const cloud = await azureCloud();
      const prepared = await adapter.over(cloud).provider.prepare(adapter.request, TOKEN, context());
      const refuse: PipelinePolicy = {
        name: "bearerTokenAuthenticationPolicy",
        sendRequest: () => Promise.reject(new Error("no token can be had")),
      };
      const { client, provider } = adapter.over(cloud);
      client.pipeline.removePolicy({ name: refuse.name });
      client.pipeline.addPolicy(refuse, { phase: "Sign" });
      const outcome = await provider.purchase(permitFor(adapter.request, prepared), context());
      expect(outcome).toEqual({ kind: "not_sent", reason: "Error: no token can be had" });
    });

    test("a policy that answers by itself sends nothing, whatever it says", async () => {
      const cloud = await azureCloud();
      const prepared = await adapter.over(cloud).provider.prepare(adapter.request, TOKEN, context());
      const policy: PipelinePolicy = {
        name: "cache",
        sendRequest: async (request) => ({ request, status: 200, headers: createHttpHeaders(), bodyAsText: "{}" }),
      };
      const { provider } = adapter.over(cloud, { client: { additionalPolicies: [{ policy, position: "perRetry" }] } });
      const outcome = await provider.purchase(permitFor(adapter.request, prepared), context());
      expect(outcome).toMatchObject({ kind: "not_sent", reason: expect.stringContaining("without sending") });
    });

    test("a connection that is refused is not sent", async () => {
      const cloud = await azureCloud();
      const nowhere = azureHttpClient("http://127.0.0.1:1");
      const between = (simulated: HttpClient): HttpClient => ({
        sendRequest: (request) => (request.method === "PUT" ? nowhere : simulated).sendRequest(request),
      });
      const { outcome } = await bought(adapter.over(cloud, { between }).provider, adapter.request);
      expect(outcome).toMatchObject({ kind: "not_sent", reason: expect.stringContaining("ECONNREFUSED") });
    });

    test("a client that cannot be had is not sent", async () => {
      const cloud = await azureCloud();
      const prepared = await adapter.over(cloud).provider.prepare(adapter.request, TOKEN, context());
      const clientFor = () => Promise.reject(new Error("no credentials"));
      const { provider } = adapter.over(cloud, { provider: { clientFor } });
      const outcome = await provider.purchase(permitFor(adapter.request, prepared), context());
      expect(outcome).toEqual({ kind: "not_sent", reason: "Error: no credentials" });
    });
  });

  describe("after the wire", () => {
    test("an abort is an unknown outcome at once", async () => {
      const cloud = await azureCloud();
      await cloud.simulator.faults.add({ operation: adapter.purchase, kind: "slow-reply", ms: 3_600_000 });
      const controller = new AbortController();
      const outcome = bought(adapter.over(cloud).provider, adapter.request, { signal: controller.signal });
      await vi.waitUntil(async () => (await seen(cloud, adapter.purchase)).length > 0, { timeout: 10_000 });
      controller.abort();
      expect((await outcome).outcome.kind).toBe("unknown");
      expect(await cloud.simulator.ledger.purchases()).toHaveLength(1);
    });

    test("the request's own time limit is an unknown outcome", async () => {
      const cloud = await azureCloud();
      const prepared = await adapter.over(cloud).provider.prepare(adapter.request, TOKEN, context());
      await cloud.simulator.faults.add({ operation: adapter.purchase, kind: "slow-reply", ms: 3_600_000 });
      const { provider } = adapter.over(cloud, { provider: { requestTimeoutMs: 300 } });
      const outcome = await provider.purchase(permitFor(adapter.request, prepared), context());
      expect(outcome.kind).toBe("unknown");
      expect(await seen(cloud, adapter.purchase)).toHaveLength(1);
    });
  });
});
