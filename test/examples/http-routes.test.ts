import { describe, expect, test } from "vitest";
import { BASKET } from "./support/basket.js";
import { expectBoughtOnce, expectLedger } from "./support/executions.js";
import { startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { startExample } from "./support/start-example.js";
import { patient, stopInPurchase } from "./support/stop-in-purchase.js";

/** Posts, and gives the answer's status and body. */
const post = (url: string, body: unknown = {}) => postText(url, JSON.stringify(body));

async function postText(url: string, body: string, signal: AbortSignal | null = null) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Starts an example on a free port. */
async function startServer(host: string, settings: Readonly<Record<string, string>>) {
  const server = startExample(host, { ...settings, PORT: "0" });
  const [, url = ""] = await server.said(/listening on (\S+)/);
  return { server, url };
}

async function approvedAt(url: string): Promise<string> {
  const { body } = await post(`${url}/purchases`, BASKET);
  await post(`${url}/purchases/${body.id}/approval`, { approvedBy: "cfo@example.com" });
  return String(body.id);
}

const HOSTS = ["hono", "express"];

test.each(HOSTS)(
  "%s buys once, though its process is killed in the purchase and every request comes twice",
  async (host) => {
    const world = await startWorld();
    const start = () => startServer(host, world.settings);

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

describe.each(HOSTS)("%s ends by itself on SIGTERM in a purchase, which it has recorded", (host) => {
  test.each(["waits for the answer", "has hung up"])(
    "if its caller %s",
    async (caller) => {
      const world = await startWorld();
      const { server, url } = await startServer(host, patient(world));
      await approvedAt(url);
      const hangUp = new AbortController();
      const answers: unknown[] = [];
      await stopInPurchase(
        world,
        server,
        async () => answers.push(await postText(`${url}/tick`, "{}", hangUp.signal)),
        () => caller === "has hung up" && hangUp.abort(),
      );
      expect(answers).toMatchObject(
        hangUp.signal.aborted ? [] : [{ status: 200, body: { outcomes: { committed: 1 } } }],
      );
    },
    180_000,
  );
});

test.each(HOSTS)(
  "%s answers 400 to a body that it cannot read, and 503 while the database is down",
  async (host) => {
    const world = await startWorld();
    const { url } = await startServer(host, world.settings);
    const id = await approvedAt(url);

    for (const path of ["/purchases", `/purchases/${id}/approval`]) {
      expect(await postText(`${url}${path}`, "{")).toEqual({
        status: 400,
        body: { code: "INVALID_REQUEST", message: expect.stringMatching(/JSON/) },
      });
      for (const body of ["null", "{}"])
        expect(await postText(`${url}${path}`, body)).toMatchObject({ status: 400, body: { code: "INVALID_REQUEST" } });
    }
    expect(await (await fetch(`${url}/purchases/${id}/approval`, { method: "POST" })).json()).toMatchObject({
      code: "INVALID_REQUEST",
    });

    await world.stopDatabase();
    const unreached = { status: 503, body: { message: expect.stringMatching(/again/) } };
    expect(await post(`${url}/purchases`, BASKET)).toEqual(unreached);
    expect(await post(`${url}/tick`)).toEqual(unreached);
  },
  180_000,
);
