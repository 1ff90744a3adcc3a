import {
  ec2CapacityBlocks,
  ec2DedicatedHostReservations,
  ec2ReservedInstances,
  elastiCacheReservedNodes,
  memoryDbReservedNodes,
  openSearchReservedInstances,
  rdsReservedInstances,
  redshiftReservedNodes,
  redshiftServerlessReservations,
  savingsPlans,
} from "buyonce/aws";
import { describe, expect, test } from "vitest";
import type { CommitmentRequest } from "../../src/domain/commitment-request/commitment-request.js";
import type { BuyonceError } from "../../src/domain/errors.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";

type AwsService = Extract<CommitmentRequest["service"], `aws.${string}`>;
type Line = Readonly<Record<string, unknown>>;

const common = {
  account: "111111111111",
  region: "eu-west-1",
  quantity: 2,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: { amount: "1051.20", currency: "USD" },
} as const;

/** A complete line of every service. */
const VALID: Readonly<Record<AwsService, Line>> = {
  "aws.ec2": {
    ...common,
    instanceType: "m5.large",
    platform: "Linux/UNIX",
    tenancy: "default",
    offeringClass: "standard",
    scope: "region",
  },
  "aws.ec2-capacity-blocks": {
    account: common.account,
    region: common.region,
    quantity: common.quantity,
    payment: common.payment,
    expectedPrice: common.expectedPrice,
    instanceType: "p5.48xlarge",
    platform: "Linux/UNIX",
    availabilityZone: "eu-west-1a",
    startsAt: "2035-01-06T11:30:00Z",
    endsAt: "2035-01-07T11:30:00Z",
  },
  "aws.ec2-dedicated-hosts": {
    ...common,
    instanceFamily: "m5",
    hostIds: ["h-0123456789abcdef0", "h-0123456789abcdef1"],
  },
  "aws.elasticache": { ...common, cacheNodeType: "cache.r6g.large", engine: "redis" },
  "aws.memorydb": { ...common, nodeType: "db.r6g.large" },
  "aws.opensearch": { ...common, instanceType: "m6g.large.search" },
  "aws.rds": { ...common, dbInstanceClass: "db.r6g.large", engine: "mysql", multiAz: false },
  "aws.redshift": { ...common, nodeType: "ra3.xlplus", nodeOfferingType: "Regular" },
  "aws.redshift-serverless": common,
  "aws.savings-plans": {
    ...common,
    region: "global",
    quantity: 1,
    planType: "Compute",
    hourlyCommitment: "0.12",
  },
};

const SERVICES = Object.keys(VALID) as readonly AwsService[];
const lineOf = (service: AwsService, more: Line = {}): Line => ({ service, ...VALID[service], ...more });

/** An engine of all adapters, whose clients cannot be had. */
function strictEngine() {
  const asked: unknown[] = [];
  const clientFor = (target: unknown): never => {
    asked.push(target);
    throw new Error("the cloud was to be reached");
  };
  const providers = [
    ec2CapacityBlocks({ clientFor }),
    ec2DedicatedHostReservations({ clientFor }),
    ec2ReservedInstances({ clientFor }),
    elastiCacheReservedNodes({ clientFor }),
    memoryDbReservedNodes({ clientFor }),
    openSearchReservedInstances({ clientFor }),
    rdsReservedInstances({ clientFor }),
    redshiftReservedNodes({ clientFor }),
    redshiftServerlessReservations({ clientFor }),
    savingsPlans({ clientFor }),
  ];
  const engine = createPurchaseEngine({ store: memoryStore(), providers, logger: silentLogger });
  return { engine, asked };
}

/** What the engine says to a basket that it must refuse; nothing may be stored or sent. */
async function refusal(lines: unknown, head: object = {}): Promise<BuyonceError> {
  const { engine, asked } = strictEngine();
  const submission = { requestKey: "key", createdBy: "ann", ...head, lines } as Parameters<typeof engine.submit>[0];
  const thrown = await engine.submit(submission).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown, "it was taken").toBeDefined();
  expect(asked).toEqual([]);
  expect((await engine.history({})).executions).toEqual([]);
  return thrown as BuyonceError;
}

