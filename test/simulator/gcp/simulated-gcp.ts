import { type ConnectedGcpSimulator, type GcpSimulatorOptions, startGcpSimulator } from "buyonce/simulator";
import { onTestFinished } from "vitest";

export const PROJECT = "buyer-project-1";
export const OTHER_PROJECT = "other-project-2";
export const REGION = "us-central1";

/** Where the clock of every test stands at first: in the afternoon in UTC, in the morning at UTC-8. */
export const START = Date.UTC(2026, 0, 15, 18);

/** A request id that nothing has used yet. */
export const REQUEST_ID = "6f1c2b0a-7d3e-1c55-9a41-0c9e8d7b6a54";

/** What an insert takes. */
export const COMMITMENT = {
  name: "cud-example-1",
  plan: "TWELVE_MONTH",
  type: "GENERAL_PURPOSE_E2",
  category: "MACHINE",
  resources: [
    { type: "VCPU", amount: "4" },
    { type: "MEMORY", amount: "16384" },
  ],
} as const;

/** A simulator that ends with the test, and whose clock moves only when told. */
export async function simulatedGcp(options: GcpSimulatorOptions = {}) {
  const simulator = await startGcpSimulator({ clock: { now: () => START }, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** What tests look into, of whichever answer: each has some of it. */
interface AnswerBody {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly region: string;
  readonly targetId: string;
  readonly targetLink: string;
  readonly user: string;
  readonly items?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
  readonly recommendations: readonly [ShownRecommendation, ...ShownRecommendation[]];
  readonly etag: string;
  readonly stateInfo: { readonly state: string };
  readonly error?: {
    readonly status?: string;
    readonly message?: string;
    readonly errors?: readonly [{ readonly reason: string }];
  };
}

/** What tests look into of a recommendation. */
export interface ShownRecommendation {
  readonly name: string;
  readonly etag: string;
}

/** An answer, with the JSON of its body. */
export interface Answer<Body = AnswerBody> {
  readonly status: number;
  readonly body: Body;
}

/** How to ask: what differs from a GET by nobody in particular. */
export interface Asking {
  readonly method?: "GET" | "POST" | "PATCH";
  readonly body?: unknown;
  readonly bearer?: string;
}

/** Sends a request as it stands. */
export async function ask({ url }: ConnectedGcpSimulator, path: string, asking: Asking = {}): Promise<Answer> {
  const { method = "GET", body, bearer } = asking;
  const response = await fetch(url + path, {
    method,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(bearer !== undefined && { headers: { authorization: `Bearer ${bearer}` } }),
  });
  return { status: response.status, body: (await response.json()) as AnswerBody };
}

/** The path of a project's resources in one region of Compute Engine. */
export function compute(rest: string, { project = PROJECT, region = REGION } = {}): string {
  return `/compute/v1/projects/${project}/regions/${region}/${rest}`;
}

interface Insert {
  readonly requestId?: string;
  readonly resource?: object;
  readonly project?: string;
  readonly region?: string;
}

/** Asks for the commitment of all tests, with other fields where given. */
export function insert(simulator: ConnectedGcpSimulator, { requestId, resource, ...place }: Insert = {}) {
  const query = requestId === undefined ? "" : `?requestId=${requestId}`;
  const body = { ...COMMITMENT, ...resource };
  return ask(simulator, compute(`commitments${query}`, place), { method: "POST", body });
}

export function get(simulator: ConnectedGcpSimulator, name: string = COMMITMENT.name) {
  return ask(simulator, compute(`commitments/${name}`));
}

/** The names on the first page of a listing. */
export async function listedNames(simulator: ConnectedGcpSimulator, query = ""): Promise<string[]> {
  const { body } = await ask(simulator, compute(`commitments${query}`));
  return (body.items ?? []).map((item) => item.name);
}
