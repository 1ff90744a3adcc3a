import "../../providers/gcp/protocols-once.js";
import { describe, expect, test } from "vitest";
import type { GcpComputeRequest } from "../../../src/domain/commitment-request/gcp-compute.js";
import type { GcpSpendRequest } from "../../../src/domain/commitment-request/gcp-spend.js";
import type { GcpClients } from "../../../src/providers/gcp/gcp-clients.js";
import { computeService } from "../../../src/simulator/gcp/compute/compute-service.js";
import { readGcpSettings } from "../../../src/simulator/gcp/gcp-simulator-options.js";
import { gcpWorld } from "../../../src/simulator/gcp/gcp-world.js";
import { procurementService } from "../../../src/simulator/gcp/procurement/procurement-service.js";
import { Recommendations } from "../../../src/simulator/gcp/recommender/recommendations.js";
import { recommenderService } from "../../../src/simulator/gcp/recommender/recommender-service.js";
import { resourceManagerService } from "../../../src/simulator/gcp/resource-manager/resource-manager-service.js";
import { type RawExchange, startFrontServer } from "../../providers/aws/front-server.js";
import { computeRequest, PROJECT, REGION, TOKEN, TYPE } from "../../providers/gcp/compute-line.js";
import {
  behindFront,
  context,
  insertByHand,
  permitFor,
  providerOf,
  simulated,
} from "../../providers/gcp/simulated-line.js";
import { ACCOUNT, OFFERS, spendPermit, spendProvider, spendRequest } from "../../providers/gcp/spend-line.js";
import { GoogleModels } from "../../support/google-models.js";
import { PROCUREMENT, PROCUREMENT_MODEL } from "../../support/procurement-model.js";
import { RESOURCE_MANAGER, RESOURCE_MANAGER_MODEL } from "../../support/resource-manager-model.js";

/*
 * Requests of the adapters and answers of the simulated Google Cloud, held against the models that the installed clients
 * carry: members, types, values of enums, and what is required. The clients pass over what they do not know in silence.
 */

const COMPUTE = "google.cloud.compute.v1";
const RECOMMENDER = "google.cloud.recommender.v1";
const SERVICES = [
  `${COMPUTE}.RegionCommitments`,
  `${COMPUTE}.RegionOperations`,
  `${COMPUTE}.Regions`,
  `${RECOMMENDER}.Recommender`,
  `${PROCUREMENT}.ConsumerProcurementService`,
  `${RESOURCE_MANAGER}.Projects`,
];
const MODELS = GoogleModels.of(
  "@google-cloud/compute/build/protos/protos.json",
  "@google-cloud/recommender/build/protos/protos.json",
  "google-gax/build/protos/operations.json",
  "google-gax/build/protos/status.json",
).with(PROCUREMENT_MODEL, RESOURCE_MANAGER_MODEL);

/** What is wrong with a request and its answer. A refusal is no message of the models. */
function problemsOf({ request, answer }: RawExchange): readonly string[] {
  if (answer.status >= 400) return [];
  const { method, path } = request;
  const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
  const call = MODELS.callOf(SERVICES, { method, path: decodeURIComponent(pathname) });
  if (call === undefined) return [`${method} ${pathname} is no operation of the clients`];
  const query = Object.fromEntries([...searchParams].filter(([name]) => !name.startsWith("$")));
  const message = { ...MODELS.fromQuery(call.requestType, query), ...call.inPath, ...inBody(call.body, request.body) };
  return [
    ...MODELS.problems(call.requestType, message, "request"),
    ...MODELS.problems(call.responseType, JSON.parse(answer.body), "answer"),
  ];
}

/** The fields that a body stands for. The clients send `""` where there is none. */
function inBody(field: string | undefined, text: string): object {
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  if (typeof body !== "object" || body === null) return {};
  return field === undefined || field === "*" ? body : { [field]: body };
}