interface Problem {
  readonly path: string;
  readonly problem: string;
}

/** The faults of a basket, of which there must be some. */
async function problemsOf(lines: unknown, head: object = {}): Promise<readonly Problem[]> {
  const { code, moneyMoved, details, message } = await refusal(lines, head);
  expect({ code, moneyMoved }, message).toEqual({ code: "INVALID_REQUEST", moneyMoved: "no" });
  const problems = details["problems"] as readonly Problem[];
  for (const { problem } of problems) expect(problem).not.toBe("Invalid input");
  return problems;
}

const pathsOf = async (...lines: readonly unknown[]): Promise<readonly string[]> => [
  ...new Set((await problemsOf(lines)).map(({ path }) => path)),
];

/** A line as a foreign program may send it, with a key that an object literal cannot have. */
const withKey = (line: Line, key: string, value: unknown): unknown =>
  JSON.parse(JSON.stringify(line).replace(/^\{/, `{${JSON.stringify(key)}:${JSON.stringify(value)},`));

const QUANTITIES = [0, -0, -1, 1.5, 100_001, 1e21, Number.NaN, Number.POSITIVE_INFINITY, 2n, "2", [2], { valueOf: 2 }];
const REGIONS = ["moon-1", "eu-west", "EU-WEST-1", "eu-west-1a", "eu-west-1\n", " eu-west-1", "us-east-1,eu-west-1", 1];
const TERMS = ["5yr", "1 yr", "1YR", "", 1, 31_536_000, ["1yr"]];
const PAYMENTS = ["monthly", "ALL_UPFRONT", "All Upfront", "", true, ["all_upfront"]];
const ACCOUNTS = ["1111", "1111111111111", "11111111111a", "111111111111\n", 111_111_111_111];
const TOLERANCES = [-1, 21, 100, Number.NaN, Number.POSITIVE_INFINITY, "1", null];
const AMOUNTS = [
  ...["0", "0.00", "-5", "+5", "1e3", "1E3", "NaN", "Infinity", "", " 5", "5 ", "1,000", "1.", ".5", "01", "0x10"],
  ...["1000000000000", "100000000000.01", "999999999999999999", "1234567890123456789", "1.1234567890123"],
  ...[10.5, Number.NaN, true, {}, ["5"]],
];
const CURRENCIES = ["", "usd", "US", "USDT", "$", 840, ["USD"]];

const FIELD_FAULTS: readonly (readonly [field: string, values: readonly unknown[]])[] = [
  ["quantity", QUANTITIES],
  ["region", REGIONS],
  ["term", TERMS],
  ["payment", PAYMENTS],
  ["account", ACCOUNTS],
  ["priceTolerancePercent", TOLERANCES],
  ["expectedPrice", [5, "5", [], ["5", "USD"], {}]],
];

/** Whether lines of a service have a field: a Capacity Block states its times in place of a term. */
const hasField = (service: AwsService, field: string): boolean => field !== "term" || "term" in VALID[service];

const textOf = (value: unknown): string =>
  typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));

