import { RegionCommitmentsClient, RegionOperationsClient } from "@google-cloud/compute";
import { commitmentName } from "../../../../src/idempotency/token-formats.js";
import { gcpCommittedUseDiscounts } from "../../../../src/providers/gcp/committed-use-discounts.js";
import type { RegionCommitments, RegionOperations } from "../../../../src/providers/gcp/gcp-clients.js";
import {
  type Fault,
  type GcpClientChoice,
  type GcpSimulator,
  type GcpSimulatorOptions,
  startGcpSimulator,
} from "../../../../src/simulator/index.js";
import { type ManualClock, manualClock } from "../../../../src/testing/manual-clock.js";
import type {
  CloudUnderTest,
  ProviderContractOptions,
  ProviderFixture,
} from "../../../../src/testing/provider-contract.js";
import { assertRecorded } from "../../assert-recorded.js";
import { simulatorFaults } from "../../simulator-faults.js";
import { computeRequest, PROJECT, REGION, TYPE } from "../compute-line.js";
import { keepsReasons } from "../protocols-once.js";

const INSERT = "InsertCommitment";
/** What the simulator calls what faults strike; what refuses depends on the behaviour. */
const STRUCK = {
  purchase: INSERT,
  listings: ["GetCommitment"],
  refusal: { code: "forbidden", status: 403 },
  denial: { code: "forbidden", status: 403 },
} as const;

const request = computeRequest();

/** How Google Cloud behaves where it does not say how, and how its clients hand errors on. */
export interface GcpBehaviour {
  readonly auth?: NonNullable<GcpClientChoice["auth"]>;
  readonly simulator?: Omit<GcpSimulatorOptions, "clock">;
  /** Whether a purchase is refused at once, which is so by default, or by its operation. */
  readonly refusedBy?: "insert" | "operation";
}

/** What Google Cloud does not have. */
export const CANNOT = {
  price: "no API states what a commitment costs",
  stranger: "every request names the project that pays, whoever sends it",
  unsold: "nothing lists what is sold",
  queue: "the service does not queue",
  lane: "commitments are told apart by their name",
  "payment-fails": "commitments are billed by the month, and no state says that a payment failed",
  void: "no status says that nothing is owed",
} as const satisfies NonNullable<ProviderContractOptions["cannot"]>;

/** The fixture of Compute Engine's commitments: the simulator, real clients at their default settings, one clock for all. */
export async function gcpFixture(behaviour: GcpBehaviour): Promise<ProviderFixture> {
  const { auth, simulator: options } = behaviour;
  const clock = manualClock();
  const simulator = await startGcpSimulator({ clock, ...options });
  const own = new RegionCommitmentsClient(simulator.clientOptions(PROJECT, { auth }));
  const polls = new RegionOperationsClient(simulator.clientOptions(PROJECT, { auth }));
  const operations = passingTime(polls, clock, options?.operationMs ?? 0);
  const leftOut: LeftOut = { names: [] };
  const clients = { commitments: leavingOut(own, leftOut), operations };
  return {
    provider: gcpCommittedUseDiscounts({ clientFor: () => clients, pollEveryMs: 1 }),
    request,
    different: computeRequest({ resources: { vcpu: 8, memoryMb: 32_768 } }),
    siblings: [
      computeRequest({ type: "GENERAL_PURPOSE_N2" }),
      computeRequest({ term: "3yr" }),
      computeRequest({ resources: { vcpu: 2, memoryMb: 16_384 } }),
    ],
    clock,
    cloud: await cloudUnderTest({ simulator, own, leftOut, refusal: refusalOf(behaviour) }),
    shownToken: (token) => commitmentName("buyonce-", token),
    async close() {
      await Promise.all([own.close(), polls.close()]);
      await simulator.close();
      await assertRecorded("gcp", simulator.ledger);
    },
  };
}

/** Lets half of an operation's time pass before each look at it, as it does between two looks of a patient client. */
const passingTime = (client: RegionOperationsClient, clock: ManualClock, operationMs: number): RegionOperations => ({
  get(asked, callOptions) {
    if (operationMs > 0) clock.advance(Math.ceil(operationMs / 2));
    return client.get(asked, callOptions);
  },
});