const RESERVED = {
  name: "gpus",
  zone: `${REGION}-a`,
  count: 2,
  machineType: "g2-standard-8",
  minCpuPlatform: "Intel Cascade Lake",
  accelerators: [{ type: "nvidia-l4", count: 2 }],
  localSsds: [{ sizeGb: 375, interface: "NVME" }],
  specificReservationRequired: true,
} as const;
const LICENSE = { license: "projects/suse-cloud/global/licenses/sles-15", amount: 2, coresPerLicense: "3-4" };
const EIGHT_CORES = { vcpu: 8, memoryMb: 32_768 };

/** Lines with every field that a line may have. */
const LINES: Readonly<Record<string, Partial<GcpComputeRequest>>> = {
  "as usual": {},
  "with everything that is reserved with it": {
    term: "3yr",
    autoRenew: true,
    type: "GRAPHICS_OPTIMIZED",
    resources: { ...EIGHT_CORES, localSsdGb: 375, accelerators: RESERVED.accelerators },
    reservations: [RESERVED],
  },
  "in reservations that exist": {
    resources: { ...EIGHT_CORES, localSsdGb: 375 },
    existingReservations: [`projects/${PROJECT}/zones/${REGION}-a/reservations/r`],
    customEndTimestamp: "2035-06-01T00:00:00-08:00",
  },
  "of licenses": { category: "LICENSE", type: undefined, resources: undefined, licenseResource: LICENSE },
  "merged of others": { resources: EIGHT_CORES, mergeSourceCommitments: ["by-hand-1", "by-hand-2"] },
  "split off another": { resources: { vcpu: 1, memoryMb: 1_024 }, splitSourceCommitment: "by-hand-1" },
};

/** Everything that the adapter asks for one purchase, and what it gave to the client that buys. */
async function computeCalls(more: Partial<GcpComputeRequest>, isRecommended: boolean) {
  const { simulator } = await simulated();
  const { front, clients } = await behindFront(simulator);
  for (const name of ["by-hand-1", "by-hand-2"]) await insertByHand(clients, name);
  const given: unknown[] = [];
  const commitments: GcpClients["commitments"] = {
    get: (asked, options) => clients.commitments.get(asked, options),
    list: async (asked, options) => (await clients.commitments.list?.(asked, options)) ?? [[]],
    insert(asked, options) {
      given.push(asked);
      return clients.commitments.insert(asked, options);
    },
  };
  const [{ name, etag } = { name: "", etag: "" }] = await simulator.recommendations.list(PROJECT, REGION);
  const request = computeRequest({ ...more, ...(isRecommended && { recommendation: { name, etag } }) });
  const provider = providerOf({ ...clients, commitments });
  const prepared = await provider.prepare(request, TOKEN, context());
  const outcome = await provider.purchase(permitFor(request, prepared), context());
  if (outcome.kind !== "committed") return expect.unreachable(JSON.stringify(outcome));
  await provider.lookup(request, TOKEN, context({ prepared }));
  await provider.label?.({ adopted: false, ...outcome.commitment }, TOKEN, { ...context({ prepared }), request });
  return { exchanges: front.exchanges, given };
}

