import { describe, expect, test } from "vitest";
import { cloudWith, openedIn } from "./named-cloud.js";
import { NAMED_SERVICES } from "./named-services.js";
import { context, OTHER_ACCOUNT, permitFor, simulated, TOKEN } from "./simulated-line.js";

describe.each(NAMED_SERVICES)("the adapter of $name", (service) => {
  const { request } = service;

  test("declares that names are unique for ever, and when absence proves something", async () => {
    const { provider } = openedIn(await simulated(), service);
    expect(provider.service).toBe(service.service);
    expect(provider.idempotency).toEqual({
      kind: "caller-named",
      windowMs: null,
      maxRequestLifetimeMs: 900_000,
      visibilityLagMs: 300_000,
      clockSkewMs: 60_000,
    });
    expect(provider).not.toHaveProperty("label");
  });

  test("has timings that can be overridden one by one", async () => {
    const { provider } = openedIn(await simulated(), service, { timing: { visibilityLagMs: 1 } });
    expect(provider.idempotency).toMatchObject({ windowMs: null, visibilityLagMs: 1, maxRequestLifetimeMs: 900_000 });
  });

  test.each([{ timing: { clockSkewMs: -1 } }, { requestTimeoutMs: 0 }, { maxPages: 0 }])(
    "refuses the option %o",
    async (settings) => {
      const cloud = await simulated();
      expect(() => openedIn(cloud, service, settings)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
    },
  );

  test("is refused to the credentials of another account and to a client of another region", async () => {
    const cloud = await cloudWith(service);
    for (const settings of [{ account: OTHER_ACCOUNT }, { region: "eu-west-1" }]) {
      const { provider } = openedIn(cloud, service, settings);
      await expect(provider.prepare(request, TOKEN, context())).rejects.toMatchObject({ code: "ACCOUNT_MISMATCH" });
      await expect(provider.lookup(request, TOKEN, context())).rejects.toMatchObject({ code: "ACCOUNT_MISMATCH" });
    }
    expect(await cloud.asked("offerings")).toEqual([]);
    expect(await cloud.asked("reservations")).toEqual([]);
  });

  test("sends nothing with the credentials of another account or to another region", async () => {
    const cloud = await cloudWith(service);
    const permit = permitFor(request, await cloud.prepare(), cloud.clock.now());
    for (const settings of [{ account: OTHER_ACCOUNT }, { region: "eu-west-1" }])
      expect(await openedIn(cloud, service, settings).provider.purchase(permit, context())).toMatchObject({
        kind: "not_sent",
      });
    expect(await cloud.asked("purchase")).toEqual([]);
  });
});
