import { protos } from "@google-cloud/compute";
import { gcpCommittedUseDiscounts } from "buyonce/gcp";
import { describe, expect, test } from "vitest";
import type { CommitmentRequest } from "../../src/domain/commitment-request/commitment-request.js";
import { KNOWN_GCP_COMMITMENT_TYPES } from "../../src/domain/commitment-request/gcp-commitment-types.js";
import type { BuyonceError } from "../../src/domain/errors.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";

type Line = Readonly<Record<string, unknown>>;

const VALID = {
  service: "gcp.compute",
  account: "buyer-project-1",
  region: "us-central1",
  quantity: 1,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "1000", currency: "USD" },
  type: "GENERAL_PURPOSE_N2",
  resources: { vcpu: 4, memoryMb: 16_384 },
} as const;

const recommendationFor = (location: string) =>
  `projects/123/locations/${location}/recommenders/google.compute.commitment.UsageCommitmentRecommender/recommendations/e1`;
const RECOMMENDATION = { name: recommendationFor("us-central1"), etag: '"0000000000000001"' };

/** An engine of the adapter, whose clients cannot be had. */
function strictEngine() {
  const asked: unknown[] = [];
  const clientFor = (target: unknown): never => {
    asked.push(target);
    throw new Error("the cloud was to be reached");
  };
  const providers = [gcpCommittedUseDiscounts({ clientFor })];
  const engine = createPurchaseEngine({ store: memoryStore(), providers, logger: silentLogger });
  return { engine, asked };
}

const submitted = (engine: ReturnType<typeof strictEngine>["engine"], line: unknown) =>
  engine.submit({ requestKey: "key", createdBy: "ann", lines: [line as CommitmentRequest] });

/** What the engine says to a line that it must refuse; nothing may be stored or sent. */
async function refusal(line: unknown): Promise<BuyonceError> {
  const { engine, asked } = strictEngine();
  const thrown = await submitted(engine, line).then(
    () => expect.unreachable("it was taken"),
    (error: BuyonceError) => error,
  );
  expect(asked).toEqual([]);
  expect((await engine.history({})).executions).toEqual([]);
  return thrown;
}

/** Where the faults of a line lie. */
async function pathsOf(line: unknown): Promise<readonly string[]> {
  const { code, moneyMoved, details, message } = await refusal(line);
  expect({ code, moneyMoved }, message).toEqual({ code: "INVALID_REQUEST", moneyMoved: "no" });
  const problems = details["problems"] as readonly { readonly path: string; readonly problem: string }[];
  for (const { problem } of problems) expect(problem).not.toBe("Invalid input");
  return [...new Set(problems.map(({ path }) => path.replace(/^lines\[0\]\.?/, "")))];
}

const withResources = (resources: Line): Line => ({ resources: { ...VALID.resources, ...resources } });
const GPU = { type: "nvidia-tesla-a100", count: 1 };
const RESERVATION = { name: "gpus", zone: "us-central1-a", count: 2, machineType: "n1-standard-8" };
const { type: _type, resources: _resources, ...COMMON } = VALID;
const LICENSES = { license: "projects/suse-cloud/global/licenses/sles-15", amount: 2 };
const LICENSED = { ...COMMON, category: "LICENSE", licenseResource: LICENSES };

