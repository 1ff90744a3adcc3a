import { describe, expect, test } from "vitest";
import { parseCommitmentRequests } from "../../src/domain/commitment-request/commitment-request.js";
import type { BuyonceError } from "../../src/domain/errors.js";

const ec2 = {
  service: "aws.ec2",
  account: "111111111111",
  region: "eu-west-1",
  quantity: 2,
  term: "1yr",
  payment: "no_upfront",
  expectedPrice: { amount: "1051.20", currency: "USD" },
  instanceType: "m5.large",
  platform: "Linux/UNIX",
  tenancy: "default",
  offeringClass: "standard",
  scope: "region",
};
const plan = {
  service: "aws.savings-plans",
  account: "111111111111",
  region: "global",
  quantity: 1,
  term: "3yr",
  payment: "all_upfront",
  planType: "Compute",
  hourlyCommitment: "0.00512",
  expectedPrice: { amount: "134.5536", currency: "USD" },
};

const common = {
  account: "111111111111",
  region: "eu-west-1",
  quantity: 2,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: { amount: "1000", currency: "USD" },
};
const openSearch = { ...common, service: "aws.opensearch", instanceType: "m6g.large.search" };
const redshift = { ...common, service: "aws.redshift", nodeType: "ra3.xlplus", nodeOfferingType: "Regular" };
const serverless = { ...common, service: "aws.redshift-serverless" };
const hosts = {
  ...common,
  service: "aws.ec2-dedicated-hosts",
  instanceFamily: "m5",
  hostIds: ["h-0123456789abcdef0", "h-0123456789abcdef1"],
};

const problemsOf = (...lines: unknown[]): readonly { path: string; problem: string }[] => {
  try {
    parseCommitmentRequests(lines);
  } catch (thrown) {
    return (thrown as BuyonceError).details.problems as { path: string; problem: string }[];
  }
  return [];
};