describe("the models of the installed clients", () => {
  test.each(Object.entries(LINES))("hold for a purchase of a line %s", async (what, more) => {
    const { exchanges, given } = await computeCalls(more, what === "as usual");
    expect(exchanges.flatMap(problemsOf)).toEqual([]);
    const inserted = given.flatMap((asked) =>
      MODELS.problems(`${COMPUTE}.InsertRegionCommitmentRequest`, asked, "request"),
    );
    expect({ times: given.length, inserted }).toEqual({ times: 1, inserted: [] });
  });

  test.each<Partial<GcpSpendRequest>>([{}, { term: "3yr", region: "global", autoRenew: true }])(
    "hold for a purchase of a spend-based commitment with %j",
    async (more) => {
      const request = spendRequest(more);
      const { simulator } = await simulated({ ordersRenew: !request.autoRenew, operationMs: 1_000 });
      const front = await startFrontServer(simulator.url);
      const provider = spendProvider(front.url);
      await provider.prepare(request, TOKEN, context());
      expect(await provider.purchase(spendPermit(request), context())).toMatchObject({ kind: "unknown" });
      await simulator.clock.advance(1_000);
      const { commitmentIds } = (await provider.lookup(request, TOKEN, context())) ?? expect.unreachable();
      await provider.label?.({ commitmentIds, adopted: true }, TOKEN, { ...context(), request });
      expect(front.exchanges.flatMap(problemsOf)).toEqual([]);
    },
  );

  test("hold for every operation of the simulator, whatever the state", async () => {
    const spending = [{ billingAccount: ACCOUNT, offer: OFFERS["1yr"], region: "global", hourly: "1.25" }];
    const projects = [{ projectId: PROJECT }, { projectId: "gone-project", state: "DELETE_REQUESTED" }] as const;
    const { simulator } = await simulated({ visibleWhileRunning: true, spending, projects });
    const { front, clients } = await behindFront(simulator);
    const ask = async (method: string, path: string, body?: object) => {
      const answer = await fetch(front.url + path, { method, ...(body && { body: JSON.stringify(body) }) });
      const said = (await answer.json()) as { readonly name: string; readonly etag: string };
      expect(answer.status, `${method} ${path}: ${JSON.stringify(said)}`).toBe(200);
      return said;
    };
    await insertByHand(clients, "cud");
    const region = `/compute/v1/projects/${PROJECT}/regions/${REGION}`;
    const { name: operation } = await ask("PATCH", `${region}/commitments/cud?updateMask=autoRenew`, {
      autoRenew: true,
    });
    for (const state of ["CREATING", "ACTIVE", "EXPIRED", "CANCELLED"]) {
      await simulator.states.set("cud", state);
      await ask("GET", `${region}/commitments/cud`);
    }
    for (const path of ["commitments", "operations", `operations/${operation}`]) await ask("GET", `${region}/${path}`);
    await ask("GET", `/compute/v1/projects/${PROJECT}/aggregated/commitments?maxResults=1`);
    await ask("POST", `${region}/operations/${operation}/wait`);
    const recommended = await simulator.recommendations.list(PROJECT, REGION);
    recommended.push(...(await simulator.recommendations.list(PROJECT, "europe-west1")));
    for (const [index, mark] of ["markSucceeded", "markFailed", "markDismissed"].entries()) {
      const { name, etag } = recommended[index] ?? expect.unreachable();
      const { etag: claimed } =
        mark === "markDismissed" ? { etag } : await ask("POST", `/v1/${name}:markClaimed`, { etag });
      await ask("POST", `/v1/${name}:${mark}`, { etag: claimed });
      await ask("GET", `/v1/${name}?$alt=json;enum-encoding=int`);
    }
    await ask("GET", `/v1/${recommended[0]?.name.replace(/\/[^/]+$/, "")}?pageSize=1`);
    await simulator.recommendations.use({ project: PROJECT, region: "asia-east1", type: TYPE, vcpu: 2, memoryMb: 512 });
    const recommenders = "recommenders/google.compute.commitment.UsageCommitmentRecommender";
    await ask("GET", `/v1/projects/${PROJECT}/locations/asia-east1/${recommenders}/recommendations`);
    const bySpend = "recommenders/google.cloudbilling.commitment.SpendBasedCommitmentRecommender";
    await ask("GET", `/v1/billingAccounts/${ACCOUNT}/locations/global/${bySpend}/recommendations`);
    await ask("GET", `/compute/v1/projects/${PROJECT}/regions`);
    await ask("GET", "/v3/projects:search?pageSize=1");
    const orders = `/v1/billingAccounts/${ACCOUNT}/orders`;
    const lineItemInfo = [
      {
        offer: "services/x.googleapis.com/standardOffers/y",
        parameters: [
          { name: "hourly_commit", value: { int64Value: "2" } },
          { name: "region", value: { stringValue: "global" } },
        ],
      },
    ];
    const { name: placing } = await ask("POST", `${orders}:place`, { displayName: "by hand", lineItemInfo });
    await ask("GET", `/v1/${placing}`);
    const order = placing.replace(/\/operations\/.*/, "");
    for (const state of MODELS.valuesOf(`${PROCUREMENT}.LineItemChangeState`)) {
      await simulator.states.set(order, state);
      await ask("GET", `/v1/${order}`);
    }
    for (const reason of MODELS.valuesOf(`${PROCUREMENT}.LineItemChangeStateReasonType`)) {
      await simulator.states.set(order, reason);
      await ask("GET", `${orders}?pageSize=1`);
    }
    const { etag } = await ask("GET", `/v1/${order}`);
    const modification = { lineItemId: "item-1", changeType: "LINE_ITEM_CHANGE_TYPE_UPDATE" };
    const renewal = { newLineItemInfo: lineItemInfo[0], autoRenewalBehavior: "AUTO_RENEWAL_BEHAVIOR_ENABLE" };
    await ask("POST", `/v1/${order}:modify`, { etag, modifications: [{ ...modification, ...renewal }] });
    expect(front.exchanges.flatMap(problemsOf)).toEqual([]);
    const asked = new Set((await simulator.ledger.requests()).map(({ operation: one }) => one));
    expect([...asked].sort()).toEqual(everyOperation());
  });

  test("hold for operations that failed", async () => {
    const { simulator } = await simulated();
    const { front, clients } = await behindFront(simulator);
    await simulator.faults.add({ operation: "InsertCommitment", kind: "operation-fails", code: "QUOTA_EXCEEDED" });
    await simulator.faults.add({ operation: "PlaceOrder", kind: "operation-fails", code: "INVALID_ARGUMENT" });
    const outcomes = [
      await providerOf(clients).purchase(permitFor(), context()),
      await spendProvider(front.url).purchase(spendPermit(), context()),
    ];
    expect(outcomes.map(({ kind }) => kind)).toEqual(["rejected", "rejected"]);
    expect(front.exchanges.flatMap(problemsOf)).toEqual([]);
  });

  test("find a member that does not exist, a wrong type, a wrong value, and what is missing or never sent", () => {
    const commitment = {
      plan: "FIVE_YEARS",
      autoRenew: "yes",
      resources: [{ type: "VCPU", amount: 4 }],
      colour: "red",
    };
    expect(
      MODELS.problems(`${COMPUTE}.InsertRegionCommitmentRequest`, { commitmentResource: commitment }, "request"),
    ).toEqual([
      "InsertRegionCommitmentRequest.project is missing",
      "InsertRegionCommitmentRequest.region is missing",
      "InsertRegionCommitmentRequest.commitmentResource.plan is none of its values",
      "InsertRegionCommitmentRequest.commitmentResource.autoRenew is no bool",
      "InsertRegionCommitmentRequest.commitmentResource.resources[].amount is no int64",
      "InsertRegionCommitmentRequest.commitmentResource.colour is not known",
    ]);
    const value = { int64Value: "1", doubleValue: 1 };
    const info = { parameters: [{ name: "hourly_commit", value }], subscription: {} };
    expect(MODELS.problems(`${PROCUREMENT}.LineItemInfo`, info, "request")).toEqual([
      "LineItemInfo.parameters[].value states more than one of int64Value, stringValue, doubleValue",
      "LineItemInfo.subscription is never sent",
    ]);
    const operation = { done: true, response: { "@type": `type.googleapis.com/${PROCUREMENT}.Order`, name: "o" } };
    expect(MODELS.problems("google.longrunning.Operation", operation, "answer")).toEqual([
      "Operation.response.displayName is missing",
    ]);
  });
});

/** Every operation that the simulator serves. */
function everyOperation(): readonly string[] {
  const world = gcpWorld(readGcpSettings({}));
  const services = [
    computeService(world),
    recommenderService(world, new Recommendations(world, 0)),
    procurementService(world),
    resourceManagerService(world),
  ];
  return [...new Set(services.flatMap(({ routes }) => routes.map(({ operation }) => operation)))].sort();
}