test.each<[what: string, change: Line]>([
  ["as it is", {}],
  ["of N1 with all the memory it may have", { type: "GENERAL_PURPOSE", ...withResources({ memoryMb: 4 * 6_656 }) }],
  ["of another general-purpose series with all its memory", withResources({ memoryMb: 4 * 8_192 })],
  ["of a series with more memory", { type: "MEMORY_OPTIMIZED_M3", ...withResources({ memoryMb: 4 * 30_720 }) }],
  ["of vCPUs alone", { resources: { vcpu: 4 } }],
  ["of memory alone", { resources: { memoryMb: 1_024_000 } }],
  ["with local SSDs", { ...withResources({ localSsdGb: 750 }), existingReservations: ["r"] }],
  ["with local SSDs without reservations, which Google judges", withResources({ localSsdGb: 375 })],
  [
    "with an accelerator in a new reservation",
    { ...withResources({ accelerators: [GPU] }), reservations: [RESERVATION] },
  ],
  [
    "with machines that are reserved in all detail",
    {
      ...withResources({ localSsdGb: 750, accelerators: [GPU] }),
      reservations: [
        {
          ...RESERVATION,
          minCpuPlatform: "Intel Cascade Lake",
          accelerators: [GPU],
          localSsds: [{ sizeGb: 375, interface: "NVME" }],
          specificReservationRequired: true,
        },
      ],
    },
  ],
  ["of hardware, stated", { category: "MACHINE" }],
  ["with a later end", { customEndTimestamp: "2028-06-01T00:00:00-08:00" }],
  ["merged of others", { mergeSourceCommitments: ["cud-a", "projects/p/regions/us-central1/commitments/cud-b"] }],
  ["split off another", { splitSourceCommitment: "cud-a" }],
  ["with an accelerator", { ...withResources({ accelerators: [GPU] }), existingReservations: ["r"] }],
  ["of a domain's project", { account: "example.com:buyer-project-1" }],
  ["that follows a recommendation", { recommendation: RECOMMENDATION }],
])("takes a line %s, and submitting reaches no cloud", async (_, change) => {
  const { engine, asked } = strictEngine();
  const line = { ...VALID, ...change };
  expect((await submitted(engine, line)).lines[0]?.request).toEqual(line);
  expect(asked).toEqual([]);
});

test("takes licenses, which have no type and no resources", async () => {
  const { engine } = strictEngine();
  expect((await submitted(engine, LICENSED)).lines[0]?.request).toEqual(LICENSED);
});

/** The types that the installed client knows. */
const CLIENT_TYPES = Object.keys(protos.google.cloud.compute.v1.Commitment.Type).filter(
  (name) => name !== "UNDEFINED_TYPE" && name !== "TYPE_UNSPECIFIED",
);

test.each([
  ...new Set([...CLIENT_TYPES, ...KNOWN_GCP_COMMITMENT_TYPES]),
  "NETWORK_OPTIMIZED_C4N",
  "STORAGE_OPTIMIZED_Z4D",
  "QUANTUM_OPTIMIZED_Q1",
])("takes the type %s", async (type) => {
  const { engine } = strictEngine();
  expect((await submitted(engine, { ...VALID, type })).lines[0]?.request).toMatchObject({ type });
});

test("knows every type that the installed client knows", () => {
  expect(KNOWN_GCP_COMMITMENT_TYPES).toEqual(expect.arrayContaining(CLIENT_TYPES));
});

const WHOLE_FROM_ONE = [0, -0, -1, 1.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY, "4", null, [4], 4n];
const FAULTS: readonly (readonly [field: string, values: readonly unknown[]])[] = [
  [
    "account",
    ["", "p", "Buyer-Project-1", "1buyer-project", "buyer-project-", "buyer project", "123456789012", 1, null],
  ],
  ["account", ["a".repeat(31), "buyer-project-1\n", " buyer-project-1", "buyer_project_1", "../other-project"]],
  ["region", ["us-central", "us-central1-a", "US-CENTRAL1", "global", "us-central1\n", "", "eu-west-1", 1, null]],
  ["quantity", [...WHOLE_FROM_ONE, 2]],
  ["term", ["5yr", "TWELVE_MONTH", "", 1, null]],
  ["payment", ["all_upfront", "partial_upfront", "monthly", "", null]],
  ["type", ["", "N2", "n2", "general_purpose_n2", "n2-standard-4", "TYPE_UNSPECIFIED", "UNDEFINED_TYPE", 1, null]],
  ["type", ["BANANA", "_OPTIMIZED", "GENERAL_PURPOSE_", "GENERAL_PURPOSE_n2", "GENERAL_PURPOSE N2"]],
  ["category", ["OTHER", "machine", "CATEGORY_UNSPECIFIED", "", 1, null]],
  ["customEndTimestamp", ["", "2028-06-01", "some day", 1, null]],
  ["mergeSourceCommitments", [[], "cud-a", [""], null]],
  ["splitSourceCommitment", ["", ["cud-a"], null]],
  ["reservations", [[], "r", [{}], null]],
  ["licenseResource", [LICENSES]],
  ["resources", [null, [], "4", 4]],
  ["autoRenew", ["false", 0, null]],
  ["existingReservations", [[], "r", null]],
  ["recommendation", [null, "x", [], RECOMMENDATION.name]],
  ["holdMs", [3_600_000]],
  ["expectedPrice", [5, "5", [], {}, { amount: "0", currency: "USD" }, { amount: "5", currency: "usd" }]],
];

