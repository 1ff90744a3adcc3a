import { azureReservations, azureSavingsPlans } from "buyonce/azure";
import { describe, expect, test } from "vitest";
import {
  type CommitmentRequest,
  parseCommitmentRequests,
} from "../../src/domain/commitment-request/commitment-request.js";
import { type BuyonceError, isBuyonceError } from "../../src/domain/errors.js";
import type { InputProblem } from "../../src/domain/input-problem.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";

type AzureService = Extract<CommitmentRequest["service"], `azure.${string}`>;
type Line = Readonly<Record<string, unknown>>;

const SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";

const common = {
  account: SUBSCRIPTION,
  term: "1yr",
  payment: "all_upfront",
  scope: { type: "shared" },
} as const;

/** A complete line of both services. */
const VALID: Readonly<Record<AzureService, Line>> = {
  "azure.reservations": {
    ...common,
    region: "westeurope",
    quantity: 2,
    expectedPrice: { amount: "1145.52", currency: "USD" },
    reservedResourceType: "VirtualMachines",
    sku: "Standard_D2s_v3",
  },
  "azure.savings-plans": {
    ...common,
    region: "global",
    quantity: 1,
    expectedPrice: { amount: "4380", currency: "USD" },
    hourlyCommitment: "0.5",
  },
};

const SERVICES = Object.keys(VALID) as readonly AzureService[];
const lineOf = (service: AzureService, more: Line = {}): Line => ({ service, ...VALID[service], ...more });

/** An engine of both adapters, whose clients cannot be had. */
function strictEngine() {
  const asked: unknown[] = [];
  const clientFor = (target: unknown): never => {
    asked.push(target);
    throw new Error("the cloud was to be reached");
  };
  const providers = [azureReservations({ clientFor }), azureSavingsPlans({ clientFor })];
  return { engine: createPurchaseEngine({ store: memoryStore(), providers, logger: silentLogger }), asked };
}

/** What the engine says to a basket that it must refuse; nothing may be stored or sent. */
async function refusal(...lines: readonly unknown[]): Promise<BuyonceError> {
  const { engine, asked } = strictEngine();
  const submission = { requestKey: "key", createdBy: "ann", lines } as Parameters<typeof engine.submit>[0];
  const thrown = await engine.submit(submission).catch((error: unknown) => error);
  expect(asked).toEqual([]);
  expect((await engine.history({})).executions).toEqual([]);
  return isBuyonceError(thrown) ? thrown : expect.fail(`it was taken: ${JSON.stringify(thrown)}`);
}

/** The fields that a basket is refused for. */
async function pathsOf(...lines: readonly unknown[]): Promise<readonly string[]> {
  const { code, moneyMoved, details, message } = await refusal(...lines);
  expect({ code, moneyMoved }, message).toEqual({ code: "INVALID_REQUEST", moneyMoved: "no" });
  const problems = details["problems"] as readonly InputProblem[];
  for (const { problem } of problems) expect(problem).not.toBe("Invalid input");
  return [...new Set(problems.map(({ path }) => path))];
}

const GUIDS = [
  "",
  "11111111-1111-4111-8111-11111111111",
  "11111111-1111-4111-8111-1111111111111",
  "111111111111411181111111111111111111",
  "{11111111-1111-4111-8111-111111111111}",
  "/subscriptions/11111111-1111-4111-8111-111111111111",
  "11111111-1111-4111-8111-111111111111\n",
  "11111111-1111-4111-8111-11111111111G",
  "AAAAAAAA-1111-4111-8111-111111111111",
  "11111111-1111-4111-8111-111111111111/../22222222-2222-4222-8222-222222222222",
  1,
  null,
  [SUBSCRIPTION],
];

const GROUPS = ["", "a/b", "..%2f", "a b", "a?b", "a#b", "x".repeat(91), 1, null, ["web"]];

const FIELD_FAULTS: readonly (readonly [field: string, values: readonly unknown[]])[] = [
  ["account", GUIDS],
  ["quantity", [0, -1, 1.5, 100_001, Number.NaN, Number.POSITIVE_INFINITY, "2", null]],
  ["term", ["2yr", "5 yr", "P1Y", "1 yr", "", 1, null]],
  ["payment", ["partial_upfront", "monthly", "Upfront", "P1M", "", true, null]],
  ["region", ["West Europe", "westeurope\n", "eu-west-1", "", "WESTEUROPE", 1, null, "x".repeat(60), "west/europe"]],
  ["priceTolerancePercent", [-1, 21, Number.NaN, "1", null]],
  ["expectedPrice", [5, "5", [], {}, null]],
  [
    "scope",
    ["shared", null, [], { type: "Shared" }, { type: "single" }, {}, { type: "shared", subscriptionId: SUBSCRIPTION }],
  ],
];

