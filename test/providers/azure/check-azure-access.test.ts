import { BillingBenefitsRP } from "@azure/arm-billingbenefits";
import type { HttpClient } from "@azure/core-rest-pipeline";
import { type AzureAccessOptions, azureReservations, checkAzureAccess } from "buyonce/azure";
import { describe, expect, test } from "vitest";
import { ALIAS, type AzureCloud, answering, azureCloud, context, type OtherAnswer, seen } from "./azure-cloud.js";
import { reservationRequest, SUBSCRIPTION, TOKEN } from "./azure-lines.js";

/** The options of a check over the simulator, whose client sends each call once. */
function optionsOver(
  { simulator }: AzureCloud,
  between: (simulated: HttpClient) => HttpClient = (simulated) => simulated,
) {
  const httpClient = between(simulator.httpClient);
  const settings = { httpClient, retryOptions: { maxRetries: 0 } };
  const client = new BillingBenefitsRP(simulator.credentialFor(SUBSCRIPTION), settings);
  return { clientFor: () => client, httpClient, account: SUBSCRIPTION } satisfies AzureAccessOptions;
}

const ALL = ["reservations", "calculated-reservations", "savings-plans"] as const;

const RIGHTS = [
  "Microsoft.BillingBenefits/reservationOrderAliases/read",
  "Microsoft.Capacity/reservationOrders/read",
  "Microsoft.BillingBenefits/savingsPlanOrderAliases/read",
  "Microsoft.BillingBenefits/savingsPlanOrders/read",
];

describe("the access of a client", () => {
  test("that may read the whole tenant is granted, and nothing is written", async () => {
    const cloud = await azureCloud();
    const { ok, checks } = await checkAzureAccess({ ...optionsOver(cloud), purchases: ALL });
    expect(ok).toBe(true);
    expect(checks.map(({ verdict }) => verdict)).toEqual(["granted", "granted", "granted", "granted", "granted"]);
    const requests = await cloud.simulator.ledger.requests();
    expect(requests.map(({ operation }) => operation.slice(0, 3))).toEqual(
      requests.map(() => expect.stringMatching(/Get|Lis/)),
    );
  });

  test("without tenant-wide read is denied, and says which right is missing at which scope", async () => {
    const cloud = await azureCloud({ unknownReads: "forbidden" });
    const { ok, checks } = await checkAzureAccess(optionsOver(cloud));
    expect(ok).toBe(false);
    expect(checks.map(({ right, verdict }) => ({ right, verdict }))).toEqual(
      RIGHTS.map((right) => ({ right, verdict: "denied" })),
    );
    expect(checks[0]).toMatchObject({
      asked: "an alias of a reservation order that does not exist",
      scope: "/providers/Microsoft.BillingBenefits",
      answer: expect.stringContaining("AuthorizationFailed"),
      advice: `Grant ${RIGHTS[0]} at the scope /providers/Microsoft.BillingBenefits.`,
    });
  });

  test("is denied where the adapters would buy nothing for the same reason", async () => {
    const cloud = await azureCloud({ unknownReads: "forbidden" });
    const { provider } = ALIAS.over(cloud);
    await expect(provider.lookup(ALIAS.request, TOKEN, context())).rejects.toMatchObject({ code: "LOOKUP_FAILED" });
    await expect(provider.prepare(ALIAS.request, TOKEN, context())).rejects.toMatchObject({ code: "PREPARE_FAILED" });
  });

  test("is checked for what is to be bought, and each question is asked once", async () => {
    const cloud = await azureCloud();
    const purchases = ["reservations", "calculated-reservations"] as const;
    await checkAzureAccess({ ...optionsOver(cloud), purchases });
    expect(await seen(cloud, "GetReservationOrder")).toHaveLength(1);
    expect(await seen(cloud, "ListReservationOrders")).toHaveLength(1);
    expect(await seen(cloud, "GetSavingsPlanOrderAlias")).toHaveLength(0);
  });

  const error = (status: number, code?: string): OtherAnswer => ({
    status,
    body: code === undefined ? "" : { error: { code, message: "as it says" } },
  });

  test.each<[string, OtherAnswer, string, RegExp]>([
    ["another code of a 404", error(404, "AliasUnknown"), "unclear", /AliasUnknown .* absentCodes/],
    ["a 404 of the path", error(404, "InvalidResourceType"), "unclear", /./],
    ["a 404 of a proxy", error(404), "unclear", /network/],
    ["a 401", error(401, "ExpiredAuthenticationToken"), "denied", /credential/],
    ["a 403 of another code", error(403, "Forbidden"), "denied", /Grant/],
    ["a 500", error(500, "InternalServerError"), "unclear", /network/],
    ["an order", { status: 200, body: { name: "x", properties: {} } }, "unclear", /./],
  ])("is not granted by %s", async (_what, answer, verdict, advice) => {
    const cloud = await azureCloud();
    const { ok, checks } = await checkAzureAccess(
      optionsOver(
        cloud,
        answering(() => answer),
      ),
    );
    expect(ok).toBe(false);
    for (const check of checks) {
      expect(check.verdict).toBe(verdict);
      expect(check.answer).toMatch(/./);
      if (check.advice !== undefined) expect(check.advice).toMatch(advice);
    }
  });
});

describe("the codes of absence", () => {
  const absent = answering(({ method }) =>
    method === "GET" ? { status: 404, body: { error: { code: "AliasUnknown", message: "no" } } } : undefined,
  );

  test("are those of the option, for the check and for the adapters", async () => {
    const cloud = await azureCloud();
    const options = { ...optionsOver(cloud, absent), absentCodes: ["AliasUnknown"] };
    expect((await checkAzureAccess(options)).ok).toBe(true);
    const { account: _, ...provider } = options;
    expect(await azureReservations(provider).lookup(reservationRequest(), TOKEN, context())).toBeUndefined();
  });

  test("replace the default ones", async () => {
    const { provider } = ALIAS.over(await azureCloud(), { provider: { absentCodes: ["AliasUnknown"] } });
    await expect(provider.lookup(ALIAS.request, TOKEN, context())).rejects.toMatchObject({ code: "LOOKUP_FAILED" });
  });

  test("prove nothing with another status than 404", async () => {
    const forbidden = answering(() => ({ status: 403, body: { error: { code: "AliasUnknown", message: "no" } } }));
    const { provider } = ALIAS.over(await azureCloud(), {
      between: forbidden,
      provider: { absentCodes: ["AliasUnknown"] },
    });
    await expect(provider.lookup(ALIAS.request, TOKEN, context())).rejects.toMatchObject({ code: "LOOKUP_FAILED" });
  });
});

test.each([
  [{ purchase: ["reservations"] }, { code: "INVALID_REQUEST" }],
  [{ purchases: ["disks"] }, { message: expect.stringContaining('got "disks"') }],
  [{ absentCodes: ["SubscriptionNotFound"] }, { message: expect.stringContaining("SubscriptionNotFound") }],
])("a check with %j is refused", async (more, expected) => {
  const options = { ...optionsOver(await azureCloud()), ...more } as AzureAccessOptions;
  await expect(checkAzureAccess(options)).rejects.toMatchObject(expected);
});
