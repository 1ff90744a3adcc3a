import { readdirSync } from "node:fs";
import type { HttpClient, PipelineRequest } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import type { CommitmentRequest } from "../../../../src/domain/commitment-request/commitment-request.js";
import { chaptersOf, expectGolden, type Step, shownOperations } from "../../golden-file.js";
import {
  ADAPTERS,
  type Adapter,
  ALIAS,
  azureCloud,
  CALCULATION,
  context,
  PLANS,
  permitFor,
  seen,
} from "../azure-cloud.js";
import { OTHER_SUBSCRIPTION, planRequest, reservationRequest, TOKEN, usd } from "../azure-lines.js";
import { wireText } from "./wire-text.js";

/*
 * The requests of every adapter, as they leave the real clients of the SDK, are kept in the files beside this one.
 * To write them anew: BUYONCE_REWRITE_GOLDEN=1 npx vitest run --project sources test/providers/azure/golden
 * A change of a purchase is a change of what money is spent on: read it like one.
 */
const folder = new URL("./", import.meta.url);

/** One line that is bought. */
interface Scenario {
  readonly name: string;
  readonly request: CommitmentRequest;
  readonly lineageAttempt?: number;
  /** Whether the store knows nothing of the purchase when it is looked up afterwards. */
  readonly isLost?: boolean;
}

const MONTHLY = { payment: "no_upfront" } as const;
const IN_A_GROUP = {
  scope: { type: "resource_group", subscriptionId: OTHER_SUBSCRIPTION, resourceGroup: "web-1" },
} as const;
const FOR_A_TENANT = {
  scope: {
    type: "management_group",
    tenantId: "33333333-3333-4333-8333-333333333333",
    managementGroup: "all-web",
  },
} as const;

const OF_RESERVATIONS: readonly Scenario[] = [
  {
    name: "by the month, for a resource group, without flexibility, renewed",
    request: reservationRequest({ ...MONTHLY, ...IN_A_GROUP, instanceFlexibility: false, renew: true }),
  },
  {
    name: "for three years, for a management group",
    request: reservationRequest({ ...FOR_A_TENANT, term: "3yr", expectedPrice: usd("2233.44") }),
  },
];

const FILES: readonly { readonly file: string; readonly adapter: Adapter; readonly more: readonly Scenario[] }[] = [
  { file: "azure.reservations.http", adapter: ALIAS, more: OF_RESERVATIONS },
  {
    file: "azure.reservations.calculated.http",
    adapter: CALCULATION,
    more: [...OF_RESERVATIONS, { name: "lost", request: CALCULATION.request, isLost: true }],
  },
  {
    file: "azure.savings-plans.http",
    adapter: PLANS,
    more: [
      { name: "by the month, for a resource group", request: planRequest({ ...MONTHLY, ...IN_A_GROUP }) },
      {
        name: "for three years, for a management group",
        request: planRequest({ ...FOR_A_TENANT, term: "3yr", expectedPrice: usd("13140") }),
      },
    ],
  },
];

const scenariosOf = ({ adapter, more }: (typeof FILES)[number]): readonly Scenario[] => [
  { name: "usual", request: adapter.request },
  { name: "after a retry by a person", request: adapter.request, lineageAttempt: 2 },
  ...more,
];

/** What is sent in each step of a scenario: the operations, then each request once. */
async function stepsOf(adapter: Adapter, { request, lineageAttempt = 1, isLost = false }: Scenario) {
  const cloud = await azureCloud();
  const requests: PipelineRequest[] = [];
  const between = (simulated: HttpClient): HttpClient => ({
    sendRequest(sent) {
      requests.push(sent);
      return simulated.sendRequest(sent);
    },
  });
  const { provider } = adapter.over(cloud, { between });
  const asked = (more: Parameters<typeof context>[0] = {}) => context({ lineageAttempt, ...more });
  const steps: Step[] = [];
  const step = async <Answer>(name: string, take: () => Promise<Answer>): Promise<Answer> => {
    const before = requests.length;
    const answer = await take();
    const operations = (await cloud.simulator.ledger.requests()).slice(before).map(({ operation }) => operation);
    // Names are looked up side by side, so their order says nothing.
    const texts = [...new Set(requests.slice(before).map(wireText))].sort();
    steps.push([name, [[...new Set(operations)].sort().join(", "), ...texts].join("\n\n")]);
    return answer;
  };
  await step("lookup", () => provider.lookup(request, TOKEN, asked()));
  const prepared = await step("prepare", () => provider.prepare(request, TOKEN, asked()));
  await step("purchase", () => provider.purchase(permitFor(request, prepared), asked()));
  expect(await seen(cloud, adapter.purchase)).toHaveLength(1);
  await step("lookup afterwards", () => provider.lookup(request, TOKEN, asked(isLost ? {} : { prepared })));
  return steps;
}

test.each(FILES)("$file holds what is sent", async (one) => {
  const text = await chaptersOf(scenariosOf(one), (scenario) => stepsOf(one.adapter, scenario));
  expectGolden(new URL(one.file, folder), text);
});

test("there is one golden file for each adapter, and they show every operation", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".http"));
  expect(files.sort()).toEqual(FILES.map(({ file }) => file).sort());
  expect(FILES.map(({ adapter }) => adapter)).toEqual(ADAPTERS);
  const shown = shownOperations(...files.map((name) => new URL(name, folder)));
  expect([...shown].sort()).toEqual([
    "CalculatePrice",
    "GetReservation",
    "GetReservationOrder",
    "GetReservationOrderAlias",
    "GetSavingsPlanOrder",
    "GetSavingsPlanOrderAlias",
    "ListReservationOrders",
    "PutReservationOrder",
    "PutReservationOrderAlias",
    "PutSavingsPlanOrderAlias",
    "ValidatePurchase",
  ]);
});