describe("commitment requests", () => {
  test("takes complete lines of both services", () => {
    expect(parseCommitmentRequests([ec2, plan])).toEqual([ec2, plan]);
    expect(problemsOf({ ...ec2, scope: "availability_zone", availabilityZone: "eu-west-1b" })).toEqual([]);
    expect(problemsOf({ ...plan, planType: "EC2Instance", region: "us-east-1", instanceFamily: "m5" })).toEqual([]);
    expect(problemsOf({ ...plan, payment: "partial_upfront", upfrontAmount: "100" })).toEqual([]);
  });

  test("takes complete lines of OpenSearch, Redshift, its serverless sister, and Dedicated Hosts", () => {
    const lines = [openSearch, redshift, serverless, { ...serverless, payment: "no_upfront" }, hosts];
    expect(parseCommitmentRequests(lines)).toEqual(lines);
  });

  test.each([3_600_000, 94_608_000_000])("takes a purchase that is held for %i milliseconds", (holdMs) => {
    expect(problemsOf({ ...ec2, holdMs }, { ...plan, holdMs })).toEqual([]);
  });

  test.each(["account", "region", "quantity", "term", "payment", "expectedPrice"])(
    "requires %s of every service",
    (field) => {
      for (const line of [ec2, plan, openSearch, redshift, serverless, hosts])
        expect(problemsOf({ ...line, [field]: undefined }).map(({ path }) => path)).toContain(`lines[0].${field}`);
    },
  );

  test.each([
    ["a zone without its scope", { ...ec2, availabilityZone: "eu-west-1a" }, "availabilityZone"],
    ["a scope without its zone", { ...ec2, scope: "availability_zone" }, "availabilityZone"],
    [
      "a zone of another region",
      { ...ec2, scope: "availability_zone", availabilityZone: "us-east-1a" },
      "availabilityZone",
    ],
    ["a bare platform alias", { ...ec2, platform: "linux" }, "platform"],
    ["a fractional quantity", { ...ec2, quantity: 1.5 }, "quantity"],
    ["a negative quantity", { ...ec2, quantity: -1 }, "quantity"],
    ["a quantity as text", { ...ec2, quantity: "2" }, "quantity"],
    ["a price as a float", { ...ec2, expectedPrice: { amount: 10.5, currency: "USD" } }, "expectedPrice.amount"],
    ["a price with an exponent", { ...ec2, expectedPrice: { amount: "1e3", currency: "USD" } }, "expectedPrice.amount"],
    ["a short account", { ...ec2, account: "1111" }, "account"],
    ["a region of nobody", { ...ec2, region: "moon-1" }, "region"],
    ["an absurd tolerance", { ...ec2, priceTolerancePercent: 100 }, "priceTolerancePercent"],
    ["two plans at once", { ...plan, quantity: 2 }, "quantity"],
    ["a commitment of six decimals", { ...plan, hourlyCommitment: "0.005121" }, "hourlyCommitment"],
    ["a commitment below the smallest", { ...plan, hourlyCommitment: "0.0001" }, "hourlyCommitment"],
    [
      "a price that is not the commitment's",
      { ...plan, expectedPrice: { amount: "500", currency: "USD" } },
      "expectedPrice",
    ],
    ["a family for a Compute plan", { ...plan, instanceFamily: "m5" }, "instanceFamily"],
    ["an EC2Instance plan without a region", { ...plan, planType: "EC2Instance", instanceFamily: "m5" }, "region"],
    ["an upfront amount without partial upfront", { ...plan, upfrontAmount: "100" }, "upfrontAmount"],
    ["partial upfront without an amount", { ...plan, payment: "partial_upfront" }, "upfrontAmount"],
    ["an upfront amount below half", { ...plan, payment: "partial_upfront", upfrontAmount: "10" }, "upfrontAmount"],
    ["a hold that is shorter than an hour", { ...ec2, holdMs: 3_599_999 }, "holdMs"],
    ["a hold that is longer than three years", { ...plan, holdMs: 94_608_000_001 }, "holdMs"],
    ["a fractional hold", { ...ec2, holdMs: 3_600_000.5 }, "holdMs"],
    [
      "a hold of a zone, which EC2 does not queue",
      { ...ec2, scope: "availability_zone", availabilityZone: "eu-west-1a", holdMs: 3_600_000 },
      "holdMs",
    ],
    ["an instance type of EC2 for OpenSearch", { ...openSearch, instanceType: "m6g.large" }, "instanceType"],
    ["a node type of RDS for Redshift", { ...redshift, nodeType: "db.r6g.large" }, "nodeType"],
    ["a Redshift line without its kind of offering", { ...redshift, nodeOfferingType: undefined }, "nodeOfferingType"],
    ["three years of Redshift Serverless", { ...serverless, term: "3yr" }, "term"],
    ["partial upfront for Redshift Serverless", { ...serverless, payment: "partial_upfront" }, "payment"],
    ["more hosts than the quantity", { ...hosts, quantity: 1 }, "quantity"],
    ["a host named twice", { ...hosts, hostIds: ["h-1", "h-1"] }, "hostIds"],
    ["no hosts", { ...hosts, hostIds: [] }, "hostIds"],
    ["an instance for a host", { ...hosts, quantity: 1, hostIds: ["i-0123456789abcdef0"] }, "hostIds[0]"],
    ["a hold where nothing is queued", { ...redshift, holdMs: 3_600_000 }, ""],
  ])("refuses %s by its path", (_, line, field) => {
    expect(problemsOf(line).map(({ path }) => path)).toContain(field === "" ? "lines[0]" : `lines[0].${field}`);
  });

  test("names unknown fields and unknown services", () => {
    expect(problemsOf({ ...ec2, colour: "red" })).toEqual([
      { path: "lines[0]", problem: expect.stringContaining("colour") },
    ]);
    expect(problemsOf({ ...ec2, service: "aws.documentdb" })).toEqual([
      { path: "lines[0].service", problem: expect.stringContaining("aws.ec2") },
    ]);
  });

  test("refuses what no API sells, and says what to do instead", () => {
    const parse = () => parseCommitmentRequests([ec2, { ...ec2, service: "aws.dynamodb" }]);
    const instead = expect.stringContaining("Database Savings Plan");
    const details = { service: "aws.dynamodb", instead };
    expect(parse).toThrow(expect.objectContaining({ code: "PURCHASE_NOT_SUPPORTED", moneyMoved: "no", details }));
  });

  test("reports the faults of every line at once", () => {
    expect(problemsOf({ ...ec2, quantity: 0 }, plan, { ...plan, term: "5yr" }).map(({ path }) => path)).toEqual([
      "lines[0].quantity",
      "lines[2].term",
    ]);
  });

  test.each([null, 7, "x", [], undefined])("refuses %j as a line", (line) => {
    expect(problemsOf(line).length).toBeGreaterThan(0);
  });

  const custom = { ...common, service: "custom.simulated", offering: { size: "m" } };

  test.each(["account", "region"])("refuses a custom line whose %s nobody can see", (field) => {
    for (const blank of ["", " ", "\u00a0", "\u200b", "\ufeff", " \u2060 "])
      expect(problemsOf({ ...custom, [field]: blank }).map(({ path }) => path)).toContain(`lines[0].${field}`);
  });

  const azure = {
    ...common,
    service: "azure.reservations",
    account: "0b54e0a8-3f62-4d06-9d0c-5b3a37a9e9d5",
    region: "westeurope",
    reservedResourceType: "VirtualMachines",
    sku: "Standard_D2s_v3",
    scope: { type: "shared" },
  };

  test.each([
    ["itself", ec2, "", "lines[0]"],
    ["its price", ec2, "expectedPrice", "lines[0].expectedPrice"],
    ["its scope", azure, "scope", "lines[0].scope"],
    ["the offering of a custom one", custom, "offering", "lines[0].offering"],
    ["a custom one itself", custom, "", "lines[0]"],
  ])("refuses a line with a key __proto__ of its own in %s, which would vanish", (_, line, field, path) => {
    expect(problemsOf(line)).toEqual([]);
    const key = field === "" ? /^\{/ : new RegExp(`"${field}":\\{`);
    const begin = field === "" ? "{" : `"${field}":{`;
    const sent: unknown = JSON.parse(JSON.stringify(line).replace(key, `${begin}"__proto__":{"quantity":5},`));
    expect(problemsOf(ec2, sent)).toEqual([
      { path: path.replace("lines[0]", "lines[1]"), problem: expect.stringContaining('"__proto__"') },
    ]);
  });

  test("names such a key beside every other fault, also inside of what is not known", () => {
    const sent: unknown = JSON.parse(
      '{"service":"custom.simulated","tags":[{"deep":{"__proto__":1}}],"offering":{"__proto__":{},"size":[]}}',
    );
    const paths = problemsOf(sent).map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["lines[0].tags[0].deep", "lines[0].offering", "lines[0].offering.size", "lines[0]"]),
    );
  });

  test.each([
    ["endlessly", { ...ec2, tags: {} }],
    ["very deeply", { ...ec2, tags: {} }],
  ])("refuses a line that refers %s, and comes to an end", (how, line) => {
    let tags: unknown = how === "endlessly" ? line : {};
    for (let level = 0; how !== "endlessly" && level < 100_000; level += 1) tags = { tags };
    Object.assign(line, { tags });
    expect(problemsOf(line)).toEqual([{ path: "lines[0]", problem: expect.stringContaining("tags") }]);
  });
});
