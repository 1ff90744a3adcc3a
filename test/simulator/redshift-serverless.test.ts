import {
  CreateReservationCommand,
  type CreateReservationRequest,
  GetReservationCommand,
  GetReservationOfferingCommand,
  ListReservationOfferingsCommand,
  ListReservationsCommand,
  ListWorkgroupsCommand,
  type OfferingType,
  RedshiftServerlessClient,
  type RedshiftServerlessClientConfig,
} from "@aws-sdk/client-redshift-serverless";
import type { ConnectedAwsSimulator } from "buyonce/simulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { ACCOUNT, ManualClock, OTHER_ACCOUNT, simulatedAws } from "./simulated-aws.js";

const YEAR_MS = 31_536_000_000;
const TOKEN = "6f1c2b0a-7d3e-4c55-9a41-0c9e8d7b6a54";
const OTHER_TOKEN = "0b7f6a4e-1111-4222-8333-444455556666";
const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

describe("ListReservationOfferings and GetReservationOffering", () => {
  it("sell one year, all upfront or by the hour", async () => {
    const client = clientFor(await simulatedAws());
    const { reservationOfferingsList } = await client.send(new ListReservationOfferingsCommand({}));
    const shared = { offeringId: expect.stringMatching(/^[0-9a-f-]{36}$/), duration: 31_536_000, currencyCode: "USD" };
    expect(reservationOfferingsList).toEqual([
      { ...shared, offeringType: "ALL_UPFRONT", upfrontCharge: 2396.74, hourlyCharge: 0 },
      { ...shared, offeringType: "NO_UPFRONT", upfrontCharge: 0, hourlyCharge: 0.288 },
    ]);
  });

  it("find each offering by its id, and only in its region", async () => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    const offeringId = await anOffering(client, "NO_UPFRONT");
    const get = new GetReservationOfferingCommand({ offeringId });
    expect((await client.send(get)).reservationOffering).toMatchObject({ offeringId, offeringType: "NO_UPFRONT" });
    await expect(clientFor(simulator, { region: "eu-west-1" }).send(get)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("have the same ids in every run", async () => {
    const [first, second] = [clientFor(await simulatedAws()), clientFor(await simulatedAws())];
    expect(await anOffering(first, "ALL_UPFRONT")).toBe(await anOffering(second, "ALL_UPFRONT"));
  });

  it.each([
    { emptyPages: false, sizes: [1, 1] },
    { emptyPages: true, sizes: [0, 1, 0, 1] },
  ])("page, each row once: %j", async ({ emptyPages, sizes }) => {
    const client = clientFor(await simulatedAws({ emptyPages }));
    const pages: (string | undefined)[][] = [];
    let nextToken: string | undefined;
    do {
      const request = { maxResults: 1, ...(nextToken && { nextToken }) };
      const page = await client.send(new ListReservationOfferingsCommand(request));
      pages.push((page.reservationOfferingsList ?? []).map((row) => row.offeringType));
      nextToken = page.nextToken;
    } while (nextToken);
    expect(pages.flat()).toEqual(["ALL_UPFRONT", "NO_UPFRONT"]);
    expect(pages.map((page) => page.length)).toEqual(sizes);
  });

  it("sell nothing where only what a test gives is for sale", async () => {
    const client = clientFor(await simulatedAws({ offerings: { replace: true } }));
    const { reservationOfferingsList } = await client.send(new ListReservationOfferingsCommand({}));
    expect(reservationOfferingsList).toEqual([]);
  });
});

describe("CreateReservation", () => {
  it("buys, and both listings show it", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock });
    const client = clientFor(simulator);
    const offeringId = await anOffering(client, "ALL_UPFRONT");
    const { reservation } = await client.send(
      new CreateReservationCommand({ capacity: 16, offeringId, clientToken: TOKEN }),
    );
    const reservationId = String(reservation?.reservationId);
    expect(reservation).toEqual({
      reservationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      reservationArn: `arn:aws:redshift-serverless:us-east-1:${ACCOUNT}:reservation/${reservationId}`,
      startDate: new Date(clock.now()),
      endDate: new Date(clock.now() + YEAR_MS),
      capacity: 16,
      offering: expect.objectContaining({ offeringId, offeringType: "ALL_UPFRONT" }),
      status: "active",
    });
    expect(await listed(client)).toEqual([reservation]);
    expect((await client.send(new GetReservationCommand({ reservationId }))).reservation).toEqual(reservation);
    expect(await simulator.ledger.purchases()).toEqual([
      {
        service: "aws.redshift-serverless",
        account: ACCOUNT,
        region: "us-east-1",
        commitmentId: reservationId,
        purchaseId: "purchase-000001",
        offeringId,
        quantity: 16,
        token: TOKEN,
        tags: {},
        state: "active",
        purchasedAt: clock.now(),
        charge: { amount: "38347.84", currency: "USD" },
      },
    ]);
  });

  it("buys once for one client token in one account and region", async () => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    const first = await buy(client, { clientToken: TOKEN });
    expect(await buy(client, { clientToken: TOKEN })).toBe(first);
    expect(await buy(client, { clientToken: OTHER_TOKEN })).not.toBe(first);
    await buy(clientFor(simulator, { account: OTHER_ACCOUNT }), { clientToken: TOKEN });
    await buy(clientFor(simulator, { region: "eu-west-1" }), { clientToken: TOKEN });
    expect(await simulator.ledger.purchases()).toHaveLength(4);
  });

  it("buys twice for two sends without a token of the caller's, as the SDK makes up a new one for each", async () => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    await buy(client);
    await buy(client);
    const tokens = (await simulator.ledger.purchases()).map((row) => row.token);
    expect(new Set(tokens).size).toBe(2);
    expect(tokens).not.toContain(undefined);
  });

  it("forgets a token after its window and buys again", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, clientTokenWindowMs: 5000 });
    const client = clientFor(simulator);
    const first = await buy(client, { clientToken: TOKEN });
    clock.advance(4999);
    expect(await buy(client, { clientToken: TOKEN })).toBe(first);
    clock.advance(1);
    expect(await buy(client, { clientToken: TOKEN })).not.toBe(first);
    expect((await simulator.ledger.purchases()).map((row) => row.token)).toEqual([TOKEN, TOKEN]);
  });

  it("answers ConflictException to a changed request under a known token", async () => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    const offeringId = await anOffering(client, "NO_UPFRONT");
    await buy(client, { clientToken: TOKEN });
    for (const changed of [{ capacity: 9 }, { offeringId }]) {
      await expect(buy(client, { clientToken: TOKEN, ...changed })).rejects.toMatchObject({
        name: "ConflictException",
        $metadata: { httpStatusCode: 400 },
      });
    }
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("returns the first reservation for a changed request if the switch says so", async () => {
    const simulator = await simulatedAws({ changedRequestUnderToken: "return-original" });
    const client = clientFor(simulator);
    const first = await buy(client, { clientToken: TOKEN });
    expect(await buy(client, { clientToken: TOKEN, capacity: 9 })).toBe(first);
    expect(await simulator.ledger.purchases()).toMatchObject([{ quantity: 8 }]);
  });

  it.each([
    ["ValidationException", { clientToken: "not a UUID" }],
    ["ValidationException", { clientToken: "6f1c2b0a-7d3e-1c55-9a41-0c9e8d7b6a54" }],
    ["ValidationException", { clientToken: "6f1c2b0a-7d3e-4c55-0a41-0c9e8d7b6a54" }],
    ["ValidationException", { capacity: 0 }],
    ["ValidationException", { capacity: undefined }],
    ["ValidationException", { offeringId: "x".repeat(65) }],
    ["ValidationException", { offeringId: undefined }],
    ["ResourceNotFoundException", { offeringId: UNKNOWN_ID }],
  ])("answers %s to %j and buys nothing", async (name, more) => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    const offeringId = await anOffering(client, "ALL_UPFRONT");
    const command = new CreateReservationCommand({ capacity: 8, offeringId, clientToken: TOKEN, ...more });
    await expect(client.send(command)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("goes from payment-pending over active to retired", async () => {
    const clock = new ManualClock();
    const client = clientFor(await simulatedAws({ clock, paymentPendingMs: 1000, maxClockSkewMs: 2 * YEAR_MS }));
    await buy(client);
    const status = async () => (await listed(client))[0]?.status;
    expect(await status()).toBe("payment-pending");
    clock.advance(1000);
    expect(await status()).toBe("active");
    clock.advance(YEAR_MS - 1000);
    expect(await status()).toBe("retired");
  });

  it("ends as payment-failed if the payment fails", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock, paymentPendingMs: 1000 });
    const client = clientFor(simulator);
    await simulator.faults.add({ operation: "CreateReservation", kind: "payment-fails" });
    await buy(client);
    expect(await listed(client)).toMatchObject([{ status: "payment-pending" }]);
    clock.advance(1000);
    expect(await listed(client)).toMatchObject([{ status: "payment-failed" }]);
  });
});