describe.each(SERVICES)("%s", (service) => {
  test("is taken without a fault, and submitting reaches no cloud", async () => {
    const { engine, asked } = strictEngine();
    const lines = [lineOf(service)] as unknown as readonly CommitmentRequest[];
    expect((await engine.submit({ requestKey: "key", createdBy: "ann", lines })).lines[0]?.request).toEqual(lines[0]);
    expect(asked).toEqual([]);
  });

  test.each(FIELD_FAULTS.filter(([field]) => hasField(service, field)))(
    "names %s where it is no such thing",
    async (field, values) => {
      for (const value of [...values, null]) {
        const paths = await pathsOf(lineOf(service, { [field]: value }));
        const isNamed = paths.some((path) => path.startsWith(`lines[0].${field}`));
        expect(isNamed, `${field}: ${textOf(value)}`).toBe(true);
      }
    },
  );

  test.each([
    ["amount", AMOUNTS],
    ["currency", CURRENCIES],
  ])("names expectedPrice.%s where it is absurd", async (part, values) => {
    for (const value of [...values, null, undefined]) {
      const expectedPrice = { ...common.expectedPrice, [part]: value };
      const paths = await pathsOf(lineOf(service, { expectedPrice }));
      expect(paths, textOf(value)).toContain(`lines[0].expectedPrice.${part}`);
    }
  });

  test("names every field that is missing, all at once", async () => {
    const fields = Object.keys(VALID[service]);
    for (const field of fields)
      expect(await pathsOf(lineOf(service, { [field]: undefined }))).toContain(`lines[0].${field}`);
    expect(await pathsOf({ service })).toEqual(expect.arrayContaining(fields.map((field) => `lines[0].${field}`)));
  });

  test("names every field of the wrong type, all at once", async () => {
    const fields = Object.keys(VALID[service]);
    for (const wrong of [null, [], {}, () => "x", Symbol("x")]) {
      const line = { service, ...Object.fromEntries(fields.map((field) => [field, wrong])) };
      const paths = await pathsOf(line);
      for (const field of fields)
        expect(
          paths.some((path) => path.startsWith(`lines[0].${field}`)),
          `${field}: ${String(wrong)}`,
        ).toBe(true);
    }
  });

  test.each([
    "colour",
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "lineAttempt",
    "Quantity",
  ])("knows no field %s", async (key) => {
    const problems = await problemsOf([withKey(lineOf(service), key, { quantity: 5 })]);
    expect(problems).toEqual([{ path: "lines[0]", problem: expect.stringContaining(`"${key}"`) }]);
    const expectedPrice = withKey(common.expectedPrice, key, { amount: "1" });
    const inPrice = await problemsOf([lineOf(service, { expectedPrice })]);
    expect(inPrice).toContainEqual({
      path: "lines[0].expectedPrice",
      problem: expect.stringContaining(`"${key}"`),
    });
  });

  test("takes no field of another service", async () => {
    const own = Object.keys(VALID[service]);
    const foreign = SERVICES.flatMap((other) => Object.entries(VALID[other])).filter(([name]) => !own.includes(name));
    for (const [name, value] of foreign)
      expect(JSON.stringify(await problemsOf([lineOf(service, { [name]: value })]))).toContain(name);
  });
});

const zonal = { scope: "availability_zone", availabilityZone: "eu-west-1b" };
const partial = { payment: "partial_upfront", upfrontAmount: "600" };
const HOST = "h-0123456789abcdef0";