test.each(FAULTS.map(([field, values]) => ({ field, values })))(
  "names $field where it is no such thing",
  async ({ field, values }) => {
    for (const value of values) {
      const paths = await pathsOf({ ...VALID, [field]: value });
      const isUnknown = ["holdMs", "licenseResource"].includes(field) && paths.includes("");
      const isNamed = paths.some((path) => path.startsWith(field)) || isUnknown;
      expect(isNamed, `${field} ${String(value)}: ${paths}`).toBe(true);
    }
  },
);

test.each<[part: string, values: readonly unknown[]]>([
  ["vcpu", [...WHOLE_FROM_ONE, 1_000_001]],
  ["memoryMb", [...WHOLE_FROM_ONE, 255, 257, 16_385, 16_384.5, 16]],
  ["localSsdGb", [...WHOLE_FROM_ONE, 374, 376, 375.5]],
  ["accelerators", [[], "a100", null, {}]],
])("names resources.%s where it cannot be sold", async (part, values) => {
  for (const value of values) {
    const line = {
      ...VALID,
      ...withResources({ [part]: value }),
      ...(part === "localSsdGb" && { existingReservations: ["r"] }),
    };
    expect(await pathsOf(line), `${part} ${String(value)}`).toContain(`resources.${part}`);
  }
});