describe("ListReservations and GetReservation", () => {
  it("show a reservation only after the listing lag, while its token is known at once", async () => {
    const clock = new ManualClock();
    const client = clientFor(await simulatedAws({ clock, listingLagMs: 1000 }));
    const reservationId = await buy(client, { clientToken: TOKEN });
    const get = new GetReservationCommand({ reservationId });
    expect(await listed(client)).toEqual([]);
    await expect(client.send(get)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    expect(await buy(client, { clientToken: TOKEN })).toBe(reservationId);
    clock.advance(1000);
    expect(await listed(client)).toMatchObject([{ reservationId }]);
    expect((await client.send(get)).reservation).toMatchObject({ reservationId });
  });

  it("show each account and region its own", async () => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    await buy(client);
    expect(await listed(clientFor(simulator, { account: OTHER_ACCOUNT }))).toEqual([]);
    expect(await listed(clientFor(simulator, { region: "eu-west-1" }))).toEqual([]);
    expect(await listed(client)).toHaveLength(1);
  });

  it("answer as of earlier if a stale listing strikes", async () => {
    const clock = new ManualClock();
    const simulator = await simulatedAws({ clock });
    const client = clientFor(simulator);
    await buy(client);
    clock.advance(1000);
    await simulator.faults.add({ operation: "ListReservations", kind: "stale-listing", ms: 1001 });
    expect(await listed(client)).toEqual([]);
    expect(await listed(client)).toHaveLength(1);
  });

  it("show a state that a test sets", async () => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    await simulator.states.set(await buy(client), "under-review");
    expect(await listed(client)).toMatchObject([{ status: "under-review" }]);
    expect(await simulator.ledger.purchases()).toMatchObject([{ state: "under-review" }]);
  });

  it("never end if the fault says so, and neither do the offerings", async () => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    await buy(client);
    for (const operation of ["ListReservations", "ListReservationOfferings"]) {
      await simulator.faults.add({ operation, kind: "repeat-page-token", times: 2 });
    }
    const reservations = async (nextToken?: string) =>
      (await client.send(new ListReservationsCommand({ nextToken }))).nextToken;
    const onSale = async (nextToken?: string) =>
      (await client.send(new ListReservationOfferingsCommand({ nextToken }))).nextToken;
    for (const tokenAfter of [reservations, onSale]) {
      const token = await tokenAfter();
      expect(token).toEqual(expect.any(String));
      expect(await tokenAfter(token)).toBe(token);
    }
  });

  it("page, and refuse a token that was never given out and a page that is too large", async () => {
    const client = clientFor(await simulatedAws());
    const ids = [await buy(client), await buy(client), await buy(client)];
    const first = await client.send(new ListReservationsCommand({ maxResults: 2 }));
    const rest = await client.send(new ListReservationsCommand({ maxResults: 2, nextToken: String(first.nextToken) }));
    const rows = [...(first.reservationsList ?? []), ...(rest.reservationsList ?? [])];
    expect(rows.map((row) => row.reservationId)).toEqual(ids);
    expect(rest.nextToken).toBeUndefined();
    for (const request of [{ nextToken: "never given out" }, { maxResults: 101 }]) {
      const refused = client.send(new ListReservationsCommand(request));
      await expect(refused).rejects.toMatchObject({ name: "ValidationException" });
    }
  });
});