/** Faults of single services: what is changed, and which fields are named. */
const OWN_FAULTS: readonly (readonly [AwsService, what: string, change: Line, ...fields: string[]])[] = [
  ["aws.ec2", "no instance type", { instanceType: "m5large" }, "instanceType"],
  ["aws.ec2", "a type of RDS", { instanceType: "db.r6g.large" }, "instanceType"],
  ["aws.ec2", "a type in capitals", { instanceType: "M5.LARGE" }, "instanceType"],
  ["aws.ec2", "a bare platform", { platform: "linux" }, "platform"],
  ["aws.ec2", "a tenancy of nobody", { tenancy: "shared" }, "tenancy"],
  ["aws.ec2", "a class of nobody", { offeringClass: "Standard" }, "offeringClass"],
  ["aws.ec2", "a scope of nobody", { scope: "Region" }, "scope"],
  ["aws.ec2", "a zone without its scope", { availabilityZone: "eu-west-1a" }, "availabilityZone"],
  ["aws.ec2", "a scope without its zone", { scope: "availability_zone" }, "availabilityZone"],
  ["aws.ec2", "a zone of another region", { ...zonal, availabilityZone: "us-east-1a" }, "availabilityZone"],
  ["aws.ec2", "a region as the zone", { ...zonal, availabilityZone: "eu-west-1" }, "availabilityZone"],
  ["aws.ec2", "a zone of two letters", { ...zonal, availabilityZone: "eu-west-1ab" }, "availabilityZone"],
  ["aws.ec2", "a zone id", { ...zonal, availabilityZone: "euw1-az1" }, "availabilityZone"],
  ["aws.ec2", "a zone that is a number", { ...zonal, availabilityZone: 1 }, "availabilityZone"],
  ["aws.ec2", "a queued purchase of a zone", { ...zonal, holdMs: 3_600_000 }, "holdMs"],
  ["aws.ec2", "an upfront amount", { upfrontAmount: "5" }, ""],
  ["aws.ec2", "the tenancy of hosts", { tenancy: "host" }, "tenancy"],
  ["aws.ec2-capacity-blocks", "a term", { term: "1yr" }, ""],
  ["aws.ec2-capacity-blocks", "a way to pay that is not sold", { payment: "no_upfront" }, "payment"],
  ["aws.ec2-capacity-blocks", "a family for a type", { instanceType: "p5" }, "instanceType"],
  ["aws.ec2-capacity-blocks", "a bare platform", { platform: "linux" }, "platform"],
  ["aws.ec2-capacity-blocks", "a zone of another region", { availabilityZone: "us-east-1a" }, "availabilityZone"],
  ["aws.ec2-capacity-blocks", "a region as the zone", { availabilityZone: "eu-west-1" }, "availabilityZone"],
  ["aws.ec2-capacity-blocks", "a zone of two letters", { availabilityZone: "eu-west-1ab" }, "availabilityZone"],
  ["aws.ec2-capacity-blocks", "a day for a time", { startsAt: "2035-01-06" }, "startsAt"],
  ["aws.ec2-capacity-blocks", "a time without its zone", { endsAt: "2035-01-07T11:30:00" }, "endsAt"],
  ["aws.ec2-capacity-blocks", "a time as a number", { endsAt: 2_051_955_000_000 }, "endsAt"],
  ["aws.ec2-capacity-blocks", "an end before the start", { endsAt: "2035-01-06T11:29:59Z" }, "endsAt"],
  ["aws.ec2-capacity-blocks", "an end after years", { endsAt: "2037-01-07T11:30:00Z" }, "endsAt"],
  ["aws.ec2-dedicated-hosts", "an instance type", { instanceFamily: "m5.large" }, "instanceFamily"],
  ["aws.ec2-dedicated-hosts", "no host", { hostIds: [] }, "hostIds", "quantity"],
  ["aws.ec2-dedicated-hosts", "a host twice", { hostIds: [HOST, HOST] }, "hostIds"],
  ["aws.ec2-dedicated-hosts", "fewer hosts than the quantity", { quantity: 3 }, "quantity"],
  ["aws.ec2-dedicated-hosts", "more hosts than the quantity", { quantity: 1 }, "quantity"],
  ["aws.ec2-dedicated-hosts", "an instance id", { hostIds: ["i-0123456789abcdef0", HOST] }, "hostIds[0]"],
  ["aws.ec2-dedicated-hosts", "numbers for hosts", { hostIds: [1, 2] }, "hostIds[0]", "hostIds[1]"],
  ["aws.ec2-dedicated-hosts", "one host as text", { hostIds: HOST, quantity: 1 }, "hostIds"],
  ["aws.ec2-dedicated-hosts", "hosts by their index", { hostIds: { 0: HOST, length: 1 }, quantity: 1 }, "hostIds"],
  ["aws.ec2-dedicated-hosts", "a queued purchase", { holdMs: 3_600_000 }, ""],
  ["aws.elasticache", "a type of RDS", { cacheNodeType: "db.r6g.large" }, "cacheNodeType"],
  ["aws.elasticache", "a type without its prefix", { cacheNodeType: "r6g.large" }, "cacheNodeType"],
  ["aws.elasticache", "an engine of RDS", { engine: "mysql" }, "engine"],
  ["aws.elasticache", "an engine in capitals", { engine: "Redis" }, "engine"],
  ["aws.memorydb", "a type of ElastiCache", { nodeType: "cache.r6g.large" }, "nodeType"],
  ["aws.memorydb", "an engine", { engine: "redis" }, ""],
  ["aws.opensearch", "a type of EC2", { instanceType: "m6g.large" }, "instanceType"],
  ["aws.opensearch", "a type of Elasticsearch", { instanceType: "m4.large.elasticsearch" }, "instanceType"],
  ["aws.rds", "a type of EC2", { dbInstanceClass: "r6g.large" }, "dbInstanceClass"],
  ["aws.rds", "an engine that stands for several", { engine: "aurora" }, "engine"],
  ["aws.rds", "an engine in capitals", { engine: "MySQL" }, "engine"],
  ["aws.rds", "a list of engines", { engine: "mysql,postgresql" }, "engine"],
  ["aws.rds", "multiAz as text", { multiAz: "false" }, "multiAz"],
  ["aws.rds", "multiAz as a number", { multiAz: 0 }, "multiAz"],
  ["aws.redshift", "a type of RDS", { nodeType: "db.r6g.large" }, "nodeType"],
  ["aws.redshift", "a type of EC2", { nodeType: "m5.large" }, "nodeType"],
  ["aws.redshift", "a kind in small letters", { nodeOfferingType: "regular" }, "nodeOfferingType"],
  ["aws.redshift-serverless", "a term that is not sold", { term: "3yr" }, "term"],
  ["aws.redshift-serverless", "a way to pay that is not sold", { payment: "partial_upfront" }, "payment"],
  ["aws.redshift-serverless", "a node type", { nodeType: "ra3.xlplus" }, ""],
  ["aws.savings-plans", "two plans at once", { quantity: 2 }, "quantity"],
  ["aws.savings-plans", "a plan type of nobody", { planType: "compute" }, "planType"],
  ["aws.savings-plans", "a price that is not the commitment's", { hourlyCommitment: "0.5" }, "expectedPrice"],
  ["aws.savings-plans", "a region for a Compute plan", { region: "eu-west-1" }, "region"],
  ["aws.savings-plans", "a family for a Compute plan", { instanceFamily: "m5" }, "instanceFamily"],
  ["aws.savings-plans", "a plan of EC2 without all", { planType: "EC2Instance" }, "region", "instanceFamily"],
  ["aws.savings-plans", "an upfront amount to no end", { upfrontAmount: "600" }, "upfrontAmount"],
  ["aws.savings-plans", "partial upfront of nothing", { payment: "partial_upfront" }, "upfrontAmount"],
  ["aws.savings-plans", "an upfront amount below half", { ...partial, upfrontAmount: "10" }, "upfrontAmount"],
  ["aws.savings-plans", "an upfront amount of all", { ...partial, upfrontAmount: "1052" }, "upfrontAmount"],
  ["aws.savings-plans", "cents of an upfront amount", { ...partial, upfrontAmount: "600.50" }, "upfrontAmount"],
  ["aws.savings-plans", "words for an upfront amount", { ...partial, upfrontAmount: "half" }, "upfrontAmount"],
  ["aws.savings-plans", "a number for an upfront amount", { ...partial, upfrontAmount: 600 }, "upfrontAmount"],
  ...["0.123456", "1e-1", "-0.12", "NaN", "", "abc", ".12", "1.2.3", 0.12].map(
    (hourlyCommitment) =>
      ["aws.savings-plans", `${textOf(hourlyCommitment)} an hour`, { hourlyCommitment }, "hourlyCommitment"] as const,
  ),
  ...(["aws.ec2", "aws.savings-plans"] as const).flatMap((service) =>
    [0, -1, 1, 3_599_999, 3_600_000.5, 94_608_000_001, Number.NaN, "3600000", null].map(
      (holdMs) => [service, `a queue of ${textOf(holdMs)} ms`, { holdMs }, "holdMs"] as const,
    ),
  ),
];

