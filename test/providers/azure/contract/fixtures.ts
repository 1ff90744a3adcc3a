import type { AzureClient } from "../../../../src/providers/azure/azure-client.js";
import type { AzureSimulatorOptions } from "../../../../src/simulator/index.js";
import type { ProviderFixture } from "../../../../src/testing/provider-contract.js";
import { type AzureServiceUnderTest, azureFixture } from "./azure-fixture.js";
import { ALIASED, CALCULATED } from "./reservations.js";
import { SAVINGS_PLANS } from "./savings-plans.js";

/** One adapter of Azure with the cloud it buys from. */
export interface AzureFixture {
  readonly name: string;
  readonly cannot: AzureServiceUnderTest<AzureClient>["cannot"];
  /** How many cases are left out, by what the service has not. */
  readonly leavesOut: Readonly<Record<string, number>>;
  /** Whether an order is finished by the first look after its purchase. */
  readonly finishesAtOnce: boolean;
  createProvider(): Promise<ProviderFixture>;
}

/** A reading of what Azure does not state. */
interface Switch {
  readonly what: string;
  readonly options: AzureSimulatorOptions;
  /** What a fixture cannot do then, and how many cases are left out for it. */
  readonly cannot?: AzureFixture["cannot"];
  readonly leavesOut?: AzureFixture["leavesOut"];
  readonly finishesAtOnce?: boolean;
}

const fixture = <Client extends AzureClient>(
  name: string,
  service: AzureServiceUnderTest<Client>,
  { what, options, cannot, leavesOut, finishesAtOnce = true }: Switch = { what: "", options: {} },
): AzureFixture => ({
  name: name + what,
  cannot: { ...service.cannot, ...cannot },
  leavesOut: { ...service.leavesOut, ...leavesOut },
  finishesAtOnce,
  createProvider: () => azureFixture(service, options),
});

/** Every adapter of Azure, with Azure as its documents and recordings show it. */
export const AZURE_FIXTURES: readonly AzureFixture[] = [
  fixture("Azure reservations", ALIASED),
  fixture("Azure reservations of calculated orders", CALCULATED),
  fixture("Azure savings plans", SAVINGS_PLANS),
];

const MINUTE_MS = 60_000;

const OF_ORDERS: readonly Switch[] = [
  { what: " that answer a second purchase with the order", options: { repeatedOrder: "return-order" } },
  { what: " that answer a second purchase with 400", options: { repeatedOrder: "bad-request" } },
  {
    what: " that answer a second purchase as if the session were over",
    options: { repeatedOrder: "session-over" },
  },
  { what: " that are sold as sent, whatever was calculated", options: { changedPurchase: "buy-as-sent" } },
];

const OF_ALIASES: readonly Switch[] = [
  { what: " that answer a second PUT with the alias", options: { repeatedAlias: "return-alias" } },
  { what: " that take on a second PUT like the first", options: { repeatedAlias: "accept-again" } },
  { what: " that buy again by a second PUT", options: { repeatedAlias: "second-order" } },
  { what: " that leave out what the specification calls optional", options: { aliasAnswers: "as-specified" } },
];

const OF_PLANS: readonly Switch[] = [
  { what: " that answer a first PUT with 200", options: { savingsPlanFirstAnswer: 200 } },
];

const OF_ALL: readonly Switch[] = [
  {
    what: " that are finished later than any wait ends",
    options: {
      orderStatesMs: {
        creating: 3 * MINUTE_MS,
        pendingCapacity: 180 * MINUTE_MS,
        confirmedCapacity: MINUTE_MS,
        pendingBilling: 120 * MINUTE_MS,
      },
      operationStatesMs: { pending: MINUTE_MS, pendingPurchases: 3 * MINUTE_MS },
    },
    cannot: { "payment-fails": "an order is on its way for hours before its payment fails" },
    leavesOut: { "payment-fails": 1 },
    finishesAtOnce: false,
  },
  {
    what: " that are shown minutes after their purchase",
    options: { getLagMs: 3 * MINUTE_MS, listingLagMs: 4 * MINUTE_MS },
    cannot: { "buy-elsewhere": "the SDK's own poller fails where an order is not shown at once" },
    leavesOut: { "buy-elsewhere": 4 },
    finishesAtOnce: false,
  },
];

const under = <Client extends AzureClient>(
  name: string,
  service: AzureServiceUnderTest<Client>,
  switches: readonly Switch[],
): readonly AzureFixture[] => switches.map((one) => fixture(name, service, one));

/** The same under each reading of what Azure does not state. */
export const AZURE_FIXTURES_UNDER_SWITCHES: readonly AzureFixture[] = [
  ...under("Azure reservations", ALIASED, [...OF_ALIASES, ...OF_ALL]),
  ...under("Azure reservations of calculated orders", CALCULATED, [...OF_ORDERS, ...OF_ALL]),
  ...under("Azure savings plans", SAVINGS_PLANS, [...OF_ALIASES, ...OF_PLANS, ...OF_ALL]),
];