describe("the JSON 1.1 protocol", () => {
  it.each([
    ["throttle", "ThrottlingException", 400],
    ["error-500-before", "InternalServerException", 500],
  ] as const)("answers to the fault %s with %s (%i)", async (kind, name, httpStatusCode) => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    const offeringId = await anOffering(client, "ALL_UPFRONT");
    await simulator.faults.add({ operation: "CreateReservation", kind });
    await expect(buy(client, { offeringId })).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    expect(await simulator.ledger.purchases()).toEqual([]);
  });

  it("keeps the purchase of a call whose answer is lost, and gives it back under the same token", async () => {
    const simulator = await simulatedAws();
    const client = clientFor(simulator);
    await simulator.faults.add({ operation: "CreateReservation", kind: "reset-after" });
    await expect(buy(client, { clientToken: TOKEN })).rejects.toThrow();
    const [purchase] = await simulator.ledger.purchases();
    expect(await buy(client, { clientToken: TOKEN })).toBe(purchase?.commitmentId);
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("refuses a stranger's key, an old signature and an operation that it does not have, all with 400", async () => {
    const simulator = await simulatedAws();
    const credentials = { accessKeyId: "AKIASTRANGER", secretAccessKey: "x" };
    const list = new ListReservationsCommand({});
    await expect(clientFor(simulator, { credentials }).send(list)).rejects.toMatchObject(
      refusal("UnrecognizedClientException"),
    );
    await expect(clientFor(simulator, { systemClockOffset: -360_000 }).send(list)).rejects.toMatchObject(
      refusal("InvalidSignatureException"),
    );
    await expect(clientFor(simulator).send(new ListWorkgroupsCommand({}))).rejects.toMatchObject(
      refusal("UnknownOperationException"),
    );
  });

  it("knows a request that is not signed by its target", async () => {
    const simulator = await simulatedAws();
    const headers = { "x-amz-target": "RedshiftServerless.ListReservations" };
    const answer = await fetch(simulator.url, { method: "POST", headers, body: "{}" });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(await answer.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
    expect(await simulator.ledger.requests()).toMatchObject([
      { service: "aws.redshift-serverless", operation: "ListReservations" },
    ]);
  });
});

function refusal(name: string) {
  return { name, $metadata: { httpStatusCode: 400 } };
}

function clientFor(
  simulator: ConnectedAwsSimulator,
  { account = ACCOUNT, ...config }: { readonly account?: string } & RedshiftServerlessClientConfig = {},
): RedshiftServerlessClient {
  const client = new RedshiftServerlessClient({
    endpoint: simulator.url,
    region: "us-east-1",
    credentials: simulator.credentialsFor(account),
    maxAttempts: 1,
    ...config,
  });
  onTestFinished(() => client.destroy());
  return client;
}

async function anOffering(client: RedshiftServerlessClient, offeringType: OfferingType): Promise<string> {
  const { reservationOfferingsList = [] } = await client.send(new ListReservationOfferingsCommand({}));
  const [offering, ...more] = reservationOfferingsList.filter((row) => row.offeringType === offeringType);
  if (offering?.offeringId === undefined || more.length > 0) throw new Error("not one");
  return offering.offeringId;
}

async function buy(client: RedshiftServerlessClient, more: Partial<CreateReservationRequest> = {}): Promise<string> {
  const offeringId = more.offeringId ?? (await anOffering(client, "ALL_UPFRONT"));
  const { reservation } = await client.send(new CreateReservationCommand({ capacity: 8, ...more, offeringId }));
  if (reservation?.reservationId === undefined) throw new Error("the answer has no id");
  return reservation.reservationId;
}

async function listed(client: RedshiftServerlessClient) {
  const { reservationsList = [] } = await client.send(new ListReservationsCommand({}));
  return reservationsList;
}