const ownFaults = OWN_FAULTS.map(([service, what, change, ...fields]) => ({ service, what, change, fields }));

test.each(ownFaults)("$service: refuses $what", async ({ service, change, fields }) => {
  const expected = fields.map((field) => (field === "" ? "lines[0]" : `lines[0].${field}`));
  expect(await pathsOf(lineOf(service, change))).toEqual(expected);
});

describe("a basket", () => {
  test("is told the faults of its head and of all its lines at once", async () => {
    const faulty = SERVICES.map((service) => lineOf(service, { quantity: 0, term: "5yr" }));
    const problems = await problemsOf([...faulty, lineOf("aws.ec2")], { requestKey: "", createdBy: 7 });
    const lines = SERVICES.flatMap((service, index) => [
      `lines[${index}].quantity`,
      hasField(service, "term") ? `lines[${index}].term` : `lines[${index}]`,
    ]);
    expect(new Set(problems.map(({ path }) => path))).toEqual(new Set(["requestKey", "createdBy", ...lines]));
  });

  test.each([null, undefined, 7, "aws.ec2", true, [], [lineOf("aws.ec2")], {}, () => "x", new Date(), new Map()])(
    "takes %j for no line",
    async (line) => {
      const paths = await pathsOf(lineOf("aws.ec2"), line);
      expect(paths).toHaveLength(1);
      expect(paths[0]).toMatch(/^lines\[1\](\.service)?$/);
    },
  );

  test.each([null, 7, ["aws.ec2"], { toString: () => "aws.ec2" }, "", "aws", "AWS.EC2", "aws.ec2 ", "__proto__"])(
    "takes %j for no service",
    async (service) => {
      expect(await pathsOf({ ...lineOf("aws.ec2"), service })).toEqual(["lines[0].service"]);
    },
  );

  test.each([[undefined], [null], ["x"], [{}], [{ 0: lineOf("aws.ec2"), length: 1 }], [[]]])(
    "takes %j for no lines",
    async (lines) => {
      expect((await problemsOf(lines)).map(({ path }) => path)).toEqual(["lines"]);
    },
  );

  test.each(["requestKey", "createdBy", "source"])("has a %s that can be seen", async (field) => {
    for (const blank of ["", " ", "\u00a0", "\u200b", "\ufeff"])
      expect((await problemsOf([lineOf("aws.ec2")], { [field]: blank })).map(({ path }) => path)).toEqual([field]);
    const paths = (await problemsOf([lineOf("aws.ec2")], { plan: { id: " " } })).map(({ path }) => path);
    expect(paths).toEqual(["plan.id"]);
  });

  test.each([Date.now() + 3_600_000, Date.UTC(2026, 0, 1), 94_867_200_000 * 2])(
    "does not wait for approval for %d ms: that is a time, not a time span",
    async (expiresInMs) => {
      const problems = await problemsOf([lineOf("aws.ec2")], { expiresInMs });
      expect(problems).toEqual([{ path: "expiresInMs", problem: expect.stringContaining("not a time") }]);
    },
  );

  test("holds at most 500 lines", async () => {
    const lines = Array.from({ length: 501 }, () => lineOf("aws.ec2"));
    expect((await problemsOf(lines)).map(({ path }) => path)).toEqual(["lines"]);
  });
});

