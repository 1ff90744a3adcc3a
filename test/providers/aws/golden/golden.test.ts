import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { AwsDedicatedHostsRequest } from "../../../../src/domain/commitment-request/aws-dedicated-hosts.js";
import type { CommitmentRequest } from "../../../../src/domain/commitment-request/commitment-request.js";
import type { Commitment, Prepared } from "../../../../src/domain/evidence.js";
import type { CommitmentProvider } from "../../../../src/providers/commitment-provider.js";
import { chaptersOf, expectGolden, type Step, shownOperations } from "../../golden-file.js";
import { DEDICATED_HOSTS } from "../contract/dedicated-hosts.js";
import { REDSHIFT } from "../contract/reserved-nodes.js";
import { ADAPTERS, type Adapter, adapterSources } from "../every-adapter.js";
import { type RawRequest, startFrontServer } from "../front-server.js";
import { context, ec2Request, permitFor, planRequest, type Simulated, simulated, TOKEN } from "../simulated-line.js";
import { wireText } from "./wire-text.js";

/*
 * The requests of every adapter, as the real clients of the SDK send them, are kept in the files beside this one.
 * To write them anew: BUYONCE_REWRITE_GOLDEN=1 npx vitest run --project sources test/providers/aws/golden
 * A change of a purchase is a change of what money is spent on: read it like one.
 */
const folder = new URL("./", import.meta.url);

/** Everything in the files follows from this moment, the token and the simulator's catalogue. */
const NOW = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
const ALL_TIME = 1e15;

/** One line that is bought, and what goes wrong meanwhile. */
interface Scenario {
  readonly name: string;
  readonly request: CommitmentRequest;
  readonly lineageAttempt?: number;
  readonly fault?: Parameters<Simulated["simulator"]["faults"]["add"]>[0];
  /** The state that the commitment has from its purchase on. */
  readonly becomes?: string;
}

const usd = (amount: string) => ({ amount, currency: "USD" });
const TWELVE_HOURS_MS = 12 * 3_600_000;
const ZONE = { scope: "availability_zone", availabilityZone: "us-east-1a" } as const;
const BY_THE_MONTH = { payment: "no_upfront" } as const;
const HALF_UPFRONT = { payment: "partial_upfront", upfrontAmount: "2190" } as const;
const OF_EC2 = { planType: "EC2Instance", region: "us-east-1", instanceFamily: "m5" } as const;

/** Lines besides the usual one, where another one is sent in another form. */
const MORE: Readonly<Record<string, readonly Scenario[]>> = {
  "aws.ec2": [
    { name: "queued", request: ec2Request({ holdMs: TWELVE_HOURS_MS }) },
    {
      name: "in a zone, by the month",
      request: ec2Request({ ...ZONE, ...BY_THE_MONTH, expectedPrice: usd("1059.64") }),
    },
    { name: "over before its term is", request: ec2Request(), becomes: "retired" },
  ],
  "aws.redshift": [{ name: "over before its term is", request: REDSHIFT.request, becomes: "retired" }],
  "aws.ec2-dedicated-hosts": [
    {
      name: "by the month",
      request: {
        ...(DEDICATED_HOSTS.request as AwsDedicatedHostsRequest),
        ...BY_THE_MONTH,
        expectedPrice: usd("55949.60"),
      },
    },
  ],
  "aws.savings-plans": [
    { name: "queued", request: planRequest({ holdMs: TWELVE_HOURS_MS }) },
    {
      name: "for EC2, half of it upfront, without its tags",
      request: planRequest({ ...OF_EC2, ...HALF_UPFRONT }),
      fault: { operation: "CreateSavingsPlan", kind: "lost-tag-at-creation" },
    },
  ],
};

const scenariosOf = ({ service, request }: Adapter): readonly Scenario[] => [
  { name: "usual", request },
  { name: "after a retry by a person", request, lineageAttempt: 2 },
  ...(MORE[service] ?? []),
];

