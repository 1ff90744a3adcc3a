import { describe, expect, it } from "vitest";
import {
  ask,
  COMMITMENT,
  compute,
  get,
  insert,
  listedNames,
  OTHER_PROJECT,
  PROJECT,
  simulatedGcp,
} from "./simulated-gcp.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** From the start of a test to the next midnight at UTC-8. */
const TO_MIDNIGHT_MS = 14 * HOUR_MS;

describe("a commitment", () => {
  it("is shown with its id, times and links, in the shape of Compute Engine", async () => {
    const simulator = await simulatedGcp();
    const { body: operation } = await insert(simulator);
    expect(await get(simulator)).toEqual({
      status: 200,
      body: {
        kind: "compute#commitment",
        id: operation.targetId,
        ...COMMITMENT,
        description: "",
        autoRenew: false,
        status: "NOT_YET_ACTIVE",
        statusMessage: "The commitment is not yet active.",
        creationTimestamp: "2026-01-15T10:00:00.000-08:00",
        startTimestamp: "2026-01-16T00:00:00.000-08:00",
        endTimestamp: "2027-01-16T00:00:00.000-08:00",
        region: operation.region,
        selfLink: operation.targetLink,
      },
    });
  });

  it("starts at the next midnight, and expires when its term is over", async () => {
    const simulator = await simulatedGcp();
    await insert(simulator);
    const status = async () => (await get(simulator)).body.status;
    await simulator.clock.advance(TO_MIDNIGHT_MS - 1);
    expect(await status()).toBe("NOT_YET_ACTIVE");
    await simulator.clock.advance(1);
    expect(await status()).toBe("ACTIVE");
    await simulator.clock.advance(365 * DAY_MS - 1);
    expect(await status()).toBe("ACTIVE");
    await simulator.clock.advance(1);
    expect(await status()).toBe("EXPIRED");
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "EXPIRED" }]);
  });

  it("starts at once if the setting says so", async () => {
    const simulator = await simulatedGcp({ activation: "at-once" });
    await insert(simulator);
    expect((await get(simulator)).body).toMatchObject({
      status: "ACTIVE",
      statusMessage: "The commitment is active, and so will apply to current resource usage.",
      startTimestamp: "2026-01-15T10:00:00.000-08:00",
    });
  });

  it("that renews itself goes on, one term after the other", async () => {
    const simulator = await simulatedGcp();
    await insert(simulator, { resource: { autoRenew: true } });
    await simulator.clock.advance(TO_MIDNIGHT_MS + 2 * 365 * DAY_MS);
    expect((await get(simulator)).body).toMatchObject({
      status: "ACTIVE",
      endTimestamp: "2029-01-16T00:00:00.000-08:00",
    });
  });

  it("is not found under a name that nothing was bought by, or elsewhere", async () => {
    const simulator = await simulatedGcp();
    const { body: operation } = await insert(simulator);
    const elsewhere = [
      compute("commitments/unknown"),
      compute(`commitments/${operation.targetId}`),
      compute(`commitments/${COMMITMENT.name}`, { region: "europe-west1" }),
      compute(`commitments/${COMMITMENT.name}`, { project: OTHER_PROJECT }),
    ];
    for (const path of elsewhere) {
      const resource = path.replace("/compute/v1/", "");
      const message = `The resource '${resource}' was not found`;
      const errors = [{ message, domain: "global", reason: "notFound" }];
      const error = { code: 404, message, errors, status: "NOT_FOUND" };
      expect(await ask(simulator, path)).toEqual({ status: 404, body: { error } });
    }
  });

  it("shows a state that a test sets by its name or its id, also one that the API does not know", async () => {
    const simulator = await simulatedGcp();
    const { body: operation } = await insert(simulator);
    await simulator.states.set(COMMITMENT.name, "ACTIVE");
    expect((await get(simulator)).body.status).toBe("ACTIVE");
    await simulator.states.set(operation.targetId, "UNDER_REVIEW");
    expect((await get(simulator)).body.status).toBe("UNDER_REVIEW");
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "UNDER_REVIEW" }]);
    await expect(simulator.states.set("unknown", "ACTIVE")).rejects.toThrow(TypeError);
  });
});

