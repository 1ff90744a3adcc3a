import type { GcpSimulator } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { GcpComputeRequest } from "../../../src/domain/commitment-request/gcp-compute.js";
import type { Sighting } from "../../../src/providers/commitment-provider.js";
import { GCP_COMMITMENT_STATES } from "../../../src/providers/gcp/committed-use-discounts/commitment-states.js";
import type { GcpClients } from "../../../src/providers/gcp/gcp-clients.js";
import { computeRequest, PROJECT, REGION, TOKEN, TYPE } from "./compute-line.js";
import {
  AUTHS,
  behindFront,
  CALL,
  clientsOf,
  computeError,
  context,
  insertByHand,
  json,
  NAME,
  permitFor,
  providerOf,
  purchase,
  seen,
  simulated,
  thrownBy,
} from "./simulated-line.js";

const DAY_MS = 86_400_000;
const LIST = "ListCommitments";

const lookup = (clients: GcpClients, more: Parameters<typeof context>[0] = {}) =>
  providerOf(clients).lookup(computeRequest(), TOKEN, context(more));

/** A simulator that has the line's commitment, and clients of it. */
async function boughtLine(options: Parameters<typeof simulated>[0] = {}) {
  const { simulator, clock } = await simulated(options);
  const clients = clientsOf(simulator);
  await purchase(clients);
  return { simulator, clock, clients };
}

const size = (vcpu: number) => [
  { type: "VCPU", amount: String(vcpu) },
  { type: "MEMORY", amount: String(4_096 * vcpu) },
];

/** A person makes a commitment out of others. */
async function madeByHand({ commitments }: GcpClients, name: string, vcpu: number, sources: object): Promise<void> {
  const plain = { plan: "TWELVE_MONTH", category: "MACHINE", autoRenew: false, description: "" };
  const commitmentResource = { ...plain, name, type: TYPE, resources: size(vcpu), ...sources };
  await commitments.insert(
    { project: PROJECT, region: REGION, requestId: crypto.randomUUID(), commitmentResource },
    CALL,
  );
}

/** A person merges the line's commitment with another one, and the merger takes effect. */
async function mergedByHand({ simulator, clients }: { simulator: GcpSimulator; clients: GcpClients }): Promise<void> {
  await insertByHand(clients, "other");
  await madeByHand(clients, "merged", 8, { mergeSourceCommitments: [NAME, "other"] });
  await simulator.clock.advance(DAY_MS);
}

describe("a commitment", () => {
  /** What each status means. */
  const STATES: Readonly<Record<string, Sighting["meaning"]>> = {
    CREATING: "pending",
    NOT_YET_ACTIVE: "live",
    ACTIVE: "live",
    EXPIRED: "ended",
    CANCELLED: "unclear",
    STATE_OF_TOMORROW: "live",
    constructor: "live" as const,
  };

  test("has its every status of the table tried here", () => {
    const tried = Object.keys(STATES).map((state) => state.toLowerCase());
    expect(Object.keys(GCP_COMMITMENT_STATES).filter((state) => !tried.includes(state))).toEqual([]);
  });

  test.each(Object.entries(STATES))("that is %s is found as %s", async (state, meaning) => {
    const { clients, simulator } = await boughtLine();
    await simulator.states.set(NAME, state);
    const found = await lookup(clients);
    expect(found).toMatchObject({ commitmentIds: [NAME], differences: [] });
    expect(found?.sighting).toEqual({ meaning, state });
    expect(await seen(simulator, LIST)).toHaveLength(meaning === "unclear" ? 1 : 0);
  });

  test("that expires by the clock has ended", async () => {
    const { clients, clock } = await boughtLine();
    clock.advance(2 * 365 * DAY_MS);
    expect((await lookup(clients))?.sighting).toEqual({ meaning: "ended", state: "EXPIRED" });
  });
});