/** What answers leave out at the moment. */
interface LeftOut {
  names: readonly string[];
}

/** A client whose answers lose what is left out. */
const leavingOut = (client: RegionCommitmentsClient, leftOut: LeftOut): RegionCommitments => ({
  async get(asked, callOptions) {
    const [found] = await client.get(asked, callOptions);
    const kept = Object.entries(found).filter(([name]) => !leftOut.names.includes(name));
    return [Object.fromEntries(kept)];
  },
  insert: (asked, callOptions) => client.insert(asked, callOptions),
  list: (asked, callOptions) => client.list(asked, callOptions),
});

interface Surroundings {
  readonly simulator: GcpSimulator;
  readonly own: RegionCommitmentsClient;
  readonly leftOut: LeftOut;
  readonly refusal: Refusal;
}

/** How a purchase is refused, and what the adapter makes of it. */
interface Refusal {
  readonly fault: Fault;
  readonly code: string;
}

function refusalOf({ auth, refusedBy }: GcpBehaviour): Refusal {
  if (refusedBy === "operation") {
    const code = "QUOTA_EXCEEDED";
    return { fault: { operation: INSERT, kind: "operation-fails", code }, code };
  }
  const fault = { operation: INSERT, kind: "error", code: "quotaExceeded", status: 403 } as const;
  // What the client decodes itself keeps the status and loses the reason.
  return { fault, code: keepsReasons(auth) ? fault.code : "PERMISSION_DENIED" };
}

async function cloudUnderTest({ simulator, own, leftOut, refusal }: Surroundings): Promise<CloudUnderTest> {
  const switchOff = await unreachable(own);
  return {
    async purchases() {
      return (await simulator.ledger.purchases()).map((row) => ({
        ...row,
        live: true,
        token: row.commitmentId,
      }));
    },
    async requests() {
      const inserts = (await simulator.ledger.requests()).filter(({ operation }) => operation === INSERT);
      const ours = inserts.filter(({ params }) => params["name"] !== BY_HAND.name);
      return ours.map(({ params }) => ({ parameters: params }));
    },
    async fault(fault) {
      if (fault.kind === "unreachable") switchOff.on = true;
      else if (fault.kind === "refused") await simulator.faults.add(refusal.fault);
      else for (const one of simulatorFaults(STRUCK, fault)) await simulator.faults.add(one);
    },
    async heal() {
      switchOff.on = false;
      leftOut.names = [];
      await simulator.faults.clear();
    },
    refusalCode: refusal.code,
    async buyElsewhere() {
      await own.insert({ project: PROJECT, region: REGION, commitmentResource: BY_HAND }, { retry: null });
      return BY_HAND.name;
    },
    setState: (commitmentId, state) => simulator.states.set(commitmentId, state),
    states: {
      live: ["NOT_YET_ACTIVE", "ACTIVE"],
      pending: ["CREATING"],
      ended: ["EXPIRED"],
      unclear: ["CANCELLED"],
      finished: "NOT_YET_ACTIVE",
    },
    optionalAttributes: ["status", "plan", "type", "resources", "creationTimestamp"],
    async leaveOut(attributes) {
      leftOut.names = attributes;
    },
  };
}

/** What `request` describes, under a name of its own. */
const BY_HAND = {
  name: "by-hand",
  plan: "TWELVE_MONTH",
  type: TYPE,
  resources: [
    { type: "VCPU", amount: "4" },
    { type: "MEMORY", amount: "16384" },
  ],
};

/** Sends a client's inserts to a port where nobody listens, while it is on. */
async function unreachable(client: RegionCommitmentsClient): Promise<{ on: boolean }> {
  const state = { on: false };
  const { transporter } = await client.auth.getClient();
  transporter.interceptors.request.add({
    async resolved(sent) {
      if (state.on && sent.method === "POST") sent.url.port = "1";
      return sent;
    },
  });
  return state;
}