test.each<[what: string, change: Line, ...paths: string[]]>([
  [
    "more memory than N1 has",
    { type: "GENERAL_PURPOSE", ...withResources({ memoryMb: 26_880 }) },
    "resources.memoryMb",
  ],
  [
    "more memory than E2 has",
    { type: "GENERAL_PURPOSE_E2", ...withResources({ memoryMb: 33_024 }) },
    "resources.memoryMb",
  ],
  ["memory in GB", withResources({ memoryMb: 16 }), "resources.memoryMb"],
  ["no resource at all", { resources: {} }, "resources"],
  ["new reservations of nothing", { reservations: [RESERVATION] }, "reservations"],
  [
    "a reservation in another region",
    { ...withResources({ localSsdGb: 375 }), reservations: [{ ...RESERVATION, zone: "europe-west1-b" }] },
    "reservations[0].zone",
  ],
  [
    "new reservations of a merged commitment",
    {
      ...withResources({ localSsdGb: 375 }),
      reservations: [RESERVATION],
      mergeSourceCommitments: ["cud-a", "cud-b"],
    },
    "reservations",
  ],
  [
    "a merger and a split",
    { mergeSourceCommitments: ["cud-a", "cud-b"], splitSourceCommitment: "cud-c" },
    "splitSourceCommitment",
  ],
  ["accelerators without reservations", withResources({ accelerators: [GPU] }), "existingReservations"],
  ["reservations of nothing", { existingReservations: ["r"] }, "existingReservations"],
  [
    "a reservation without a name",
    { ...withResources({ localSsdGb: 375 }), existingReservations: [""] },
    "existingReservations[0]",
  ],
  [
    "an accelerator without a type",
    { ...withResources({ accelerators: [{ count: 1 }] }), existingReservations: ["r"] },
    "resources.accelerators[0].type",
  ],
  [
    "no accelerators of a type",
    { ...withResources({ accelerators: [{ ...GPU, count: 0 }] }), existingReservations: ["r"] },
    "resources.accelerators[0].count",
  ],
  [
    "an accelerator type twice",
    { ...withResources({ accelerators: [GPU, GPU] }), existingReservations: ["r"] },
    "resources.accelerators",
  ],
  ["a resource that is not sold", withResources({ gpus: 1 }), "resources"],
  ["a machine type", { machineType: "n2-standard-4" }, ""],
  ["the label of a service of AWS", { instanceType: "m5.large" }, ""],
  ["a recommendation without an etag", { recommendation: { name: RECOMMENDATION.name } }, "recommendation.etag"],
  ["an empty etag", { recommendation: { ...RECOMMENDATION, etag: "" } }, "recommendation.etag"],
  ["an etag of two lines", { recommendation: { ...RECOMMENDATION, etag: '"1"\n"2"' } }, "recommendation.etag"],
  [
    "a recommendation for another region",
    { recommendation: { ...RECOMMENDATION, name: recommendationFor("europe-west1") } },
    "recommendation.name",
  ],
  ...[
    "x",
    "projects/1",
    `/${RECOMMENDATION.name}`,
    `${RECOMMENDATION.name}/y`,
    `${RECOMMENDATION.name}?x`,
    `${RECOMMENDATION.name} `,
  ].map((name): [string, Line, string] => [
    `"${name}" for a recommendation`,
    { recommendation: { ...RECOMMENDATION, name } },
    "recommendation.name",
  ]),
])("refuses %s", async (_, change, ...paths) => {
  expect(await pathsOf({ ...VALID, ...change })).toEqual(paths);
});

test.each<[what: string, change: Line, ...paths: string[]]>([
  ["without licenses", { licenseResource: undefined }, "licenseResource"],
  ["of no licenses", { licenseResource: { ...LICENSES, amount: 0 } }, "licenseResource.amount"],
  ["with resources", { resources: VALID.resources }, ""],
  ["with a type", { type: VALID.type }, ""],
  ["merged of others, which Google does not do", { mergeSourceCommitments: ["a", "b"] }, ""],
])("refuses a line of licenses %s", async (_, change, ...paths) => {
  expect(await pathsOf({ ...LICENSED, ...change })).toEqual(paths);
});

test("names every field that is missing, all at once", async () => {
  const fields = Object.keys(VALID).filter((field) => field !== "service");
  for (const field of fields) expect(await pathsOf({ ...VALID, [field]: undefined })).toContain(field);
  expect(await pathsOf({ service: VALID.service })).toEqual(expect.arrayContaining(fields));
});

describe("a commitment of Google Cloud that no API sells", () => {
  test.each(["gcp.alloydb", "gcp.cloud-sql", "gcp.cloud-storage", "gcp.flexible", "gcp.memorystore", "gcp.spanner"])(
    "is refused as %s, with or without fields, and what to do instead is said",
    async (service) => {
      for (const line of [{ service }, { ...VALID, service }, { ...VALID, service, quantity: 0 }]) {
        const { code, moneyMoved, details } = await refusal(line);
        expect({ code, moneyMoved }).toEqual({ code: "PURCHASE_NOT_SUPPORTED", moneyMoved: "no" });
        expect(details).toEqual({ service, instead: expect.stringMatching(/console|no committed use discounts/) });
      }
    },
  );
});

test.each(["gcp", "gcp.", "gcp.compute ", "GCP.COMPUTE", "gcp.compute.commitments", "google.compute"])(
  "takes %j for no service",
  async (service) => {
    expect(await pathsOf({ ...VALID, service })).toEqual(["service"]);
  },
);
