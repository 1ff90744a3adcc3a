import { knownOf, type Need, permissionsOf, purposeOfWrite, type Service } from "./permission.js";
import { type RecordedStep, recordedAdapters, recordedSteps } from "./recorded-requests.js";

/**
 * The permission of each operation, as the reference of its method states it: Compute Engine, the Consumer Procurement
 * API, the Recommender, the Resource Manager.
 */
const PERMISSIONS: Readonly<Record<string, string>> = {
  GetCommitment: "compute.commitments.get",
  InsertCommitment: "compute.commitments.create",
  ListCommitments: "compute.commitments.list",
  GetRegionOperation: "compute.regionOperations.get",
  ListRegions: "compute.regions.list",
  GetRecommendation: "recommender.usageCommitmentRecommendations.get",
  MarkRecommendationClaimed: "recommender.usageCommitmentRecommendations.update",
  MarkRecommendationSucceeded: "recommender.usageCommitmentRecommendations.update",
  MarkRecommendationFailed: "recommender.usageCommitmentRecommendations.update",
  SearchProjects: "resourcemanager.projects.get",
  GetOrder: "consumerprocurement.orders.get",
  GetOrderOperation: "consumerprocurement.orders.get",
  ListOrders: "consumerprocurement.orders.list",
  ModifyOrder: "consumerprocurement.orders.modify",
  PlaceOrder: "consumerprocurement.orders.place",
};

/** The permission to list recommendations, by the recommender that a path names. */
const RECOMMENDERS: Readonly<Record<string, string>> = {
  "google.compute.commitment.UsageCommitmentRecommender": "recommender.usageCommitmentRecommendations.list",
  "google.cloudbilling.commitment.SpendBasedCommitmentRecommender":
    "recommender.spendBasedCommitmentRecommendations.list",
};

const READS = /^(?:Get|List|Search)/;

/** The adapters of Google Cloud, by their golden files, and what they buy. */
const SERVICES: Readonly<Record<string, Omit<Service, "permissions">>> = {
  "gcp.compute": {
    title: "Compute Engine committed use discounts (`gcp.compute`)",
    id: "compute commitments",
    note: `The permissions of the recommender are needed if lines follow recommendations, and \`compute.commitments.list\` if
\`clientFor\` returns clients that can list. A line that makes or attaches reservations needs permissions for these as well.
They do not stand here. Google names the role Compute Admin for such purchases.`,
  },
  "gcp.spend": {
    title: "Spend-based committed use discounts (`gcp.spend`)",
    id: "spend commitments",
    note: "They are needed on the billing account. Make the roles in the organization.",
  },
};

/** What each adapter of Google Cloud needs, and what the sources of recommendations need. */
export function googleServices(): readonly Service[] {
  const adapters = recordedAdapters("gcp").map((adapter) => {
    const steps = recordedSteps(`gcp/golden/${adapter}.http`);
    const needs = steps.flatMap((recorded) => needsOf(recorded, recorded.step));
    return { ...knownOf(SERVICES, adapter), permissions: permissionsOf(needs) };
  });
  const sources = recordedSteps("gcp/recommendations/golden/gcp.recommendations.http");
  const needs = sources.flatMap((recorded) => needsOf(recorded, recorded.scenario));
  const note = "Those of spend-based commitments are needed on the billing account, all others on each project.";
  return [...adapters, { title: "Recommendations", id: "recommendations", permissions: permissionsOf(needs), note }];
}

const needsOf = (recorded: RecordedStep, step: string): readonly Need[] =>
  recorded.operations.map((operation) => ({
    name: permissionOf(operation, recorded.requests),
    purpose: purposeOf(operation, recorded.step),
    operation,
    step,
  }));

/** A recommendation is marked before a purchase and after it, with one permission. */
const purposeOf = (operation: string, step: string) => {
  if (READS.test(operation)) return "read";
  return operation.startsWith("MarkRecommendation") ? "buy" : purposeOfWrite(step);
};

function permissionOf(operation: string, requests: readonly string[]): string {
  const found = operation === "ListRecommendations" ? recommenderOf(requests) : PERMISSIONS[operation];
  if (found === undefined) throw new Error(`which permission does ${operation} need?`);
  return found;
}

const recommenderOf = (requests: readonly string[]): string | undefined =>
  Object.entries(RECOMMENDERS).find(([name]) => requests.some((text) => text.includes(`/recommenders/${name}/`)))?.[1];
