import { gcpCommittedUseDiscounts } from "buyonce/gcp";
import { describe, expect, test } from "vitest";
import { KNOWN_GCP_COMMITMENT_TYPES } from "../../src/domain/commitment-request/gcp-commitment-types.js";
import type { GcpComputeRequest } from "../../src/domain/commitment-request/gcp-compute.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { commitmentResource, PLANS } from "../../src/providers/gcp/committed-use-discounts/commitment-resource.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { computeRequest } from "../providers/gcp/compute-line.js";
import { GoogleModels } from "../support/google-models.js";

/** The models of the installed clients, of the old major and of the newest. */
const CLIENTS = ["@google-cloud/compute", "newest-google-compute"].map((name) =>
  GoogleModels.of(`${name}/build/protos/protos.json`),
);

/** Every value that either client knows of an enum of Compute Engine. */
const valuesOf = (name: string): readonly string[] => [
  ...new Set(CLIENTS.flatMap((models) => models.valuesOf(`google.cloud.compute.v1.${name}`))),
];

/** Submits a line to an engine whose clients cannot be had, and returns the commitment that the line would ask for. */
async function asked(line: GcpComputeRequest) {
  const clientFor = (): never => expect.fail("the cloud was to be reached");
  const providers = [gcpCommittedUseDiscounts({ clientFor })];
  const engine = createPurchaseEngine({ store: memoryStore(), providers, logger: silentLogger });
  const { lines } = await engine.submit({ requestKey: "key", createdBy: "ann", lines: [line] });
  expect(lines.map(({ request }) => request)).toEqual([line]);
  return commitmentResource(line, "name");
}

const GPU = { type: "nvidia-l4", count: 1 };
const RESERVED = { name: "r", zone: "us-central1-a", count: 1, machineType: "g2-standard-4" };
const existingReservations = ["r"];
const { type: _type, resources: _resources, ...COMMON } = computeRequest();
const licenseResource = { license: "projects/suse-cloud/global/licenses/sles-15", amount: 1 };

/** Lines of each category, and of each resource. */
const CATEGORIES: Readonly<Record<string, GcpComputeRequest>> = {
  MACHINE: computeRequest({ category: "MACHINE" }),
  LICENSE: { ...COMMON, category: "LICENSE", licenseResource },
};
const RESOURCES: Readonly<Record<string, GcpComputeRequest>> = {
  VCPU: computeRequest({ resources: { vcpu: 1 } }),
  MEMORY: computeRequest({ resources: { memoryMb: 1_024 } }),
  LOCAL_SSD: computeRequest({ resources: { localSsdGb: 375 } }),
  ACCELERATOR: computeRequest({ resources: { accelerators: [GPU] }, existingReservations }),
};

describe("every value of the installed clients passes submit, and is asked for as it is spelled", () => {
  test.each(valuesOf("Commitment.Type"))("as the commitment type %s", async (type) => {
    expect(await asked(computeRequest({ type }))).toMatchObject({ type });
  });

  test.each(valuesOf("Commitment.Plan"))("as the plan %s", async (plan) => {
    const [term] = (["1yr", "3yr"] as const).filter((one) => PLANS[one] === plan);
    expect(await asked(computeRequest({ term: term ?? expect.fail(`no term is spelled ${plan}`) }))).toMatchObject({
      plan,
    });
  });

  test.each(valuesOf("Commitment.Category"))("as the category %s", async (category) => {
    expect(await asked(CATEGORIES[category] ?? expect.fail("no line has it"))).toMatchObject({ category });
  });

  test.each(valuesOf("ResourceCommitment.Type"))("as the resource %s", async (type) => {
    const { resources } = await asked(RESOURCES[type] ?? expect.fail("no line has it"));
    expect(resources?.map((resource) => resource.type)).toEqual([type]);
  });

  const DISK = "AllocationSpecificSKUAllocationAllocatedInstancePropertiesReservedDisk.Interface";
  test.each(valuesOf(DISK))("as the interface %s of a local SSD", async (word) => {
    const [disk] = (["NVME", "SCSI"] as const).filter((one) => one === word);
    const localSsds = [{ sizeGb: 375, interface: disk ?? expect.fail("no line has it") }];
    const reservations = [{ ...RESERVED, localSsds }];
    const resource = await asked(computeRequest({ resources: { localSsdGb: 375 }, reservations }));
    expect(resource.reservations).toMatchObject([
      { specificReservation: { instanceProperties: { localSsds: [{ interface: word }] } } },
    ]);
  });

  test("and each list has values", () => {
    for (const name of ["Commitment.Type", "Commitment.Plan", "Commitment.Category", "ResourceCommitment.Type", DISK])
      expect(valuesOf(name).length, name).toBeGreaterThan(1);
  });
});

test("every commitment type of the installed clients is known to the hints", () => {
  expect(KNOWN_GCP_COMMITMENT_TYPES).toEqual(expect.arrayContaining([...valuesOf("Commitment.Type")]));
});
