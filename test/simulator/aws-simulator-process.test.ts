import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type ConnectedAwsSimulator, connectAwsSimulator, startAwsSimulatorProcess } from "buyonce/simulator";
import { expect, it, onTestFinished, vi } from "vitest";
import { processIdentity } from "../../src/stores/local/process-identity.js";
import { ACCOUNT, anOffering, buy, buyPlan, ec2For, listed, savingsPlansFor, simulatedAws } from "./simulated-aws.js";

const operation = "PurchaseReservedInstancesOffering";

it("serves the SDK and its controls from a process of its own", async () => {
  const simulator = await ownProcess({ listingLagMs: 60_000 });
  expect(simulator.pid).not.toBe(process.pid);
  const ec2 = ec2For(simulator);
  await simulator.faults.add({ operation, kind: "reset-after" });
  expect(await simulator.faults.pending()).toMatchObject([{ kind: "reset-after", times: 1 }]);
  await expect(buy(ec2)).rejects.toMatchObject({ code: "ECONNRESET" });
  const plan = await buyPlan(savingsPlansFor(simulator), { clientToken: "t1", tags: { k: "v" } });
  expect(await simulator.ledger.purchases()).toMatchObject([
    { service: "aws.ec2", account: ACCOUNT },
    { commitmentId: plan, token: "t1", tags: { k: "v" } },
  ]);
  expect((await simulator.ledger.requests()).map((request) => request.outcome.state)).toContain("processed");
  expect(await listed(ec2)).toEqual([]);
  const before = await simulator.clock.now();
  await simulator.clock.advance(60_000);
  expect(await simulator.clock.now()).toBeGreaterThanOrEqual(before + 60_000);
  expect(await listed(ec2)).toHaveLength(1);
});

it("is shared by all who know its URL", async () => {
  const simulator = await ownProcess();
  const other = connectAwsSimulator(simulator.url);
  const { ReservedInstancesOfferingId: offeringId } = await anOffering(ec2For(other));
  await other.offerings.setPrice({ offeringId, fixedPrice: 1.5 });
  expect(await anOffering(ec2For(simulator))).toMatchObject({ FixedPrice: 1.5 });
  await other.faults.add({ operation, kind: "throttle" });
  await simulator.faults.clear();
  expect(await other.faults.pending()).toEqual([]);
  const [given] = await other.offerings.reservedInstances("us-east-1");
  if (given === undefined) throw new Error("nothing on sale");
  await other.offerings.add({ reservedInstances: [{ ...given, instanceType: "x9.huge" }] });
  expect(await simulator.offerings.reservedInstances("us-east-1")).toContainEqual({
    ...given,
    instanceType: "x9.huge",
  });
  expect((await simulator.offerings.savingsPlans()).length).toBeGreaterThan(0);
  const rds = await simulator.offerings.list("aws.rds", "us-east-1");
  expect(await other.offerings.list("aws.rds", "us-east-1")).toEqual(rds);
  expect(rds).toContainEqual(expect.objectContaining({ nodeType: "db.r6g.large", productDescription: "mysql" }));
  await other.states.set(await buy(ec2For(simulator)), "half-active");
  expect(await simulator.ledger.purchases()).toMatchObject([{ state: "half-active" }]);
});

it("refuses wrong controls, in a process of its own and in this one", async () => {
  for (const simulator of [await ownProcess(), await simulatedAws()]) await refusesWrongControls(simulator);
});

it("refuses options it cannot start with", async () => {
  await expect(startAwsSimulatorProcess({ listingLagMs: -1 })).rejects.toThrow(TypeError);
});

it("ends when it is closed", async () => {
  const simulator = await startAwsSimulatorProcess();
  await simulator.close();
  expect(processIdentity(simulator.pid)).toBeUndefined();
  await simulator.close();
});

it("ends with its parent, even one that is killed", async () => {
  const file = fileURLToPath(new URL("orphan-parent.ts", import.meta.url));
  const parent = spawn(process.execPath, ["--import", "tsx", file], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [line] = await once(createInterface({ input: parent.stdout }), "line");
  const { url, pid } = JSON.parse(line);
  expect(await connectAwsSimulator(url).ledger.purchases()).toEqual([]);
  parent.kill("SIGKILL");
  await vi.waitUntil(() => processIdentity(pid) === undefined, { timeout: 10_000 });
});

async function ownProcess(options = {}) {
  const simulator = await startAwsSimulatorProcess(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

async function refusesWrongControls(simulator: ConnectedAwsSimulator) {
  const refused = (path: string) => ({ code: "INVALID_REQUEST", details: { problems: [{ path }] } });
  const [exploding, misspelt] = [
    { operation, kind: "explode" },
    { operation: "Purchase", kind: "throttle" },
  ] as const;
  await expect(simulator.faults.add(exploding as never)).rejects.toMatchObject(refused("fault.kind"));
  await expect(simulator.faults.add(misspelt)).rejects.toMatchObject(refused("fault.operation"));
  await expect(simulator.clock.advance(-1)).rejects.toThrow(TypeError);
  await expect(simulator.offerings.setPrice({ offeringId: "none" })).rejects.toThrow(TypeError);
  await expect(simulator.offerings.list("aws.ec2" as never, "us-east-1")).rejects.toThrow(TypeError);
  await expect(simulator.states.set("none", "active")).rejects.toThrow(TypeError);
}