/** What an adapter is asked, in the order of a purchase; what one step finds out, later ones go on with. */
const STEPS: Readonly<Record<string, (play: Play) => Promise<void>>> = {
  async lookup({ provider, line: { request }, asked }) {
    await provider.lookup(request, TOKEN, asked());
  },
  async prepare(play) {
    play.prepared = await play.provider.prepare(play.line.request, TOKEN, play.asked());
  },
  async purchase(play) {
    const outcome = await play.provider.purchase(permitFor(play.line.request, preparedIn(play), NOW), play.asked());
    if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
    play.commitment = { adopted: false, ...outcome.commitment };
    const { becomes } = play.line;
    if (becomes !== undefined)
      for (const id of play.commitment.commitmentIds) await play.simulator.states.set(id, becomes);
  },
  async inventory(play) {
    await play.provider.inventory?.(play.line.request, TOKEN, play.asked({ prepared: preparedIn(play) }));
  },
  async label(play) {
    await play.provider.label?.(commitmentIn(play), TOKEN, labelContext(play));
  },
  async cancelQueued(play) {
    if ("holdMs" in play.line.request)
      await play.provider.cancelQueued?.(commitmentIn(play), TOKEN, labelContext(play));
  },
};

interface Play extends Pick<Simulated, "simulator"> {
  readonly provider: CommitmentProvider;
  readonly line: Scenario;
  asked(more?: Parameters<typeof context>[0]): ReturnType<typeof context>;
  prepared?: Prepared;
  commitment?: Commitment;
}

function preparedIn({ prepared }: Play): Prepared {
  if (prepared === undefined) throw new Error("nothing was prepared");
  return prepared;
}

function commitmentIn({ commitment }: Play): Commitment {
  if (commitment === undefined) throw new Error("nothing was bought");
  return commitment;
}

const labelContext = (play: Play) => ({ ...play.asked({ prepared: preparedIn(play) }), request: play.line.request });

/** What is sent in each step of a scenario: the operations, then each request once. */
async function stepsOf(adapter: Adapter, line: Scenario): Promise<readonly Step[]> {
  const cloud = await simulated({ clock: { now: () => NOW }, maxClockSkewMs: ALL_TIME });
  const front = await startFrontServer(cloud.simulator.url);
  const { credentialsFor, faults, ledger } = cloud.simulator;
  // A client that corrects its clock repeats every listing that is answered "not found" in another year.
  const provider = adapter.provider({ url: front.url, credentialsFor }, { disableClockSkewCorrection: true });
  if (line.fault !== undefined) await faults.add(line.fault);
  const asked: Play["asked"] = (more) => context({ now: NOW, lineageAttempt: line.lineageAttempt ?? 1, ...more });
  const play: Play = { simulator: cloud.simulator, provider, line, asked };
  const steps: Step[] = [];
  for (const [step, take] of Object.entries(STEPS)) {
    const before = front.requests.length;
    await take(play);
    const operations = (await ledger.requests()).slice(before).map(({ operation }) => operation);
    const requests = front.requests.slice(before).filter(isOfService).map(wireText);
    const named = operations.filter((operation) => operation !== ACCOUNT_CHECK);
    // Names are looked up side by side, so their order says nothing.
    const sent = [[...new Set(named)].sort().join(", "), ...counted(requests.sort())];
    steps.push([step, sent.join("\n\n")]);
  }
  return steps;
}

/** Equal texts as one, with how many they are. */
const counted = (texts: readonly string[]): readonly string[] =>
  [...new Set(texts)].map((text) => {
    const times = texts.filter((other) => other === text).length;
    return times === 1 ? text : `${times} times:\n${text}`;
  });

/** The account check is the same for all, and buys nothing. */
const ACCOUNT_CHECK = "GetCallerIdentity";
const isOfService = ({ body }: RawRequest): boolean => !body.includes(ACCOUNT_CHECK);

test.each(ADAPTERS)("$service sends what its golden file says", async (adapter) => {
  const text = await chaptersOf(scenariosOf(adapter), (line) => stepsOf(adapter, line));
  expectGolden(new URL(`${adapter.service}.http`, folder), text);
});

test("there is one golden file for each adapter, and they show every operation", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".http"));
  expect(files.sort()).toEqual(ADAPTERS.map(({ service }) => `${service}.http`).sort());
  const created = [...adapterSources().matchAll(/new (\w+)Command\(/g)].map(([, operation]) => operation);
  expect(shownOperations(...files.map((name) => new URL(name, folder)))).toEqual(
    new Set(created.filter((operation) => operation !== ACCOUNT_CHECK)),
  );
});
