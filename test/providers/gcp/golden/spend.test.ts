import type { Fault, GcpSimulatorOptions } from "buyonce/simulator";
import { expect, test } from "vitest";
import type { GcpSpendRequest } from "../../../../src/domain/commitment-request/gcp-spend.js";
import { mintPermit, type PurchasePermit } from "../../../../src/providers/purchase-permit.js";
import { startFrontServer } from "../../aws/front-server.js";
import { chaptersOf, expectGolden, type Step, shownOperations } from "../../golden-file.js";
import { TOKEN } from "../compute-line.js";
import { context, simulated } from "../simulated-line.js";
import { spendProvider, spendRequest } from "../spend-line.js";
import { wireText } from "./wire-text.js";

/*
 * The requests of the adapter, as a client of Google's auth library sends them, are kept in the file beside this one.
 * To write it anew: BUYONCE_REWRITE_GOLDEN=1 npx vitest run --project sources test/providers/gcp/golden
 * A change of a purchase is a change of what money is spent on: read it like one.
 */
const file = new URL("./gcp.spend.http", import.meta.url);

/** One line that is bought, at a simulated Google, and what goes wrong meanwhile. */
interface Scenario {
  readonly name: string;
  readonly request: GcpSpendRequest;
  readonly lineageAttempt?: number;
  readonly google?: Omit<GcpSimulatorOptions, "clock">;
  readonly fault?: Fault;
}

const usual = spendRequest();
const SCENARIOS: readonly Scenario[] = [
  { name: "usual", request: usual },
  { name: "after a retry by a person", request: usual, lineageAttempt: 2 },
  {
    name: "for three years, everywhere, renewed",
    request: spendRequest({
      term: "3yr",
      region: "global",
      hourlyCommitment: "0.12345",
      autoRenew: true,
      expectedPrice: { amount: "3244.266", currency: "USD" },
    }),
  },
  { name: "of an order that would renew itself", request: usual, google: { ordersRenew: true } },
  {
    name: "refused by its operation",
    request: usual,
    fault: { operation: "PlaceOrder", kind: "operation-fails", code: "INVALID_ARGUMENT" },
  },
];

/** What is sent in each step of a purchase: the operations, then the requests. */
async function stepsOf(scenario: Scenario): Promise<readonly Step[]> {
  const { simulator } = await simulated(scenario.google);
  const front = await startFrontServer(simulator.url);
  const provider = spendProvider(front.url);
  const { request, fault } = scenario;
  if (fault !== undefined) await simulator.faults.add(fault);
  const asked = context({ lineageAttempt: scenario.lineageAttempt ?? 1 });
  const steps: Step[] = [];
  const step = async <Answer>(name: string, take: () => Promise<Answer>): Promise<Answer> => {
    const before = front.requests.length;
    const answer = await take();
    const operations = (await simulator.ledger.requests()).slice(before).map(({ operation }) => operation);
    steps.push([name, [operations.join(", "), ...front.requests.slice(before).map(wireText)].join("\n\n")]);
    return answer;
  };
  await step("lookup", () => provider.lookup(request, TOKEN, asked));
  const prepared = await step("prepare", () => provider.prepare(request, TOKEN, asked));
  const permit = mintPermit({ request, token: TOKEN, attempt: 1, submittedAt: Date.now(), prepared });
  const outcome = await step("purchase", () => provider.purchase(permit as PurchasePermit<GcpSpendRequest>, asked));
  if (outcome.kind === "committed") {
    const bought = { adopted: false, ...outcome.commitment };
    await step("label", async () => provider.label?.(bought, TOKEN, { ...asked, prepared, request }));
  }
  return steps;
}

test("gcp.spend sends what its golden file says", async () => {
  expectGolden(file, await chaptersOf(SCENARIOS, stepsOf));
});

test("the golden file shows every operation that the adapter has", () => {
  expect([...shownOperations(file)].sort()).toEqual([
    "GetOrder",
    "GetOrderOperation",
    "ListOrders",
    "ModifyOrder",
    "PlaceOrder",
  ]);
});
