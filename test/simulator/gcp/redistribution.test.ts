import type { ConnectedGcpSimulator } from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { COMMITMENT, get, insert, PROJECT, REGION, simulatedGcp } from "./simulated-gcp.js";

const HOUR_MS = 3_600_000;
/** From the start of a test to the next midnight at UTC-8. */
const TO_MIDNIGHT_MS = 14 * HOUR_MS;

const sized = (vcpu: number) => [
  { type: "VCPU", amount: String(vcpu) },
  { type: "MEMORY", amount: String(4_096 * vcpu) },
];

/** Two commitments of four and of two vCPUs. */
async function withTwo(options: Parameters<typeof simulatedGcp>[0] = {}) {
  const simulator = await simulatedGcp(options);
  await insert(simulator);
  await insert(simulator, { resource: { name: "cud-b", resources: sized(2) } });
  return simulator;
}

const merge = (simulator: ConnectedGcpSimulator, more: object = {}) =>
  insert(simulator, {
    resource: { name: "merged", resources: sized(6), mergeSourceCommitments: [COMMITMENT.name, "cud-b"], ...more },
  });

const split = (simulator: ConnectedGcpSimulator, more: object = {}) =>
  insert(simulator, {
    resource: { name: "part", resources: sized(1), splitSourceCommitment: COMMITMENT.name, ...more },
  });

const shown = async (simulator: ConnectedGcpSimulator, name?: string) => (await get(simulator, name)).body;
const linkTo = (name: string) =>
  `https://www.googleapis.com/compute/v1/projects/${PROJECT}/regions/${REGION}/commitments/${name}`;

describe("commitments that are merged", () => {
  it("are cancelled when the new one starts, which names them by their links", async () => {
    const simulator = await withTwo();
    expect(await merge(simulator)).toMatchObject({ status: 200 });
    await simulator.clock.advance(TO_MIDNIGHT_MS - 1);
    expect(await shown(simulator)).toMatchObject({ status: "NOT_YET_ACTIVE" });
    await simulator.clock.advance(1);
    for (const name of [COMMITMENT.name, "cud-b"])
      expect(await shown(simulator, name)).toMatchObject({
        status: "CANCELLED",
        statusMessage: "The commitment has been cancelled.",
      });
    expect(await shown(simulator, "merged")).toMatchObject({
      status: "ACTIVE",
      resources: sized(6),
      mergeSourceCommitments: [COMMITMENT.name, "cud-b"].map(linkTo),
    });
    expect((await simulator.ledger.purchases()).map(({ state }) => state)).toEqual([
      "CANCELLED",
      "CANCELLED",
      "ACTIVE",
    ]);
  });

  it("end together when the last of them would have ended", async () => {
    const simulator = await simulatedGcp({ activation: "at-once" });
    await insert(simulator);
    await simulator.clock.advance(100 * 24 * HOUR_MS);
    await insert(simulator, { resource: { name: "cud-b", resources: sized(2) } });
    const { endTimestamp } = (await shown(simulator, "cud-b")) as unknown as { readonly endTimestamp: string };
    await simulator.clock.advance(24 * HOUR_MS);
    await merge(simulator);
    expect(await shown(simulator, "merged")).toMatchObject({ endTimestamp });
  });

  it("are cancelled at once where terms start at once", async () => {
    const simulator = await withTwo({ activation: "at-once" });
    await merge(simulator, { mergeSourceCommitments: [linkTo(COMMITMENT.name), linkTo("cud-b")] });
    expect(await shown(simulator)).toMatchObject({ status: "CANCELLED" });
  });

  it("stay as they are where the operation fails", async () => {
    const simulator = await withTwo({ activation: "at-once" });
    await simulator.faults.add({ operation: "InsertCommitment", kind: "operation-fails", code: "QUOTA_EXCEEDED" });
    await merge(simulator);
    expect(await shown(simulator)).toMatchObject({ status: "ACTIVE" });
  });
});

describe("a commitment that is split", () => {
  it("keeps what it has not given away, from the start of the new one on", async () => {
    const simulator = await withTwo();
    expect(await split(simulator)).toMatchObject({ status: 200 });
    await simulator.clock.advance(TO_MIDNIGHT_MS - 1);
    expect(await shown(simulator)).toMatchObject({ resources: sized(4) });
    await simulator.clock.advance(1);
    expect(await shown(simulator)).toMatchObject({ status: "ACTIVE", resources: sized(3) });
    expect(await shown(simulator, "part")).toMatchObject({
      resources: sized(1),
      splitSourceCommitment: linkTo(COMMITMENT.name),
    });
  });

  it("can be split again, of what is left", async () => {
    const simulator = await withTwo({ activation: "at-once" });
    await split(simulator, { resources: sized(2) });
    expect(await split(simulator, { name: "more", resources: sized(2) })).toMatchObject({ status: 400 });
    expect(await split(simulator, { name: "more", resources: sized(1) })).toMatchObject({ status: 200 });
    expect(await shown(simulator)).toMatchObject({ resources: sized(1) });
  });
});

describe("a merger or a split", () => {
  it.each<[string, object]>([
    ["of a commitment that is not there", { mergeSourceCommitments: [COMMITMENT.name, "nobody"] }],
    ["of other resources than its sources have", { resources: sized(5) }],
    [
      "of a resource that its sources have not",
      {
        resources: [
          { type: "VCPU", amount: "6" },
          { type: "MEMORY", amount: "1024" },
        ],
      },
    ],
    ["of both kinds", { splitSourceCommitment: COMMITMENT.name }],
    ["that makes new reservations", { reservations: [{ name: "r" }] }],
    ["of licenses", { category: "LICENSE", resources: [], licenseResource: { license: "sles", amount: "1" } }],
  ])("%s is refused, and changes nothing", async (_what, more) => {
    const simulator = await withTwo({ activation: "at-once" });
    expect(await merge(simulator, more)).toMatchObject({
      status: 400,
      body: { error: { errors: [{ reason: "invalid" }] } },
    });
    expect(await shown(simulator)).toMatchObject({ status: "ACTIVE" });
    expect(await simulator.ledger.purchases()).toHaveLength(2);
  });

  it.each(["EXPIRED", "CANCELLED"])("of a commitment that is %s is refused", async (state) => {
    const simulator = await withTwo();
    await simulator.states.set(COMMITMENT.name, state);
    expect(await merge(simulator)).toMatchObject({ status: 400 });
    expect(await split(simulator)).toMatchObject({ status: 400 });
  });

  it("of a commitment with reservations is refused, if it is a split", async () => {
    const simulator = await simulatedGcp();
    const resources = [...sized(4), { type: "LOCAL_SSD", amount: "375" }];
    await insert(simulator, { resource: { resources, existingReservations: ["r"] } });
    expect(await split(simulator)).toMatchObject({ status: 400 });
  });

  it("that leaves nothing is refused", async () => {
    expect(await split(await withTwo(), { resources: sized(4) })).toMatchObject({ status: 400 });
  });

  it("of another region's commitment is refused", async () => {
    const simulator = await withTwo();
    const resource = { name: "part", resources: sized(1), splitSourceCommitment: COMMITMENT.name };
    expect(await insert(simulator, { resource, region: "europe-west1" })).toMatchObject({ status: 400 });
  });
});
