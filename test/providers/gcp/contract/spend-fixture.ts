import type { OAuth2Client } from "google-auth-library";
import { commitmentName } from "../../../../src/idempotency/token-formats.js";
import type { GcpAuthorizedClient } from "../../../../src/providers/gcp/spend-commitments/authorized-client.js";
import { gcpSpendCommitments } from "../../../../src/providers/gcp/spend-commitments.js";
import { type GcpSimulator, type GcpSimulatorOptions, startGcpSimulator } from "../../../../src/simulator/index.js";
import { type ManualClock, manualClock } from "../../../../src/testing/manual-clock.js";
import type {
  CloudUnderTest,
  ProviderContractOptions,
  ProviderFixture,
} from "../../../../src/testing/provider-contract.js";
import { assertRecorded } from "../../assert-recorded.js";
import { FOR_EVER, simulatorFaults } from "../../simulator-faults.js";
import { ACCOUNT, authorizedClient, orderBody, spendRequest } from "../spend-line.js";

const PLACE = "PlaceOrder";
const LISTINGS = ["ListOrders", "GetOrder"];
const STRUCK = {
  purchase: PLACE,
  listings: LISTINGS,
  refusal: { code: "INVALID_ARGUMENT", status: 400 },
  denial: { code: "PERMISSION_DENIED", status: 403 },
} as const;

/** The words of an order for which nothing is owed. */
const VOID = ["LINE_ITEM_CHANGE_STATE_REJECTED", "LINE_ITEM_CHANGE_STATE_ABANDONED"];
const BY_HAND = "by-hand";

/** What the Consumer Procurement API does not have. */
export const CANNOT_SPEND = {
  price: "no API states what a commitment costs",
  stranger: "every request names the billing account that pays, whoever sends it",
  unsold: "nothing lists what is sold",
  queue: "the service does not queue",
  lane: "orders are told apart by their name",
  "payment-fails": "commitments are billed by the month, and no state says that a payment failed",
} as const satisfies NonNullable<ProviderContractOptions["cannot"]>;

/** The fixture of spend-based commitments: the simulator, a real client at its default settings, one clock for all. */
export async function spendFixture(options: Omit<GcpSimulatorOptions, "clock">): Promise<ProviderFixture> {
  const clock = manualClock();
  const simulator = await startGcpSimulator({ clock, ...options });
  const own = authorizedClient();
  const client = passingTime(own, clock, options.operationMs ?? 0);
  return {
    provider: gcpSpendCommitments({ clientFor: () => client, endpoint: simulator.url, pollEveryMs: 1 }),
    request: spendRequest(),
    different: spendRequest({ hourlyCommitment: "3", expectedPrice: { amount: "26280", currency: "USD" } }),
    siblings: [
      spendRequest({ term: "3yr" }),
      spendRequest({ hourlyCommitment: "2", expectedPrice: { amount: "17520", currency: "USD" } }),
    ],
    clock,
    cloud: cloudUnderTest(simulator, own),
    shownToken: (token) => commitmentName("buyonce-", token),
    async close() {
      await simulator.close();
      await assertRecorded("gcp", simulator.ledger);
    },
  };
}

/** Lets half of an operation's time pass before each look at it, as it does between two looks of a patient client. */
const passingTime = (client: OAuth2Client, clock: ManualClock, operationMs: number): GcpAuthorizedClient => ({
  request(asked) {
    if (asked.url.includes("/operations/")) clock.advance(Math.ceil(operationMs / 2));
    return client.request(asked);
  },
});

function cloudUnderTest(simulator: GcpSimulator, own: OAuth2Client): CloudUnderTest {
  const switchOff = unreachable(own);
  return {
    async purchases() {
      return (await simulator.ledger.purchases()).map((row) => ({ ...row, live: !VOID.includes(row.state) }));
    },
    async requests() {
      const placed = (await simulator.ledger.requests()).filter(({ operation }) => operation === PLACE);
      const ours = placed.filter(({ params }) => params["displayName"] !== BY_HAND);
      return ours.map(({ params }) => ({ parameters: params }));
    },
    async fault(fault) {
      if (fault.kind === "unreachable") switchOff.on = true;
      else for (const one of simulatorFaults(STRUCK, fault)) await simulator.faults.add(one);
    },
    async heal() {
      switchOff.on = false;
      await simulator.faults.clear();
    },
    refusalCode: STRUCK.refusal.code,
    async buyElsewhere() {
      const url = `${simulator.url}/v1/billingAccounts/${ACCOUNT}/orders:place`;
      const body = JSON.stringify(orderBody(BY_HAND));
      const answer = await fetch(url, { method: "POST", body, headers: { authorization: "Bearer ann@example.com" } });
      const { name } = (await answer.json()) as { readonly name: string };
      return name.replace(/\/operations\/.*/, "");
    },
    setState: (commitmentId, state) => simulator.states.set(commitmentId, state),
    states: {
      live: ["LINE_ITEM_CHANGE_STATE_COMPLETED"],
      pending: [
        "LINE_ITEM_CHANGE_STATE_PENDING_APPROVAL",
        "LINE_ITEM_CHANGE_STATE_APPROVED",
        "LINE_ITEM_CHANGE_STATE_ACTIVATING",
      ],
      ended: ["LINE_ITEM_CHANGE_STATE_REASON_TYPE_EXPIRED", "LINE_ITEM_CHANGE_STATE_REASON_TYPE_USER_CANCELLED"],
      void: VOID,
      unclear: ["LINE_ITEM_CHANGE_STATE_REASON_TYPE_SYSTEM_CANCELLED"],
      finished: "LINE_ITEM_CHANGE_STATE_COMPLETED",
    },
    optionalAttributes: [
      "offer",
      "parameters",
      "subscription",
      "changeHistory",
      "lineItemInfo",
      "lineItems",
      "createTime",
    ],
    async leaveOut(fields) {
      for (const operation of LISTINGS)
        await simulator.faults.add({ operation, kind: "leave-out", fields: [...fields], times: FOR_EVER });
    },
  };
}

/** Sends a client's orders to a port where nobody listens, while it is on. */
function unreachable(client: OAuth2Client): { on: boolean } {
  const state = { on: false };
  client.transporter.interceptors.request.add({
    async resolved(sent) {
      if (state.on && sent.method === "POST") sent.url.port = "1";
      return sent;
    },
  });
  return state;
}