describe.each(SERVICES)("%s", (service) => {
  test("is taken without a fault, and submitting reaches no cloud", async () => {
    const { engine, asked } = strictEngine();
    const lines = [lineOf(service)] as unknown as readonly CommitmentRequest[];
    expect((await engine.submit({ requestKey: "key", createdBy: "ann", lines })).lines[0]?.request).toEqual(lines[0]);
    expect(asked).toEqual([]);
  });

  const faults = FIELD_FAULTS.flatMap(([field, values]) => values.map((value) => [field, value] as const));
  test.each(faults)("names %s where it is %j", async (field, value) => {
    const paths = await pathsOf(lineOf(service, { [field]: value }));
    expect(
      paths.some((path) => path.startsWith(`lines[0].${field}`)),
      paths.join(),
    ).toBe(true);
  });

  test.each([
    ["amount", ["0", "-5", "+5", "1e3", "NaN", "", " 5", "1,000", "100000000000.01", 10.5, null, undefined]],
    ["currency", ["", "usd", "US", "USDT", "$", 840, null, undefined]],
  ])("names expectedPrice.%s where it is absurd", async (part, values) => {
    for (const value of values) {
      const expectedPrice = { amount: "4380", currency: "USD", [part]: value };
      expect(await pathsOf(lineOf(service, { expectedPrice }))).toContain(`lines[0].expectedPrice.${part}`);
    }
  });

  test("names every field that is missing, all at once", async () => {
    const fields = Object.keys(VALID[service]);
    expect(await pathsOf({ service })).toEqual(expect.arrayContaining(fields.map((field) => `lines[0].${field}`)));
  });

  test("names every field of the wrong type, all at once", async () => {
    const fields = Object.keys(VALID[service]);
    for (const wrong of [null, [], {}, () => "x", Symbol("x"), 7n]) {
      const paths = await pathsOf({ service, ...Object.fromEntries(fields.map((field) => [field, wrong])) });
      for (const field of fields)
        expect(
          paths.some((path) => path.startsWith(`lines[0].${field}`)),
          `${field}: ${String(wrong)}`,
        ).toBe(true);
    }
  });

  test.each(["colour", "__proto__", "constructor", "tags", "billingPlan", "Quantity", "holdMs", "displayName"])(
    "knows no field %s",
    async (key) => {
      const text = JSON.stringify(lineOf(service)).replace(/^\{/, `{${JSON.stringify(key)}:{"quantity":5},`);
      const { details } = await refusal(JSON.parse(text));
      expect(details["problems"]).toEqual([{ path: "lines[0]", problem: expect.stringContaining(`"${key}"`) }]);
    },
  );

  test("takes no field of the other service, and none of AWS", async () => {
    const foreign = SERVICES.filter((other) => other !== service).flatMap((other) => Object.entries(VALID[other]));
    const own = [...Object.keys(VALID[service]), ...(service === "azure.savings-plans" ? ["sku"] : [])];
    for (const [name, value] of [...foreign, ["instanceType", "m5.large"] as const])
      if (!own.includes(name)) expect(await pathsOf(lineOf(service, { [name]: value }))).toEqual(["lines[0]"]);
  });

  describe("a scope", () => {
    test.each([
      { type: "subscription", subscriptionId: SUBSCRIPTION },
      { type: "resource_group", subscriptionId: SUBSCRIPTION, resourceGroup: "web-1_(x).y" },
      { type: "management_group", tenantId: SUBSCRIPTION, managementGroup: "all-web" },
    ])("of %j is taken", (scope) => {
      expect(parseCommitmentRequests([lineOf(service, { scope })])).toEqual([lineOf(service, { scope })]);
    });

    test.each(GUIDS)("is named where its ids are %j", async (id) => {
      expect(await pathsOf(lineOf(service, { scope: { type: "subscription", subscriptionId: id } }))).toEqual([
        "lines[0].scope.subscriptionId",
      ]);
      expect(
        await pathsOf(lineOf(service, { scope: { type: "management_group", tenantId: id, managementGroup: "g" } })),
      ).toEqual(["lines[0].scope.tenantId"]);
    });

    test.each(GROUPS)("is named where its group is %j", async (group) => {
      const inGroup = { type: "resource_group", subscriptionId: SUBSCRIPTION, resourceGroup: group };
      expect(await pathsOf(lineOf(service, { scope: inGroup }))).toEqual(["lines[0].scope.resourceGroup"]);
      const ofTenant = { type: "management_group", tenantId: SUBSCRIPTION, managementGroup: group };
      expect(await pathsOf(lineOf(service, { scope: ofTenant }))).toEqual(["lines[0].scope.managementGroup"]);
    });

    test("is named where a part is missing or too much", async () => {
      for (const type of ["subscription", "resource_group", "management_group"])
        expect((await pathsOf(lineOf(service, { scope: { type } })))[0]).toMatch(/^lines\[0\]\.scope\./);
      const both = { type: "subscription", subscriptionId: SUBSCRIPTION, resourceGroup: "web" };
      expect(await pathsOf(lineOf(service, { scope: both }))).toEqual(["lines[0].scope"]);
    });
  });
});

/** Faults of single services: what is changed, and which fields are named. */
const OWN_FAULTS: readonly (readonly [AzureService, what: string, change: Line, ...fields: string[]])[] = [
  ...["", "Virtual Machines", " VirtualMachines", "VirtualMachines\n", "1VM", "Virtual-Machines", "x".repeat(65)].map(
    (reservedResourceType) =>
      [
        "azure.reservations",
        `the type ${JSON.stringify(reservedResourceType)}`,
        { reservedResourceType },
        "reservedResourceType",
      ] as const,
  ),
  ["azure.reservations", "a list of types", { reservedResourceType: ["VirtualMachines"] }, "reservedResourceType"],
  ["azure.reservations", "an empty sku", { sku: "" }, "sku"],
  ["azure.reservations", "a sku that begins with a space", { sku: " Standard_D2s_v3" }, "sku"],
  ["azure.reservations", "a sku with a line break", { sku: "Standard_D2s_v3\n" }, "sku"],
  ["azure.reservations", "a sku of a thousand letters", { sku: "x".repeat(1_000) }, "sku"],
  ["azure.reservations", "a sku that is an object", { sku: { name: "Standard_D2s_v3" } }, "sku"],
  ["azure.reservations", "no region", { region: "global!" }, "region"],
  ["azure.reservations", "flexibility as text", { instanceFlexibility: "On" }, "instanceFlexibility"],
  [
    "azure.reservations",
    "flexibility of a database",
    { reservedResourceType: "SqlDatabases", instanceFlexibility: true },
    "instanceFlexibility",
  ],
  [
    "azure.reservations",
    "flexibility, off, of a disk",
    { reservedResourceType: "ManagedDisk", instanceFlexibility: false },
    "instanceFlexibility",
  ],
  ["azure.reservations", "renewal as text", { renew: "false" }, "renew"],
  ["azure.reservations", "renewal as a number", { renew: 0 }, "renew"],
  ["azure.reservations", "an hourly commitment", { hourlyCommitment: "0.5" }, ""],
  ["azure.savings-plans", "two plans at once", { quantity: 2 }, "quantity"],
  ["azure.savings-plans", "a region", { region: "westeurope" }, "region"],
  ["azure.savings-plans", "a month", { term: "1mo" }, "term"],
  ["azure.savings-plans", "an empty sku", { sku: "" }, "sku"],
  ["azure.savings-plans", "a sku with a space", { sku: "Compute Savings Plan" }, "sku"],
  ["azure.savings-plans", "a sku with a line break", { sku: "Compute_Savings_Plan\n" }, "sku"],
  ["azure.savings-plans", "a sku that is an object", { sku: { name: "Compute_Savings_Plan" } }, "sku"],
  ["azure.savings-plans", "renewal as text", { renew: "true" }, "renew"],
  ["azure.savings-plans", "renewal as a number", { renew: 1 }, "renew"],
  ["azure.savings-plans", "a price that is not the commitment's", { hourlyCommitment: "0.6" }, "expectedPrice"],
  ["azure.savings-plans", "the price of another term", { term: "3yr" }, "expectedPrice"],
  [
    "azure.savings-plans",
    "an hourly price for the whole",
    { expectedPrice: { amount: "0.5", currency: "USD" } },
    "expectedPrice",
  ],
  ...["0.123456", "1e-1", "-0.5", "NaN", "", "abc", ".5", "1.2.3", "00.5", " 0.5", "0,5", 0.5, null, ["0.5"]].map(
    (hourlyCommitment) =>
      [
        "azure.savings-plans",
        `${JSON.stringify(hourlyCommitment)} an hour`,
        { hourlyCommitment },
        "hourlyCommitment",
      ] as const,
  ),
  [
    "azure.savings-plans",
    "less than Azure takes",
    { hourlyCommitment: "0.0009", expectedPrice: { amount: "7.884", currency: "USD" } },
    "hourlyCommitment",
  ],
  ["azure.savings-plans", "nothing an hour", { hourlyCommitment: "0" }, "expectedPrice", "hourlyCommitment"],
];

const ownFaults = OWN_FAULTS.map(([service, what, change, ...fields]) => ({ service, what, change, fields }));

test.each(ownFaults)("$service: refuses $what", async ({ service, change, fields }) => {
  const expected = fields.map((field) => (field === "" ? "lines[0]" : `lines[0].${field}`));
  expect([...(await pathsOf(lineOf(service, change)))].sort()).toEqual(expected);
});

test("a basket is told the faults of all its lines at once", async () => {
  const faulty = SERVICES.map((service) => lineOf(service, { quantity: 0, term: "2yr" }));
  const paths = SERVICES.flatMap((_, index) => [`lines[${index}].quantity`, `lines[${index}].term`]);
  expect([...(await pathsOf(...faulty, lineOf("azure.reservations")))].sort()).toEqual(paths);
});

describe("Azure AI Search, which no API sells", () => {
  const search = lineOf("azure.reservations", { reservedResourceType: "SearchService" });

  test.each<[string, Line[]]>([
    ["as a type of reservations", [search]],
    [
      "as a type of reservations, without any other field",
      [{ service: "azure.reservations", reservedResourceType: "SearchService" }],
    ],
    ...["searchService", "SEARCHSERVICE"].map((reservedResourceType): [string, Line[]] => [
      `as a type, spelled ${reservedResourceType}`,
      [lineOf("azure.reservations", { reservedResourceType })],
    ]),
    ["as a service of its own", [{ ...common, service: "azure.search" }]],
    ["without any field", [{ service: "azure.search" }]],
    ["after other lines", [lineOf("azure.savings-plans"), search]],
    ["beside a faulty line", [lineOf("azure.reservations", { quantity: 0 }), search]],
  ])("is refused %s, and what to buy instead is said", async (_how, lines) => {
    const { code, moneyMoved, details } = await refusal(...lines);
    expect({ code, moneyMoved }).toEqual({ code: "PURCHASE_NOT_SUPPORTED", moneyMoved: "no" });
    expect(details).toEqual({ service: "azure.search", instead: expect.stringContaining("by the month") });
  });

  test("is no type in a list either", async () => {
    const reservedResourceType = ["SearchService"];
    expect(await pathsOf(lineOf("azure.reservations", { reservedResourceType }))).toEqual([
      "lines[0].reservedResourceType",
    ]);
  });
});

test.each([
  ["pollForMs", -1],
  ["pollEveryMs", Number.NaN],
  ["requestTimeoutMs", 0],
  ["requestTimeoutMs", Number.POSITIVE_INFINITY],
  ["maxPages", 0],
  ["maxPages", 1.5],
  ["endpoint", "http://management.azure.com"],
  ["endpoint", "https://management.azure.com/x"],
  ["endpoint", ""],
  ["absentCodes", "ResourceNotFound"],
  ["absentCodes", [""]],
  ["absentCodes", [404]],
  ["absentCodes", ["Not Found"]],
  ["absentCodes", ["ResourceNotFound", "InvalidResourceType"]],
  ["absentCodes", ["SubscriptionNotFound"]],
  ["timing", { visibilityLagMs: -1 }],
  ["timing", { maxRequestLifetimeMs: Number.NaN }],
  ["flow", "both"],
])("an adapter takes no option %s of %j", (name, value) => {
  const options = { clientFor: () => Promise.reject(new Error("no client")), [name]: value };
  expect(() => azureReservations(options as Parameters<typeof azureReservations>[0])).toThrow(
    expect.objectContaining({ code: "INVALID_REQUEST" }),
  );
});
