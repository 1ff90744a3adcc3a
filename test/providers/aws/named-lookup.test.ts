import { describe, expect, test } from "vitest";
import {
  bought,
  cloudWith,
  ignoreFilters,
  NAME,
  NAME_2,
  NAME_3,
  openedIn,
  restate,
  rewrite,
  type Trouble,
} from "./named-cloud.js";
import { NAMED_SERVICES } from "./named-services.js";
import { context, OTHER_ACCOUNT, OTHER_TOKEN, TOKEN } from "./simulated-line.js";

describe.each(NAMED_SERVICES)("the lookup of $name", (service) => {
  const { operations, fields, codes, stated, request } = service;
  const failure = { code: "LOOKUP_FAILED", retryable: true, moneyMoved: "no" };

  test("takes nothing but the service's own word for absence", async () => {
    const cloud = await cloudWith(service);
    expect(await cloud.lookup()).toBeUndefined();
    const [asked, ...more] = await cloud.asked("reservations");
    expect(asked).toMatchObject({ params: { [fields.id]: NAME }, outcome: { errorCode: codes.absent } });
    expect(more).toEqual([]);
  });

  test.each([
    { kind: "reset-before" },
    { kind: "error-500-before" },
    { kind: "throttle" },
    { kind: "empty-body" },
    { kind: "garbage-body" },
    { kind: "cut-body" },
    { kind: "error", code: "AccessDenied", status: 403 },
    { kind: "error", code: "NotFound", status: 404 },
    { kind: "error", code: codes.offeringAbsent, status: 404 },
    { kind: "error", code: "ResourceNotFoundException", status: 404 },
  ] as const satisfies readonly Trouble[])("throws where it meets %o", async (fault) => {
    const cloud = await cloudWith(service);
    await bought(cloud);
    await cloud.fault({ ...fault, times: 20 }, "reservations");
    await expect(cloud.lookup()).rejects.toMatchObject(failure);
  });

  test("throws where one of several names cannot be asked for", async () => {
    const cloud = await cloudWith(service);
    const match = { params: { [fields.id]: NAME_2 } };
    await cloud.fault({ kind: "error-500-before", times: 20, match }, "reservations");
    await expect(cloud.lookup({ lineageAttempt: 3 })).rejects.toMatchObject(failure);
    expect(await cloud.lookup()).toBeUndefined();
  });

  test("throws for an empty list, which is no word for absence", async () => {
    const cloud = await cloudWith(service);
    await bought(cloud);
    const { list } = fields;
    rewrite(cloud.client, operations.reservations, (body) =>
      body
        .replace(new RegExp(`<${list}>.*</${list}>`, "s"), `<${list}></${list}>`)
        .replace(new RegExp(`"${list}":\\[.*\\]`, "s"), `"${list}":[]`),
    );
    await expect(cloud.lookup()).rejects.toMatchObject({ ...failure, message: expect.stringContaining("answered") });
  });

  test("reads on where the first page is empty and has a token", async () => {
    const cloud = await cloudWith(service, { emptyPages: true });
    await bought(cloud);
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [NAME], differences: [] });
    const asked = await cloud.asked("reservations");
    expect(asked.slice(-2).map(({ params }) => params[fields.id])).toEqual([NAME, NAME]);
  });

  test("throws where pages never end", async () => {
    const cloud = await cloudWith(service, { emptyPages: true });
    await bought(cloud);
    await cloud.fault({ kind: "repeat-page-token", times: 20 }, "reservations");
    await expect(cloud.lookup()).rejects.toMatchObject({ code: "OFFERING_PAGES_EXCEEDED" });
  });

  test("throws where the service answers with another's reservation, alone or beside ours", async () => {
    const cloud = await cloudWith(service);
    await bought(cloud, { token: OTHER_TOKEN });
    const forgetful = openedIn(cloud, service);
    ignoreFilters(forgetful.client, operations.reservations);
    const lookup = () => forgetful.provider.lookup(request, TOKEN, context());
    await expect(lookup()).rejects.toMatchObject(failure);
    await bought(cloud);
    await expect(lookup()).rejects.toMatchObject(failure);
  });

  test("finds what was bought, with all that it says", async () => {
    const cloud = await cloudWith(service);
    const prepared = await bought(cloud);
    const sighting = { meaning: "live", state: "active" };
    const found = { commitmentIds: [NAME], labeled: true, sighting, differences: [], startedAt: cloud.clock.now() };
    expect(await cloud.lookup()).toEqual(found);
    expect(await cloud.lookup({ prepared })).toEqual({ ...found, charge: request.expectedPrice });
  });

  describe("reports", () => {
    const names = Object.entries({ ...stated, [fields.count]: [2, 3] as const });

    test.each(names)("another %s (%o)", async (name, [expected, other]) => {
      const cloud = await cloudWith(service);
      await bought(cloud);
      restate(cloud.client, operations.reservations, { [name]: other });
      const label = name === fields.count ? "quantity" : name;
      expect((await cloud.lookup())?.differences).toEqual([`${label}: expected ${expected}, found ${other}`]);
    });

    test.each(names)("nothing where %s (%o) is left out: the name says whose it is", async (name) => {
      const cloud = await cloudWith(service);
      await bought(cloud);
      restate(cloud.client, operations.reservations, { [name]: undefined });
      expect(await cloud.lookup()).toMatchObject({ commitmentIds: [NAME], differences: [] });
    });
  });

  test.each([
    ["payment-pending", "live"],
    ["pending-payment", "live"],
    ["active", "live"],
    ["exchanging", "live"],
    ["never-heard-of", "live"],
    ["payment-failed", "void"],
    ["retired", "unclear"],
    ["Retired", "unclear"],
  ])("finds one that is %s, which means %s", async (state, meaning) => {
    const cloud = await cloudWith(service);
    await bought(cloud);
    await cloud.simulator.states.set(NAME, state);
    const sighting = { meaning, state };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [NAME], differences: [], sighting });
  });

  test("passes over one whose payment failed once a person has unlocked another name, and not before", async () => {
    const cloud = await cloudWith(service);
    const prepared = await bought(cloud);
    await cloud.simulator.states.set(NAME, "payment-failed");
    expect(await cloud.lookup({ lineageAttempt: 2 })).toBeUndefined();
    // The request in question went out under that very name.
    expect(await cloud.lookup({ lineageAttempt: 2, prepared })).toMatchObject({ sighting: { meaning: "void" } });
    const second = await cloud.prepare({ lineageAttempt: 2 });
    expect(await cloud.lookup({ lineageAttempt: 2, prepared: second })).toBeUndefined();
    await bought(cloud, { lineageAttempt: 2 });
    await cloud.simulator.states.set(NAME_2, "payment-failed");
    expect(await cloud.lookup({ lineageAttempt: 2, prepared: second })).toMatchObject({ commitmentIds: [NAME_2] });
    expect(await cloud.lookup({ lineageAttempt: 2 })).toMatchObject({ commitmentIds: [NAME, NAME_2] });
    expect(await cloud.lookup({ lineageAttempt: 3 })).toBeUndefined();
  });

  test("counts one that states neither its state nor its start", async () => {
    const cloud = await cloudWith(service);
    await bought(cloud);
    restate(cloud.client, operations.reservations, { State: undefined, StartTime: undefined });
    const sighting = { meaning: "live" };
    expect(await cloud.lookup()).toEqual({ commitmentIds: [NAME], labeled: true, sighting, differences: [] });
  });

  test("finds one that has run its term as ended: it was bought", async () => {
    const cloud = await cloudWith(service);
    await bought(cloud);
    await cloud.simulator.clock.advance(31_536_000_000);
    const sighting = { meaning: "ended", state: "retired" };
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [NAME], differences: [], sighting });
    // Nor is its name free for another purchase, however often somebody retries.
    expect(await cloud.lookup({ lineageAttempt: 3 })).toMatchObject({ commitmentIds: [NAME], sighting });
  });

  test("finds a name that the service keeps in capitals", async () => {
    const cloud = await cloudWith(service);
    await bought(cloud);
    restate(cloud.client, operations.reservations, { [fields.id]: NAME.toUpperCase() });
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [NAME.toUpperCase()], differences: [] });
  });

  test("asks for as many names as the lineage has attempts", async () => {
    const cloud = await cloudWith(service);
    await cloud.lookup({ lineageAttempt: 3 });
    const asked = (await cloud.asked("reservations")).map(({ params }) => params[fields.id]);
    expect(asked.sort()).toEqual([NAME, NAME_2, NAME_3]);
  });

  test("finds the live one among the names, and reports where two are live", async () => {
    const cloud = await cloudWith(service);
    await bought(cloud);
    await cloud.simulator.states.set(NAME, "payment-failed");
    await bought(cloud, { lineageAttempt: 2 });
    expect(await cloud.lookup({ lineageAttempt: 3 })).toMatchObject({ commitmentIds: [NAME_2], differences: [] });
    await cloud.simulator.states.set(NAME, "active");
    expect(await cloud.lookup({ lineageAttempt: 3 })).toEqual({
      commitmentIds: [NAME, NAME_2],
      labeled: true,
      sighting: { meaning: "live", state: "active" },
      differences: ["reservations: expected 1, found 2"],
    });
  });

  test("finds nothing of another line, another region or another account", async () => {
    const cloud = await cloudWith(service);
    await bought(cloud);
    expect(await cloud.lookup({ token: OTHER_TOKEN })).toBeUndefined();
    for (const place of [{ region: "eu-west-1" }, { account: OTHER_ACCOUNT }]) {
      const { provider } = openedIn(cloud, service, place);
      expect(await provider.lookup({ ...request, ...place }, TOKEN, context())).toBeUndefined();
    }
  });

  test("shows the token in no error", async () => {
    const cloud = await cloudWith(service);
    const message = `the value ${TOKEN} is not allowed`;
    await cloud.fault({ kind: "error", code: "InvalidParameterValue", status: 400, message }, "reservations");
    const error = await cloud.lookup().catch((thrown: unknown) => thrown);
    expect(`${String(error)} ${String((error as Error).cause)} ${JSON.stringify(error)}`).not.toContain(TOKEN);
  });
});
