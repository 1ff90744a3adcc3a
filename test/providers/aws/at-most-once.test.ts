import type { Fault } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import { ADAPTERS, type Adapter, preparedPurchase, type Settings } from "./every-adapter.js";
import { type RawAnswer, type RawRequest, startFrontServer } from "./front-server.js";
import { context, seen, TOKEN } from "./simulated-line.js";

const CLIENTS: Readonly<Record<string, Settings>> = {
  "the client's defaults": {},
  "maxAttempts 10": { maxAttempts: 10 },
  "adaptive retries": { retryMode: "adaptive", maxAttempts: 10 },
};

type Trouble<Kind = Fault> = Kind extends Fault ? Omit<Kind, "operation"> : never;

const FAULTS: readonly (readonly [name: string, fault: Trouble | undefined, outcome: string])[] = [
  ["no fault", undefined, "committed"],
  ["a reset before", { kind: "reset-before" }, "unknown"],
  ["a reset after", { kind: "reset-after" }, "unknown"],
  ["a 500 before", { kind: "error-500-before" }, "unknown"],
  ["a 500 after", { kind: "error-500-after" }, "unknown"],
  ["throttling", { kind: "throttle" }, "not_now"],
  ["a cut body", { kind: "cut-body" }, "unknown"],
  ["an empty body", { kind: "empty-body" }, "unknown"],
  ["a page in place of an answer", { kind: "garbage-body" }, "unknown"],
];

/** What a load balancer says for a service that does not answer. */
const PAGE: RawAnswer = {
  status: 503,
  headers: { "content-type": "text/html", "retry-after": "0" },
  body: "<html><head><title>503 Service Unavailable</title></head><body><center>No server is available.</center></body></html>",
};

const isOf = (operation: string, { path, headers, body }: RawRequest): boolean =>
  [path, headers["x-amz-target"], body].join(" ").toLowerCase().includes(operation.toLowerCase());

describe.each(ADAPTERS)("$service", (adapter) => {
  const { purchase: operation } = adapter;

  describe.each(Object.entries(CLIENTS))("with %s", (_client, settings) => {
    test.each(FAULTS)("%s: one purchase is sent for one permit", async (_fault, fault, outcome) => {
      const told = await preparedPurchase(adapter, settings);
      if (fault !== undefined) await told.simulator.faults.add({ operation, times: 20, ...fault } as Fault);
      expect((await told.purchase()).kind).toBe(outcome);
      expect(await seen(told, operation)).toHaveLength(1);
    });

    test("a 503 page: one purchase is sent for one permit", async () => {
      const pages: RawRequest[] = [];
      const answer = (request: RawRequest) => {
        if (!isOf(operation, request)) return undefined;
        pages.push(request);
        return PAGE;
      };
      const told = await preparedPurchase(
        adapter,
        settings,
        async ({ url }) => (await startFrontServer(url, answer)).url,
      );
      expect((await told.purchase()).kind).toBe("unknown");
      expect(pages).toHaveLength(1);
    });
  });

  test("the same client sends a listing again", async () => {
    const told = await preparedPurchase(adapter);
    const before = (await seen(told, adapter.listing)).length;
    await told.simulator.faults.add({ operation: adapter.listing, times: 2, kind: "reset-before" });
    await list(adapter, told);
    expect((await seen(told, adapter.listing)).length - before).toBe(3);
  });
});

/** Lists what exists; Redshift keeps nothing of a token, so only its lane can be listed. */
const list = ({ request }: Adapter, { provider, prepared }: Awaited<ReturnType<typeof preparedPurchase>>) =>
  provider.inventory?.(request, TOKEN, context({ prepared })) ?? provider.lookup(request, TOKEN, context());
