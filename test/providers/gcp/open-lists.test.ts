import { describe, expect, test } from "vitest";
import type { GcpComputeRequest } from "../../../src/domain/commitment-request/gcp-compute.js";
import type { PurchaseOutcome } from "../../../src/providers/commitment-provider.js";
import { computeRequest } from "./compute-line.js";
import { clientsOf, context, insertByHand, NAME, permitFor, providerOf, seen, simulated } from "./simulated-line.js";

/** What becomes of a line of the simulated cloud, and what was sent for it. */
async function bought(request: GcpComputeRequest, options: Parameters<typeof simulated>[0] = {}, byHand = 0) {
  const { simulator } = await simulated(options);
  const clients = clientsOf(simulator);
  for (let index = 0; index < byHand; index += 1) await insertByHand(clients, `by-hand-${index}`);
  const outcome = await providerOf(clients).purchase(permitFor(request), context());
  const sent = (await seen(simulator, "InsertCommitment")).at(-1)?.params;
  const found = await providerOf(clients).lookup(request, permitFor(request).token, context());
  return { outcome, sent, found };
}

const GPUS = [{ type: "nvidia-l4", count: 2 }];
const SSD_IN_MACHINE = { sizeGb: 375, interface: "NVME" } as const;
const machines = {
  name: "gpus",
  zone: "us-central1-a",
  count: 2,
  machineType: "g2-standard-8",
  accelerators: GPUS,
  localSsds: [SSD_IN_MACHINE],
};

describe("a commitment", () => {
  test.each<[what: string, more: Partial<GcpComputeRequest>, sent: object, byHand?: number]>([
    ["of vCPUs alone", { resources: { vcpu: 4 } }, { resources: [{ type: "VCPU", amount: "4" }] }],
    ["of memory alone", { resources: { memoryMb: 1_024 } }, { resources: [{ type: "MEMORY", amount: "1024" }] }],
    [
      "with a later end",
      { customEndTimestamp: "2035-06-01T00:00:00-08:00" },
      { customEndTimestamp: "2035-06-01T00:00:00-08:00" },
    ],
    [
      "of licenses",
      {
        category: "LICENSE",
        type: undefined,
        resources: undefined,
        licenseResource: { license: "projects/suse-cloud/global/licenses/sles-15", amount: 2, coresPerLicense: "3-4" },
      },
      {
        category: "LICENSE",
        licenseResource: {
          license: "projects/suse-cloud/global/licenses/sles-15",
          amount: "2",
          coresPerLicense: "3-4",
        },
      },
    ],
    [
      "with new reservations",
      {
        type: "GRAPHICS_OPTIMIZED",
        resources: { vcpu: 4, memoryMb: 16_384, accelerators: GPUS },
        reservations: [machines],
      },
      {
        reservations: [
          {
            name: "gpus",
            zone: "us-central1-a",
            specificReservationRequired: false,
            specificReservation: {
              count: "2",
              instanceProperties: {
                machineType: "g2-standard-8",
                guestAccelerators: [{ acceleratorType: "nvidia-l4", acceleratorCount: 2 }],
                localSsds: [{ diskSizeGb: "375", interface: "NVME" }],
              },
            },
          },
        ],
      },
    ],
    [
      "that merges others",
      { resources: { vcpu: 8, memoryMb: 32_768 }, mergeSourceCommitments: ["by-hand-0", "by-hand-1"] },
      { mergeSourceCommitments: ["by-hand-0", "by-hand-1"] },
      2,
    ],
    [
      "that splits another",
      { resources: { vcpu: 1, memoryMb: 1_024 }, splitSourceCommitment: "by-hand-0" },
      { splitSourceCommitment: "by-hand-0" },
      1,
    ],
  ])("%s is sent as Google takes it, and found without a difference", async (_, more, sent, byHand) => {
    const line = await bought(computeRequest(more), {}, byHand);
    expect(line.outcome).toMatchObject({ kind: "committed", commitment: { commitmentIds: [NAME] } });
    expect(line.sent).toMatchObject(sent);
    expect(line.found).toMatchObject({ differences: [] });
  });

  test("of local SSDs without a reservation is refused by Google, or sold, as Google judges", async () => {
    const line = computeRequest({ resources: { vcpu: 4, memoryMb: 16_384, localSsdGb: 375 } });
    expect((await bought(line)).outcome).toMatchObject({ kind: "rejected", rejection: { code: "invalid" } });
    expect((await bought(line, { localSsdNeedsReservation: false })).outcome).toMatchObject({ kind: "committed" });
  });
});

describe("a type that Google refuses", () => {
  const hintFor = async (type: string): Promise<string> => {
    const { outcome }: { readonly outcome: PurchaseOutcome } = await bought(computeRequest({ type }));
    return outcome.kind === "rejected" ? (outcome.rejection.hint ?? "") : expect.unreachable(outcome.kind);
  };

  test("is refused with the known one that is near", async () => {
    expect(await hintFor("GENERAL_PURPOSE_N5")).toMatch(
      /^The commitment type GENERAL_PURPOSE_N5 was not known .*; did you mean "GENERAL_PURPOSE_N[24]"\?/,
    );
  });

  test("is refused without a suggestion if none is near", async () => {
    expect(await hintFor("QUANTUM_OPTIMIZED_ALPHA_BETA_GAMMA")).toMatch(
      /was not known when this version was made\. Correct/,
    );
  });

  test("is refused as usual if it is a known one", async () => {
    expect(await hintFor("NETWORK_OPTIMIZED_C4N")).toMatch(/^Correct the line/);
  });
});

test.each(["ACCELERATOR_OPTIMIZED_A3_ULTRA", "ACCELERATOR_OPTIMIZED_A4"])(
  "a refused commitment of %s says that Google sells it through a future reservation",
  async (type) => {
    const { simulator } = await simulated();
    await simulator.faults.add({ operation: "InsertCommitment", kind: "error", code: "invalid", status: 400 });
    const outcome = await providerOf(clientsOf(simulator)).purchase(permitFor(computeRequest({ type })), context());
    expect(outcome).toMatchObject({ rejection: { hint: expect.stringContaining("future reservation") } });
  },
);
