import type { Fault } from "buyonce/simulator";
import { expect, test } from "vitest";
import type { GcpComputeRequest } from "../../../../src/domain/commitment-request/gcp-compute.js";
import { chaptersOf, expectGolden, type Step, shownOperations } from "../../golden-file.js";
import { computeRequest, PROJECT, REGION, TOKEN } from "../compute-line.js";
import { behindFront, context, NAME, permitFor, providerOf, simulated } from "../simulated-line.js";
import { wireText } from "./wire-text.js";

/*
 * The requests of the adapter, as Google's real clients send them, are kept in the file beside this one.
 * To write it anew: BUYONCE_REWRITE_GOLDEN=1 npx vitest run --project sources test/providers/gcp/golden
 * A change of a purchase is a change of what money is spent on: read it like one.
 */
const file = new URL("./gcp.compute.http", import.meta.url);

/** One line that is bought, and what goes wrong meanwhile. */
interface Scenario {
  readonly name: string;
  readonly request: GcpComputeRequest;
  readonly lineageAttempt?: number;
  /** Whether it follows the first recommendation. */
  readonly recommended?: true;
  readonly fault?: Fault;
  /** The status that the commitment has from its purchase on. */
  readonly becomes?: string;
}

const usual = computeRequest();
const SCENARIOS: readonly Scenario[] = [
  { name: "usual", request: usual },
  { name: "after a retry by a person", request: usual, lineageAttempt: 2 },
  {
    name: "with local SSDs and an accelerator, for three years, renewed",
    request: computeRequest({
      term: "3yr",
      autoRenew: true,
      type: "ACCELERATOR_OPTIMIZED",
      resources: {
        vcpu: 12,
        memoryMb: 87_040,
        localSsdGb: 750,
        accelerators: [{ type: `projects/${PROJECT}/zones/${REGION}-a/acceleratorTypes/nvidia-tesla-a100`, count: 1 }],
      },
      existingReservations: [`projects/${PROJECT}/zones/${REGION}-a/reservations/a100s`],
    }),
  },
  { name: "following a recommendation", request: usual, recommended: true },
  {
    name: "following a recommendation, refused",
    request: usual,
    recommended: true,
    fault: { operation: "InsertCommitment", kind: "error", code: "quotaExceeded", status: 403 },
  },
  { name: "merged or split by a person", request: usual, becomes: "CANCELLED" },
];

/** What is sent in each step of a purchase: the operations, then the requests. */
async function stepsOf(scenario: Scenario): Promise<readonly Step[]> {
  const { simulator } = await simulated();
  const { front, clients } = await behindFront(simulator);
  const provider = providerOf(clients);
  const request = scenario.recommended ? await following(simulator, scenario.request) : scenario.request;
  if (scenario.fault !== undefined) await simulator.faults.add(scenario.fault);
  const asked = context({ lineageAttempt: scenario.lineageAttempt ?? 1 });
  const steps: Step[] = [];
  const step = async <Answer>(name: string, take: () => Promise<Answer>): Promise<Answer> => {
    const before = front.requests.length;
    const answer = await take();
    const operations = (await simulator.ledger.requests()).slice(before).map(({ operation }) => operation);
    // Names are looked up side by side, so their order says nothing; everything else has one.
    const sent = front.requests.slice(before).map(wireText);
    steps.push([name, [operations.join(", "), ...(name === "purchase" ? sent : sent.sort())].join("\n\n")]);
    return answer;
  };
  await step("lookup", () => provider.lookup(request, TOKEN, asked));
  const prepared = await step("prepare", () => provider.prepare(request, TOKEN, asked));
  const outcome = await step("purchase", () => provider.purchase(permitFor(request, prepared), asked));
  if (outcome.kind === "committed") {
    const bought = { adopted: false, ...outcome.commitment };
    await step("label", async () => provider.label?.(bought, TOKEN, { ...asked, prepared, request }));
  }
  if (scenario.becomes !== undefined) {
    await simulator.states.set(NAME, scenario.becomes);
    await step("lookup afterwards", () => provider.lookup(request, TOKEN, asked));
  }
  return steps;
}

async function following(
  { recommendations }: Awaited<ReturnType<typeof simulated>>["simulator"],
  request: GcpComputeRequest,
): Promise<GcpComputeRequest> {
  const [{ name, etag } = { name: "", etag: "" }] = await recommendations.list(PROJECT, REGION);
  return { ...request, recommendation: { name, etag } };
}

test("gcp.compute sends what its golden file says", async () => {
  expectGolden(file, await chaptersOf(SCENARIOS, stepsOf));
});

test("the golden file shows every operation that the adapter has", () => {
  expect([...shownOperations(file)].sort()).toEqual([
    "GetCommitment",
    "GetRecommendation",
    "GetRegionOperation",
    "InsertCommitment",
    "ListCommitments",
    "MarkRecommendationClaimed",
    "MarkRecommendationFailed",
    "MarkRecommendationSucceeded",
  ]);
});