describe.each(AUTHS)("a commitment that somebody merged, by clients with %s", (auth) => {
  test("has ended, and what became of it is told", async () => {
    const line = await boughtLine();
    await mergedByHand(line);
    const found = await lookup(clientsOf(line.simulator, { auth }));
    expect(found).toMatchObject({ commitmentIds: [NAME], differences: [] });
    expect(found?.sighting).toEqual({ meaning: "ended", state: "CANCELLED", became: "merged into merged" });
  });

  test("is live until the merger takes effect", async () => {
    const { clients, simulator } = await boughtLine();
    await insertByHand(clients, "other");
    await madeByHand(clients, "merged", 8, { mergeSourceCommitments: [NAME, "other"] });
    expect((await lookup(clientsOf(simulator, { auth })))?.sighting).toEqual({
      meaning: "live",
      state: "NOT_YET_ACTIVE",
    });
  });

  test("is told so by the answer to a purchase whose name it has", async () => {
    const line = await boughtLine({ requestIdMemoryMs: 0 });
    await mergedByHand(line);
    expect(await purchase(clientsOf(line.simulator, { auth }))).toMatchObject({
      kind: "committed",
      commitment: { commitmentIds: [NAME], adopted: true },
      sighting: { meaning: "ended", state: "CANCELLED", became: "merged into merged" },
    });
  });

  test("is found behind pages of others", async () => {
    const line = await boughtLine({ emptyPages: true });
    await mergedByHand(line);
    expect((await lookup(clientsOf(line.simulator, { auth })))?.sighting?.meaning).toBe("ended");
    const pages = await seen(line.simulator, LIST);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.every(({ params }) => params["filter"] === undefined)).toBe(true);
  });

  test("is asked about again where the listing is denied, and the missing permission is named", async () => {
    const permissions = ["compute.commitments.get"];
    const line = await boughtLine({ principals: { reader: { projects: [PROJECT], permissions } } });
    await mergedByHand(line);
    const reader = clientsOf(line.simulator, { auth, principal: "reader" });
    const { code, message } = await thrownBy(lookup(reader));
    expect(code).toBe("PERMISSION_DENIED");
    expect(message).toContain("compute.commitments.list");
  });
});

describe("a commitment that is cancelled", () => {
  async function cancelled(options: Parameters<typeof simulated>[0] = {}) {
    const line = await boughtLine(options);
    await line.simulator.states.set(NAME, "CANCELLED");
    return line;
  }
  const UNCLEAR = { meaning: "unclear", state: "CANCELLED" };

  test("is unclear where no other commitment names it", async () => {
    const { clients, simulator } = await cancelled();
    await insertByHand(clients, "other");
    await insertByHand(clients, "another");
    await madeByHand(clients, "merged", 8, { mergeSourceCommitments: ["other", "another"] });
    await simulator.clock.advance(DAY_MS);
    expect((await lookup(clients))?.sighting).toEqual(UNCLEAR);
  });

  test("is unclear where the clients cannot list", async () => {
    const { clients, simulator } = await cancelled();
    const { get, insert } = clients.commitments;
    const commitments = { get: get.bind(clients.commitments), insert: insert.bind(clients.commitments) };
    expect((await lookup({ ...clients, commitments }))?.sighting).toEqual(UNCLEAR);
    expect(await seen(simulator, LIST)).toEqual([]);
  });

  test.each(["error-500-before", "throttle", "garbage-body", "cut-body", "reset-before"] as const)(
    "is not known to be anything where the listing meets %s",
    async (kind) => {
      const { clients, simulator } = await cancelled();
      await simulator.faults.add({ operation: LIST, kind });
      expect(await thrownBy(lookup(clients))).toMatchObject({ code: "LOOKUP_FAILED", retryable: true });
      await simulator.faults.add({ operation: LIST, kind });
      expect(await providerOf(clients).purchase(permitFor(), context())).toMatchObject({ kind: "unknown" });
    },
  );

  test("is not known to be anything by a listing that never ends", async () => {
    const { clients, simulator } = await cancelled({ emptyPages: true });
    await simulator.faults.add({ operation: LIST, kind: "repeat-page-token", times: 9 });
    expect(await thrownBy(lookup(clients))).toMatchObject({ code: "OFFERING_PAGES_EXCEEDED" });
    await simulator.faults.clear();
    const provider = providerOf(clients, { maxPages: 1 });
    expect(await thrownBy(provider.lookup(computeRequest(), TOKEN, context()))).toMatchObject({
      code: "OFFERING_PAGES_EXCEEDED",
    });
  });

  /** A row of a listing, beside which the line's own commitment stands. */
  const listing = (row: object) => ({ items: [{ name: NAME, status: "CANCELLED" }, row] });
  const path = `projects/${PROJECT}/regions/${REGION}/commitments`;

  test.each<[string, object, string | undefined]>([
    ["by its name", { name: "m", mergeSourceCommitments: [NAME] }, "merged into m"],
    ["by its path", { name: "m", mergeSourceCommitments: ["x", `${path}/${NAME}`] }, "merged into m"],
    [
      "by its link",
      { name: "m", mergeSourceCommitments: [`https://compute.googleapis.com/compute/v1/${path}/${NAME}`] },
      "merged into m",
    ],
    ["as what it was split from", { name: "s", splitSourceCommitment: `${path}/${NAME}` }, "split into s"],
    ["without a name of its own", { mergeSourceCommitments: [NAME] }, "merged into a commitment without a name"],
    ["by a longer name", { name: "m", mergeSourceCommitments: [`${NAME}-2`, `x${NAME}`] }, undefined],
    ["by a part of its name", { name: "m", splitSourceCommitment: NAME.slice(0, -1) }, undefined],
    ["by nothing", { name: "m", mergeSourceCommitments: [], splitSourceCommitment: "" }, undefined],
  ])("is what another commitment says that names it %s", async (_what, row, became) => {
    const { simulator } = await cancelled();
    const { clients } = await behindFront(simulator, ({ path: asked }) =>
      asked.includes("/commitments?") ? json(200, listing(row)) : undefined,
    );
    const ended = { meaning: "ended", state: "CANCELLED", became };
    expect((await lookup(clients))?.sighting).toEqual(became === undefined ? UNCLEAR : ended);
  });

  test("names the first few of many commitments that it went into", async () => {
    const { simulator } = await cancelled();
    const items = Array.from({ length: 60 }, (_, index) => ({ name: `s-${index}`, splitSourceCommitment: NAME }));
    const { clients } = await behindFront(simulator, ({ path: asked }) =>
      asked.includes("/commitments?") ? json(200, { items }) : undefined,
    );
    expect((await lookup(clients))?.sighting?.became).toBe("split into s-0, s-1, s-2, s-3, s-4");
  });

  test("is not known to be anything where another answer stands for the listing", async () => {
    const { simulator } = await cancelled();
    const { clients } = await behindFront(simulator, ({ path: asked }) =>
      asked.includes("/commitments?")
        ? computeError(404, "notFound", `The resource 'projects/${PROJECT}' was not found`)
        : undefined,
    );
    expect(await thrownBy(lookup(clients))).toMatchObject({ code: "LOOKUP_FAILED" });
  });
});

