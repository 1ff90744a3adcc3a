import { knownOf, type Need, permissionsOf, purposeOfWrite, type Service } from "./permission.js";
import { type RecordedStep, recordedAdapters, recordedSteps } from "./recorded-requests.js";

/** The adapters of Azure, by their golden files, and what they buy. */
const SERVICES: Readonly<Record<string, Pick<Service, "title" | "id">>> = {
  "azure.reservations": { title: "Reservations (`azure.reservations`), flow `alias`", id: "reservations" },
  "azure.reservations.calculated": {
    title: "Reservations (`azure.reservations`), flow `calculated`",
    id: "calculated reservations",
  },
  "azure.savings-plans": { title: "Savings plans (`azure.savings-plans`)", id: "savings plans" },
};

/** What each adapter of Azure needs, and what the sources of recommendations need. */
export function azureServices(): readonly Service[] {
  const adapters = recordedAdapters("azure").map((adapter) => {
    const steps = recordedSteps(`azure/golden/${adapter}.http`);
    const needs = steps.flatMap((recorded) => needsOf(recorded, recorded.step));
    return { ...knownOf(SERVICES, adapter), permissions: permissionsOf(needs) };
  });
  const sources = recordedSteps("azure/recommendations/golden/azure.recommendations.http");
  const needs = sources.flatMap((recorded) => needsOf(recorded, recorded.scenario));
  return [...adapters, { title: "Recommendations", id: "recommendations", permissions: permissionsOf(needs) }];
}

const needsOf = (recorded: RecordedStep, step: string): readonly Need[] =>
  recorded.requests.map((text) => {
    const [method = "", path = ""] = text.split("\n", 1)[0]?.split(" ") ?? [];
    const types = typesOf(path);
    // The POSTs of the adapters calculate prices and judge purchases. They change nothing.
    const purpose = method === "PUT" ? purposeOfWrite(recorded.step) : "read";
    return { name: `${types}/${verbOf(method)}`, purpose, operation: `${method} ${types}`, step };
  });

function verbOf(method: string): string {
  const verb = { GET: "read", PUT: "write", POST: "action" }[method];
  if (verb === undefined) throw new Error(`which right does ${method} need?`);
  return verb;
}

/** The types of resources in a path, after its last provider: types and names alternate. */
function typesOf(path: string): string {
  const [, provided] = path.replace(/\?.*/, "").split("/providers/").slice(-2);
  if (provided === undefined) {
    if (!/^\/subscriptions(\?|$)/.test(path)) throw new Error(`whose resource is ${path}?`);
    return "Microsoft.Resources/subscriptions";
  }
  const [namespace, ...segments] = provided.split("/");
  return [namespace, ...segments.filter((_, index) => index % 2 === 0)].join("/");
}
