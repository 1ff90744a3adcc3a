import { expect, test } from "vitest";
import { freePort } from "../../src/stores/embedded/free-port.js";
import { approveBasket } from "./support/approved-basket.js";
import { cancelBasket } from "./support/canceled-basket.js";
import { expectBoughtOnce, expectLedger } from "./support/executions.js";
import { type HostWorld, startWorld } from "./support/host-world.js";
import { killInPurchase } from "./support/kill-in-purchase.js";
import { NODE_22, noRestate, type RestateServer, startRestate } from "./support/restate-server.js";
import { exampleFile, startScript } from "./support/start-example.js";
import { patient, stopInPurchase } from "./support/stop-in-purchase.js";

test.skipIf(noRestate !== undefined)(
  `Restate buys once, though its service is killed in the purchase and the call comes twice ${noRestate ?? ""}`,
  async () => {
    const [world, restate, port] = await Promise.all([startWorld(), startRestate(), freePort()]);
    const executionId = await approveBasket(world);
    const victim = await startService(world, port);
    await post(`${restate.admin}/deployments`, { uri: `http://127.0.0.1:${port}` });

    const calls: string[] = [];
    await killInPurchase(world, victim, async () => {
      for (const _delivery of [1, 2]) calls.push(await send(restate, "buy", executionId));
    });

    await startService(world, port);
    await send(restate, "tick");
    await expectBoughtOnce(world);
    for (const call of [...calls, await send(restate, "buy", executionId)])
      expect(await resultOf(restate, call)).toBe("completed");
    await expectLedger(world);
  },
  180_000,
);

test.skipIf(noRestate !== undefined)(
  `Restate's service ends by itself on SIGTERM in a purchase, which it has recorded ${noRestate ?? ""}`,
  async () => {
    const [world, restate, port] = await Promise.all([startWorld(), startRestate(), freePort()]);
    const executionId = await approveBasket(world);
    const service = await startService({ ...world, settings: patient(world) }, port);
    await post(`${restate.admin}/deployments`, { uri: `http://127.0.0.1:${port}` });
    await stopInPurchase(world, service, () => send(restate, "buy", executionId));
  },
  180_000,
);

test.skipIf(noRestate !== undefined)(
  `Restate's handler ends if its execution was canceled ${noRestate ?? ""}`,
  async () => {
    const [world, restate, port] = await Promise.all([startWorld(), startRestate(), freePort()]);
    const executionId = await cancelBasket(world);
    await startService(world, port);
    await post(`${restate.admin}/deployments`, { uri: `http://127.0.0.1:${port}` });
    expect(await resultOf(restate, await send(restate, "buy", executionId))).toBe("canceled");
  },
  180_000,
);

async function startService({ settings }: HostWorld, port: number) {
  const service = startScript(
    exampleFile("restate"),
    { ...settings, PORT: String(port), ROUND_MS: "500" },
    { node: NODE_22 },
  );
  await service.said(/listening/);
  return service;
}

/** Gives a handler of the service a call of its own. Returns the id of the call. */
async function send({ ingress }: RestateServer, handler: string, argument?: unknown): Promise<string> {
  const { invocationId } = await post(`${ingress}/purchases/${handler}/send`, argument);
  return String(invocationId);
}

/** What a call returned. Waits for its end. */
async function resultOf({ ingress }: RestateServer, call: string): Promise<unknown> {
  return await (await fetch(`${ingress}/restate/invocation/${call}/attach`)).json();
}

async function post(url: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: "POST",
    ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  expect(answer.ok, text).toBe(true);
  return JSON.parse(text);
}