describe("a listing", () => {
  it("has no items at all where there are none", async () => {
    const simulator = await simulatedGcp();
    const selfLink = `https://www.googleapis.com/compute/v1/projects/${PROJECT}/regions/us-central1/commitments`;
    expect(await ask(simulator, compute("commitments"))).toEqual({
      status: 200,
      body: { kind: "compute#commitmentList", id: selfLink, selfLink },
    });
  });

  it("is sorted by name, or by the time of creation if that is asked for", async () => {
    const simulator = await simulatedGcp();
    for (const name of ["cud-b", "cud-c", "cud-a"]) await insert(simulator, { resource: { name } });
    expect(await listedNames(simulator)).toEqual(["cud-a", "cud-b", "cud-c"]);
    expect(await listedNames(simulator, "?orderBy=creationTimestamp%20desc")).toEqual(["cud-a", "cud-c", "cud-b"]);
  });

  it("pages by tokens of its own", async () => {
    const simulator = await simulatedGcp();
    for (const name of ["cud-a", "cud-b", "cud-c"]) await insert(simulator, { resource: { name } });
    const page = async (query: string) => (await ask(simulator, compute(`commitments?maxResults=2${query}`))).body;
    const first = await page("");
    const last = await page(`&pageToken=${first.nextPageToken}`);
    const names = [first, last].map(({ items }) => items?.map(({ name }) => name));
    expect(names).toEqual([["cud-a", "cud-b"], ["cud-c"]]);
    expect(last).not.toHaveProperty("nextPageToken");
  });

  it("puts empty pages before full ones if the setting says so", async () => {
    const simulator = await simulatedGcp({ emptyPages: true });
    await insert(simulator);
    const { body } = await ask(simulator, compute("commitments"));
    expect(body).not.toHaveProperty("items");
    expect(await listedNames(simulator, `?pageToken=${body.nextPageToken}`)).toEqual([COMMITMENT.name]);
  });

  it.each([
    ["name = cud-a", ["cud-a"]],
    ['name eq "cud-(a|b)"', ["cud-a", "cud-b"]],
    ["status = ACTIVE", ["cud-b"]],
    ["(status = ACTIVE) OR (name = cud-c)", ["cud-b", "cud-c"]],
    ["(plan = TWELVE_MONTH) (name != cud-a)", ["cud-b", "cud-c"]],
    ["status = EXPIRED", []],
  ])("filters by %s", async (filter, names) => {
    const simulator = await simulatedGcp();
    for (const name of ["cud-a", "cud-b", "cud-c"]) await insert(simulator, { resource: { name } });
    await simulator.states.set("cud-b", "ACTIVE");
    expect(await listedNames(simulator, `?filter=${encodeURIComponent(filter)}`)).toEqual(names);
  });

  it.each(["filter=owner%20%3D%20me", "filter=name", "pageToken=never-given-out", "maxResults=501", "orderBy=status"])(
    "is refused for %s",
    async (query) => {
      const simulator = await simulatedGcp();
      const { status, body } = await ask(simulator, compute(`commitments?${query}`));
      expect({ status, reason: body.error?.errors?.[0].reason }).toEqual({ status: 400, reason: "invalid" });
    },
  );

  it("of all regions names those that have nothing on the page, with a warning", async () => {
    const simulator = await simulatedGcp();
    for (const region of ["us-central1", "me-west1"]) await insert(simulator, { region });
    await insert(simulator, { project: OTHER_PROJECT });
    const { body } = await ask(simulator, `/compute/v1/projects/${PROJECT}/aggregated/commitments?maxResults=1`);
    expect(body).toMatchObject({
      kind: "compute#commitmentAggregatedList",
      items: {
        "regions/me-west1": { commitments: [{ name: COMMITMENT.name }] },
        "regions/us-central1": {
          warning: { code: "NO_RESULTS_ON_PAGE", data: [{ key: "scope", value: "regions/us-central1" }] },
        },
      },
      nextPageToken: expect.any(String),
    });
  });
});