describe("a commitment that somebody split", () => {
  async function splitByHand(more: Partial<GcpComputeRequest> = {}) {
    const { simulator, clients } = await boughtLine();
    await madeByHand(clients, "part", 1, { splitSourceCommitment: NAME });
    await simulator.clock.advance(DAY_MS);
    return { simulator, found: await providerOf(clients).lookup(computeRequest(more), TOKEN, context()) };
  }

  test("is the line's, although less is left of it than was bought", async () => {
    const { found } = await splitByHand();
    expect(found).toMatchObject({
      commitmentIds: [NAME],
      differences: [],
      sighting: { meaning: "live", state: "ACTIVE", became: "split into part" },
    });
  });

  test("is not the line's where its type or term is another", async () => {
    const { found } = await splitByHand({ term: "3yr" });
    expect(found?.differences).toEqual(["plan: expected THIRTY_SIX_MONTH, found TWELVE_MONTH"]);
  });

  test("is told from one that has other resources without a split", async () => {
    const { clients, simulator } = await boughtLine();
    await madeByHand(clients, "part", 1, {});
    const request = computeRequest({ resources: { vcpu: 8, memoryMb: 32_768 } });
    const found = await providerOf(clients).lookup(request, TOKEN, context());
    expect(found?.differences).toEqual(["resources: expected MEMORY 32768, VCPU 8, found MEMORY 16384, VCPU 4"]);
    expect(await seen(simulator, LIST)).toHaveLength(1);
  });
});

test.each(["CANCELLED", "EXPIRED"])(
  "a commitment that is %s under the first name and one under the second are both told",
  async (state) => {
    const { clients, simulator } = await boughtLine();
    await simulator.states.set(NAME, state);
    await insertByHand(clients, `${NAME}-2`);
    expect(await lookup(clients, { lineageAttempt: 2 })).toMatchObject({
      differences: ["commitments: expected 1, found 2"],
    });
  },
);
