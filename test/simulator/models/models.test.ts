import { describe, expect, test } from "vitest";
import { AwsCatalogue } from "../../../src/simulator/aws/aws-catalogue.js";
import { awsServices, RESERVED_NODES_PRODUCTS } from "../../../src/simulator/aws/aws-services.js";
import { readAwsSettings } from "../../../src/simulator/aws/aws-simulator-options.js";
import { Organization } from "../../../src/simulator/aws/usage/organization.js";
import { UsageBook } from "../../../src/simulator/aws/usage/usage-book.js";
import { ADAPTERS, type Adapter, adapterSources } from "../../providers/aws/every-adapter.js";
import { callsOf } from "./adapter-calls.js";
import { OTHER_CALLS, otherCallsOf } from "./other-calls.js";
import { enumOf, modelsOf, SDKS, strangers } from "./sdk-model.js";
import { type Call, sdkOf, strangersIn } from "./watched-calls.js";

/*
 * Requests of the adapters and answers of the simulated AWS, held against the models that the installed SDKs carry:
 * members, required members and enums. A member that is not in the model is a word that AWS does not know, and the SDK
 * would pass over it in silence. The SDKs carry no patterns, lengths or ranges, neither in their schemas nor in their
 * types, so nothing here can hold against those.
 */

const seen: Call[] = [];
const namesOf = (calls: readonly Call[]) => new Set(calls.map(({ service, operation }) => `${service} ${operation}`));

describe.each(ADAPTERS)("the adapter of $service", (adapter) => {
  test("sends and is answered nothing but what the SDK's model has", async () => {
    const calls = await callsOf(adapter);
    seen.push(...calls);
    expect(strangersIn(calls)).toEqual([]);
    expect(calls.map(({ operation }) => operation)).toContain(adapter.purchase);
  });
});

test("every operation that the adapters know was sent by one of them", () => {
  const known = [...adapterSources().matchAll(/new (\w+)Command\(/g)].map(([, operation]) => operation);
  const sent = new Set(seen.map(({ operation }) => operation));
  expect(known.length).toBeGreaterThan(30);
  expect(known.filter((operation = "") => !sent.has(operation))).toEqual([]);
});

describe.each(Object.keys(OTHER_CALLS))("the simulated %s", (service) => {
  test("answers the other operations with nothing but what the SDK's model has", async () => {
    const calls = await otherCallsOf(service);
    seen.push(...calls);
    expect(strangersIn(calls)).toEqual([]);
  });
});

test("every operation that the simulated AWS answers was called", () => {
  const world = {
    settings: readAwsSettings({}),
    catalogue: new AwsCatalogue({}, RESERVED_NODES_PRODUCTS),
    usage: new UsageBook(),
    organization: new Organization(),
    nextNumber: () => 1,
  };
  const answered = awsServices(world).flatMap(({ name, operations }) =>
    Object.keys(operations).map((operation) => `${name} ${operation}`),
  );
  const called = namesOf(seen);
  expect(answered.length).toBeGreaterThan(40);
  expect(answered.filter((operation) => !called.has(operation))).toEqual([]);
});

test("finds a member that is not in the model, one that is required, and a text that is not in an enum", () => {
  const purchase = modelsOf(sdkOf("aws.ec2"), (ADAPTERS[0] as Adapter).purchase);
  expect([...strangers({ reservedInstancesID: "x" }, purchase.answer, "answer")]).toEqual([
    "answer.reservedInstancesID is not in the model",
  ]);
  expect([...strangers({ InstanceCount: 1 }, purchase.request, "request", true)]).toEqual([
    "request.ReservedInstancesOfferingId is required",
  ]);
  const listing = modelsOf(sdkOf("aws.ec2"), "DescribeCapacityReservations").answer;
  expect([...strangers({ capacityReservationSet: { item: { state: "asleep" } } }, listing, "answer")]).toEqual([
    'answer.capacityReservationSet[].state is "asleep", which is not in the enum',
  ]);
  const plans = modelsOf(sdkOf("aws.savings-plans"), "DescribeSavingsPlansOfferings").request;
  expect([...strangers({ planTypes: ["Compute", "Quantum"] }, plans, "request", true)]).toEqual([
    'request.planTypes is "Quantum", which is not in the enum',
  ]);
});

test.each([
  ["aws.ec2", "CapacityReservation", "State", "scheduled"],
  ["aws.ec2", "ReservedInstances", "ProductDescription", "Linux/UNIX"],
  ["aws.ec2", "HostReservation", "PaymentOption", "AllUpfront"],
  ["aws.opensearch", "ReservedInstance", "PaymentOption", "ALL_UPFRONT"],
  ["aws.redshift", "ReservedNode", "ReservedNodeOfferingType", "Regular"],
  ["aws.redshift-serverless", "ReservationOffering", "offeringType", "NO_UPFRONT"],
  ["aws.savings-plans", "SavingsPlan", "state", "queued"],
])("%s has an enum for %s.%s", (service, structure, member, value) => {
  expect(enumOf(sdkOf(service), structure, member)).toContain(value);
});

test("RDS, ElastiCache and MemoryDB have no enum for what they reserve, so any text is one of theirs", () => {
  expect(enumOf(sdkOf("aws.rds"), "ReservedDBInstance", "State")).toBeUndefined();
  expect(enumOf(sdkOf("aws.elasticache"), "ReservedCacheNode", "OfferingType")).toBeUndefined();
  expect(enumOf(sdkOf("aws.memorydb"), "ReservedNode", "State")).toBeUndefined();
});

test.each(Object.values(SDKS))("the schemas of $name carry no pattern, length or range", ({ exported }) => {
  const traits = new Set(Object.values(exported).flatMap((schema: unknown) => [...traitsIn(schema, 0)]));
  expect([...traits].filter((name) => /pattern|length|range|min|max/i.test(name))).toEqual([]);
});

/** The names of all traits in a schema. */
function* traitsIn(schema: unknown, depth: number): Generator<string> {
  if (!Array.isArray(schema) || depth > 4) return;
  for (const part of schema) {
    if (Array.isArray(part)) yield* traitsIn(part, depth + 1);
    else if (typeof part === "object" && part !== null) yield* Object.keys(part);
  }
}
