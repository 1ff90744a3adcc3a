import { expect, test } from "vitest";
import { BASKET } from "./support/basket.js";
import { expectBoughtOnce, expectLedger } from "./support/executions.js";
import { startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startExample } from "./support/start-example.js";

/** Posts, and gives the answer's status and body. */
async function post(url: string, body: unknown = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test.each(["hono", "express"])(
  "%s buys once, though its process is killed in the purchase and every request comes twice",
  async (host) => {
    const world = await startWorld();
    const settings = { ...world.settings, PORT: "0" };
    const start = async () => {
      const server = startExample(host, settings);
      const [, url = ""] = await server.said(/listening on (\S+)/);
      return { server, url };
    };

    const first = await start();
    const submissions = await Promise.all([1, 2].map(() => post(`${first.url}/purchases`, BASKET)));
    const id = String(submissions[0]?.body.id);
    expect(submissions).toMatchObject([
      { status: 202, body: { id } },
      { status: 202, body: { id } },
    ]);
    expect(await post(`${first.url}/purchases`, { ...BASKET, lines: [] })).toMatchObject({
      status: 400,
      body: { code: "INVALID_REQUEST" },
    });
    expect((await fetch(`${first.url}/purchases/unknown`)).status).toBe(404);
    await post(`${first.url}/purchases/${id}/approval`, { approvedBy: "cfo@example.com" });
    const tick = () => post(`${first.url}/tick`);
    await killInPurchase(world, first.server, tick, tick);

    const { url } = await start();
    await expectBoughtOnce(world, () => Promise.all([post(`${url}/tick`), post(`${url}/tick`)]));
    expect(await (await fetch(`${url}/purchases/${id}`)).json()).toMatchObject({ status: "completed" });
    expect(await post(`${url}/purchases`, BASKET)).toMatchObject({ body: { id, status: "completed" } });
    await post(`${url}/tick`);
    await expectLedger(world);
  },
  180_000,
);
