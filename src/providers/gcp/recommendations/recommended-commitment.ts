import type { Term } from "../../../domain/commitment-request/common.js";
import type { GcpResources } from "../../../domain/commitment-request/gcp-compute.js";
import type { RecommendedOperation } from "./google-recommendation.js";

/** What a recommendation says is to be bought, or why that cannot be read. */
export type RecommendedCommitment =
  | { readonly kind: "commitment"; readonly term: Term; readonly type: string; readonly resources: GcpResources }
  | { readonly kind: "unreadable"; readonly term: Term | null; readonly reason: string };

const COMMITMENT = "compute.googleapis.com/Commitment";
const TERM_OF_PLAN: ReadonlyMap<unknown, Term> = new Map([
  ["TWELVE_MONTH", "1yr"],
  ["THIRTY_SIX_MONTH", "3yr"],
]);

/** What a commitment has besides, without effect on what is bought. The name is Google's proposal. */
const WITHOUT_EFFECT =
  /^\/(name|description|kind|id|selfLink|region|status|statusMessage|creationTimestamp|startTimestamp|endTimestamp)$/;
const RESOURCE = /^\/resources\/(?<index>\d+)\/(?<field>type|amount|acceleratorType)$/;
const DEFAULTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["/category", "MACHINE"],
  ["/autoRenew", false],
]);

/**
 * Reads the commitment that the operations of a recommendation add.
 *
 * Google documents the operations (google.cloud.recommender.v1), and not what those of this recommender hold. Public
 * tools read one operation with the path `/` and a value with `plan`, `type` and `resources`. The same may come in
 * parts, such as with the path `/resources/0/amount`. Anything besides may change what is bought, so it is not passed
 * over: the recommendation then counts as unreadable.
 */
export function recommendedCommitment(operations: readonly RecommendedOperation[]): RecommendedCommitment {
  const stated = statedFields(operations);
  if (typeof stated === "string") return { kind: "unreadable", term: null, reason: stated };
  const term = TERM_OF_PLAN.get(stated.get("/plan")) ?? null;
  const type = stated.get("/type");
  if (term === null) return { kind: "unreadable", term, reason: `it states the plan ${shown(stated.get("/plan"))}` };
  if (typeof type !== "string") return { kind: "unreadable", term, reason: "it states no commitment type" };
  const resources = resourcesIn(stated);
  if (typeof resources === "string") return { kind: "unreadable", term, reason: resources };
  return { kind: "commitment", term, type, resources };
}

type Fields = ReadonlyMap<string, unknown>;

/** All that the operations state of the one commitment, by its path; a text says why they cannot be read. */
function statedFields(operations: readonly RecommendedOperation[]): Fields | string {
  const [first] = operations;
  if (first === undefined) return "it asks for nothing";
  const fields = new Map<string, unknown>();
  for (const { action, resourceType, resource, path, value, isFiltered } of operations) {
    if (resourceType !== COMMITMENT) return `it is about a ${shown(resourceType)} too`;
    if (action !== "add") return `it asks to ${shown(action)} a commitment`;
    if (isFiltered) return "it filters the parts of a commitment";
    if (resource !== first.resource) return "it asks for several commitments at once";
    for (const [at, leaf] of leavesOf(path === "/" ? "" : path, value)) {
      if (fields.has(at)) return `it states ${at} twice`;
      fields.set(at, leaf);
    }
  }
  const odd = [...fields].find(([path, value]) => !isRead(path, value));
  return odd === undefined ? fields : `it states ${odd[0]} as ${shown(odd[1])}`;
}

/** The values in a value that are neither lists nor objects, each by its path. */
function* leavesOf(path: string, value: unknown): Generator<readonly [string, unknown]> {
  if (typeof value !== "object") yield [path, value];
  else if (value !== null)
    for (const [name, member] of Object.entries(value)) yield* leavesOf(`${path}/${name}`, member);
}

const isRead = (path: string, value: unknown): boolean =>
  path === "/plan" ||
  path === "/type" ||
  RESOURCE.test(path) ||
  WITHOUT_EFFECT.test(path) ||
  (DEFAULTS.has(path) && DEFAULTS.get(path) === value);

/** The resources by the names of a line; a text says why they cannot be read. */
function resourcesIn(fields: Fields): GcpResources | string {
  const rows = new Map<string, Map<string, unknown>>();
  for (const [path, value] of fields) {
    const { index = "", field = "" } = RESOURCE.exec(path)?.groups ?? {};
    if (field !== "") rows.set(index, (rows.get(index) ?? new Map()).set(field, value));
  }
  let resources: GcpResources = {};
  for (const row of rows.values()) {
    const amount = wholeAmount(row.get("amount"));
    const type = row.get("type");
    const accelerator = row.get("acceleratorType");
    const added = amount === undefined ? undefined : resourceOf(type, amount, accelerator);
    if (added === undefined) return `it states ${shown(row.get("amount"))} of the resource ${shown(type)}`;
    const twice = Object.keys(added).find((kind) => kind !== "accelerators" && kind in resources);
    if (twice !== undefined) return `it states the resource ${shown(type)} twice`;
    const accelerators = [...(resources.accelerators ?? []), ...(added.accelerators ?? [])];
    resources = { ...resources, ...added, ...(accelerators.length > 0 && { accelerators }) };
  }
  return resources;
}

/** A whole number of at least 1, as text or as a number. */
function wholeAmount(amount: unknown): number | undefined {
  const isWhole = typeof amount === "number" || (typeof amount === "string" && /^\d{1,15}$/.test(amount));
  const count = isWhole ? Number(amount) : 0;
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

function resourceOf(type: unknown, amount: number, accelerator: unknown): GcpResources | undefined {
  if (type === "ACCELERATOR")
    return typeof accelerator === "string" ? { accelerators: [{ type: accelerator, count: amount }] } : undefined;
  if (accelerator !== undefined) return undefined;
  if (type === "VCPU") return { vcpu: amount };
  if (type === "MEMORY") return { memoryMb: amount };
  return type === "LOCAL_SSD" ? { localSsdGb: amount } : undefined;
}

const shown = (value: unknown): string => `"${String(value ?? "").slice(0, 100)}"`;
