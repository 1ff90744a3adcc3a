import { describe, expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { idempotencyGuid, uuidV4Shaped } from "../../../src/idempotency/token-formats.js";
import { changeAnswers } from "./changed-answers.js";
import { laneCloud, openLane } from "./lane-cloud.js";
import { LANE_SERVICES, type LaneService, SERVERLESS } from "./lane-services.js";
import { context, OTHER_ACCOUNT, permitFor, stsClient, TOKEN, toSecond } from "./simulated-line.js";

/** The part of the answer to a purchase that describes what was bought. */
const boughtIn = (output: Record<string, unknown>): Record<string, unknown> =>
  (output["ReservedNode"] ?? output["reservation"] ?? output) as Record<string, unknown>;

/** A cloud and what the line's purchase was prepared with. */
async function prepared(service: LaneService) {
  const cloud = await laneCloud(service);
  return { cloud, prepared: await cloud.prepare() };
}

describe.each(LANE_SERVICES)("a purchase from $name", (service) => {
  const { request, operations, fields } = service;
  const { expectedPrice: charge, quantity } = request;

  test("buys the quantity once and says what is charged for all of it, as far as the answer does", async () => {
    const { cloud, prepared: order } = await prepared(service);
    const outcome = await cloud.purchase(order);
    const [purchase, ...others] = await cloud.simulator.ledger.purchases();
    expect(others).toEqual([]);
    expect(purchase).toMatchObject({ service: request.service, quantity, offeringId: order.reference, charge });
    const facts = service.answersCharge ? { charge, startedAt: cloud.clock.now() } : {};
    const commitment = { commitmentIds: [purchase?.commitmentId], ...facts };
    // OpenSearch answers with no state.
    const sighting = { meaning: "live", ...(service.answersCharge && { state: "active" }) };
    expect(outcome).toEqual({ kind: "committed", commitment, sighting });
  });

  test("sends what the permit says, signed with its time, and the same for the same permit", async () => {
    const { cloud, prepared: order } = await prepared(service);
    const submittedAt = cloud.clock.now() - 60_000;
    await cloud.provider.purchase(permitFor(request, order, submittedAt), context());
    cloud.clock.advance(30_000);
    const again = permitFor(request, JSON.parse(JSON.stringify(order)), submittedAt);
    await cloud.provider.purchase(again, context());
    const sent = { params: service.purchase(order.reference), signedAt: toSecond(submittedAt) };
    expect(await cloud.asked("purchase")).toMatchObject([sent, sent]);
    expect((await cloud.asked("purchase")).map(({ params }) => params)).toEqual([sent.params, sent.params]);
  });

  test.each([
    "empty-body",
    "garbage-body",
    "cut-body",
    "reset-before",
    "reset-after",
    "error-500-before",
    "error-500-after",
  ] as const)("that meets %s is unknown, and is sent once", async (kind) => {
    const { cloud, prepared: order } = await prepared(service);
    await cloud.fault("purchase", { kind });
    expect((await cloud.purchase(order)).kind).toBe("unknown");
    expect(await cloud.asked("purchase")).toHaveLength(1);
  });

  test.each(service.refusals)("that is refused with %s (%i) is rejected by that name", async (code, status) => {
    const { cloud, prepared: order } = await prepared(service);
    await cloud.fault("purchase", { kind: "error", code, status });
    const outcome = await cloud.purchase(order);
    if (outcome.kind !== "rejected") throw new Error(`it is ${outcome.kind}`);
    expect(outcome.rejection.code.replace(/Fault$/, "")).toBe(code);
    expect(await cloud.asked("purchase")).toHaveLength(1);
  });

  test.each(service.doubts)("that is answered with %s (%i) is unknown", async (code, status) => {
    const { cloud, prepared: order } = await prepared(service);
    await cloud.fault("purchase", { kind: "error", code, status });
    expect((await cloud.purchase(order)).kind).toBe("unknown");
    expect(await cloud.asked("purchase")).toHaveLength(1);
  });

  test("of an offering that is no longer sold is rejected by the cloud", async () => {
    const { cloud, prepared: order } = await prepared(service);
    const gone = { ...order, reference: "00000000-0000-4000-8000-000000000001" };
    expect(await cloud.purchase(gone)).toMatchObject({ kind: "rejected" });
    expect(await cloud.boughtIds()).toEqual([]);
  });

  test("that is throttled is not now, and is sent once", async () => {
    const { cloud, prepared: order } = await prepared(service);
    await cloud.fault("purchase", { kind: "throttle" });
    expect((await cloud.purchase(order)).kind).toBe("not_now");
    expect(await cloud.asked("purchase")).toHaveLength(1);
  });

  test("that reaches no server, or has credentials of another account, is not sent", async () => {
    const { cloud, prepared: order } = await prepared(service);
    const permit = () => permitFor(request, order, cloud.clock.now());
    const sts = stsClient(cloud);
    const unreachable = openLane(cloud, service, { endpoint: "http://127.0.0.1:1", stsClientFor: () => sts });
    expect(await unreachable.provider.purchase(permit(), context())).toMatchObject({ kind: "not_sent" });
    const stranger = openLane(cloud, service, { account: OTHER_ACCOUNT });
    expect(await stranger.provider.purchase(permit(), context())).toMatchObject({ kind: "not_sent" });
    expect(await cloud.asked("purchase")).toEqual([]);
  });

  test("that is refused right before the wire is not sent", async () => {
    const { cloud, prepared: order } = await prepared(service);
    const beforeWire = () => {
      throw new Error("the lease has run out");
    };
    const outcome = await cloud.provider.purchase(
      permitFor(request, order, cloud.clock.now()),
      context({ beforeWire }),
    );
    expect(outcome).toMatchObject({ kind: "not_sent", reason: expect.stringContaining("the lease has run out") });
    expect(await cloud.asked("purchase")).toEqual([]);
  });

  test("whose permit is too old by the cloud's clock is rejected and buys nothing", async () => {
    const { cloud, prepared: order } = await prepared(service);
    const permit = permitFor(request, order, cloud.clock.now() - 16 * 60_000);
    expect(await cloud.provider.purchase(permit, context())).toMatchObject({ kind: "rejected" });
    expect(await cloud.boughtIds()).toEqual([]);
  });

  test.each([undefined, ""])("whose answer has the id %j is unknown", async (id) => {
    const { cloud, prepared: order } = await prepared(service);
    changeAnswers(cloud.client, operations.purchase, (output) => {
      boughtIn(output)[fields.id] = id;
    });
    expect((await cloud.purchase(order)).kind).toBe("unknown");
  });

  test("whose permit keeps no name or price of its own sends nothing that was not prepared", async () => {
    const { cloud, prepared: order } = await prepared(service);
    const { detail: _, ...bare } = order;
    const outcome = await cloud.purchase(bare);
    expect(outcome.kind).toBe(service.kept.name === undefined ? "committed" : "not_sent");
    if (outcome.kind === "committed") expect(outcome.commitment).not.toHaveProperty("charge");
  });
});

describe.each(LANE_SERVICES.filter(({ answersCharge }) => answersCharge))("the answer of $name", (service) => {
  const { operations, fields, stated, unitPrice, request } = service;

  /** Buys, with the answer changed. */
  async function answered(change: (bought: Record<string, unknown>, terms: Record<string, unknown>) => void) {
    const { cloud, prepared: order } = await prepared(service);
    changeAnswers(cloud.client, operations.purchase, (output) => {
      const bought = boughtIn(output);
      change(bought, fields.terms === undefined ? bought : (bought[fields.terms] as Record<string, unknown>));
    });
    return cloud.purchase(order);
  }
  const PRICE = fields.terms === undefined ? "FixedPrice" : "upfrontCharge";

  test("with another quantity is unknown", async () => {
    const outcome = await answered((bought) => {
      bought[fields.quantity] = request.quantity + 1;
    });
    expect(outcome.kind).toBe("unknown");
  });

  test.each([
    ["payment-failed", "void"],
    ["retired", "unclear"],
    ["payment-pending", "live"],
    ["being-invented", "live"],
  ])("that is %s says that this means %s, and the engine decides", async (state, meaning) => {
    const outcome = await answered((bought) => {
      bought[fields.state] = state;
    });
    expect(outcome).toMatchObject({ kind: "committed", sighting: { meaning, state } });
  });

  test.each(["payment-failed", "retired"])("that is %s and has no id is unknown", async (state) => {
    const outcome = await answered((bought) => {
      bought[fields.state] = state;
      bought[fields.id] = undefined;
    });
    expect(outcome.kind).toBe("unknown");
  });

  test("without a state is live", async () => {
    const outcome = await answered((bought) => {
      bought[fields.state] = undefined;
    });
    expect(outcome).toMatchObject({ kind: "committed", sighting: { meaning: "live" } });
  });

  test.each(Object.entries(stated))(
    "with another %s is unknown, and without one is believed",
    async (name, [, other]) => {
      const another = await answered((_, terms) => {
        terms[name] = other;
      });
      expect(another.kind).toBe("unknown");
      const silent = await answered((_, terms) => {
        terms[name] = undefined;
      });
      expect(silent.kind).toBe("committed");
    },
  );

  test("may state the price of all units instead of that of one", async () => {
    const outcome = await answered((_, terms) => {
      terms[PRICE] = Number(unitPrice) * request.quantity;
    });
    expect(outcome).toMatchObject({ commitment: { charge: request.expectedPrice } });
  });

  test.each([undefined, 1])("with the price %j leaves the charge unknown", async (price) => {
    const outcome = await answered((_, terms) => {
      terms[PRICE] = price;
    });
    expect(outcome.kind).toBe("committed");
    expect(outcome).not.toHaveProperty("commitment.charge");
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("with the price %d still names what was bought", async (price) => {
    const outcome = await answered((_, terms) => {
      terms[PRICE] = price;
    });
    expect(outcome.kind).toBe("committed");
    expect(outcome).not.toHaveProperty("commitment.charge");
  });

  test("that cannot be read to its end is unknown and never not sent", async () => {
    const outcome = await answered((bought) => {
      const unreadable = () => {
        throw new Error("unreadable");
      };
      Object.defineProperty(bought, fields.state, { get: unreadable });
    });
    expect(outcome.kind).toBe("unknown");
  });

  test("with a start that is no date is committed without one", async () => {
    const outcome = await answered((bought) => {
      bought[fields.terms === undefined ? "StartTime" : "startDate"] = "no date";
    });
    expect(outcome).toMatchObject({ kind: "committed", commitment: { commitmentIds: [expect.any(String)] } });
    expect("commitment" in outcome && outcome.commitment).not.toHaveProperty("startedAt");
  });
});

describe("the client token of Redshift Serverless", () => {
  test("is a UUID of version 4, which the plain form of the token is not", async () => {
    const { cloud, prepared: order } = await prepared(SERVERLESS);
    await cloud.purchase(order);
    const [sent] = await cloud.asked("purchase");
    expect(sent?.params["clientToken"]).toBe(uuidV4Shaped(TOKEN));
    expect(sent?.params["clientToken"]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(sent?.params["clientToken"]).not.toBe(idempotencyGuid(TOKEN));
  });

  test("is kept by the write-ahead, and is another one for each retry by a person", async () => {
    const cloud = await laneCloud(SERVERLESS);
    const tokens: unknown[] = [];
    for (const lineageAttempt of [1, 2, 3]) {
      const order = await cloud.prepare(SERVERLESS.request, { lineageAttempt });
      await cloud.purchase(order);
      tokens.push(order.detail?.["clientToken"]);
    }
    expect(tokens).toEqual([TOKEN, ...[2, 3].map((nth) => deriveIdempotencyToken(TOKEN, nth))].map(uuidV4Shaped));
    expect((await cloud.asked("purchase")).map(({ params }) => params["clientToken"])).toEqual(tokens);
    expect(await cloud.boughtIds()).toHaveLength(3);
  });

  test("that the write-ahead keeps is the one sent, whatever the attempt", async () => {
    const { cloud, prepared: order } = await prepared(SERVERLESS);
    const permit = permitFor(SERVERLESS.request, JSON.parse(JSON.stringify(order)), cloud.clock.now());
    await cloud.provider.purchase(permit, context({ lineageAttempt: 3 }));
    const [sent] = await cloud.asked("purchase");
    expect(sent?.params["clientToken"]).toBe(uuidV4Shaped(TOKEN));
  });

  test("buys nothing a second time while the cloud remembers it", async () => {
    const { cloud, prepared: order } = await prepared(SERVERLESS);
    const first = await cloud.purchase(order);
    cloud.clock.advance(60_000);
    expect(await cloud.purchase(await cloud.prepare())).toEqual(first);
    expect(await cloud.boughtIds()).toHaveLength(1);
  });

  test("used with other parameters is unknown: it may speak of an earlier request of ours", async () => {
    const { cloud, prepared: order } = await prepared(SERVERLESS);
    await cloud.purchase(order);
    const more = { ...SERVERLESS.request, quantity: 16 };
    expect(await cloud.purchase(order, more)).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("Conflict"),
    });
  });
});