describe("a custom service", () => {
  const custom = { ...common, service: "custom.acme", offering: { sku: "small" } };

  test.each([
    ["service", { service: "custom.!!" }, "small letters"],
    ["offering.sku", { offering: { sku: null } }, "must be a string, a number or a boolean"],
    ["offering.sku", { offering: { sku: ["small"] } }, "must be a string, a number or a boolean"],
  ])("is told what %s must be: %j", async (path, fault, expected) => {
    const problems = await problemsOf([{ ...custom, ...fault }]);
    expect(problems).toEqual([{ path: `lines[0].${path}`, problem: expect.stringContaining(expected) }]);
  });
});

describe("DynamoDB reserved capacity, which no API sells", () => {
  const dynamo = { ...common, service: "aws.dynamodb" };

  test.each([
    ["alone", [dynamo]],
    ["without any field", [{ service: "aws.dynamodb" }]],
    ["before another line", [dynamo, lineOf("aws.rds")]],
    ["after other lines", [lineOf("aws.ec2"), lineOf("aws.savings-plans"), dynamo]],
    ["beside a faulty line", [lineOf("aws.ec2", { quantity: 0 }), dynamo]],
  ])("is refused %s, and what to buy instead is said", async (_where, lines) => {
    const { code, moneyMoved, details } = await refusal(lines);
    expect({ code, moneyMoved }).toEqual({ code: "PURCHASE_NOT_SUPPORTED", moneyMoved: "no" });
    expect(details).toEqual({
      service: "aws.dynamodb",
      instead: expect.stringContaining('planType "Database"'),
    });
  });
});
