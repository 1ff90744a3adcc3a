import type { RDSClient } from "@aws-sdk/client-rds";
import type { AwsSimulatorOptions, Fault, ReservedNodesOffering } from "buyonce/simulator";
import { onTestFinished } from "vitest";
import type { Prepared } from "../../../src/domain/evidence.js";
import { reservationId } from "../../../src/idempotency/token-formats.js";
import type { ProviderContext } from "../../../src/providers/commitment-provider.js";
import type { NamedClient, NamedRequest, NamedService, Settings } from "./named-services.js";
import { ACCOUNT, context, permitFor, type Simulated, seen, simulated, TOKEN } from "./simulated-line.js";

/** The first name of the line, and those that retries add. */
export const NAME = reservationId("buyonce-", TOKEN);
export const NAME_2 = `${NAME}-2`;
export const NAME_3 = `${NAME}-3`;

/** For which line something is asked, by default that of the tests, and in which context. */
export interface Asking extends Partial<ProviderContext> {
  readonly request?: NamedRequest;
  readonly token?: string;
}

/** A fault, without the operation it is aimed at. */
export type Trouble<Kind = Fault> = Kind extends Fault ? Omit<Kind, "operation"> : never;

/** A simulator with a client and a provider of the line's account. */
export async function cloudWith(service: NamedService, options: AwsSimulatorOptions = {}, settings: Settings = {}) {
  const cloud = await simulated(options);
  const { client, provider } = openedIn(cloud, service, settings);
  const { operations } = service;
  return {
    ...cloud,
    client,
    provider,
    fault: (fault: Trouble, at: keyof NamedService["operations"] = "purchase") =>
      cloud.simulator.faults.add({ ...fault, operation: operations[at] } as Fault),
    lookup: async ({ request = service.request, token = TOKEN, ...more }: Asking = {}) =>
      provider.lookup(request, token, context({ now: await cloud.simulator.clock.now(), ...more })),
    prepare: ({ request = service.request, token = TOKEN, ...more }: Asking = {}) =>
      provider.prepare(request, token, context({ now: cloud.clock.now(), ...more })),
    purchase: (prepared: Prepared, request: NamedRequest = service.request) =>
      provider.purchase(permitFor(request, prepared, cloud.clock.now()), context({ now: cloud.clock.now() })),
    /** The requests of the service's own operations. */
    asked: (at: keyof NamedService["operations"]) => seen(cloud, operations[at]),
    purchases: () => cloud.simulator.ledger.purchases(),
  };
}
export type NamedCloud = Awaited<ReturnType<typeof cloudWith>>;

/** A client, closed at the end of the test, and a provider that uses it. */
export function openedIn({ simulator }: Pick<Simulated, "simulator">, service: NamedService, settings: Settings = {}) {
  const { account = ACCOUNT, region = "us-east-1" } = settings;
  const target = { endpoint: simulator.url, region, credentials: simulator.credentialsFor(account) };
  const opened = service.open(target, settings);
  onTestFinished(() => opened.client.destroy());
  return opened;
}

/** Prepares and buys; what the purchase was prepared with. */
export async function bought(cloud: NamedCloud, asking: Asking = {}): Promise<Prepared> {
  const prepared = await cloud.prepare(asking);
  const outcome = await cloud.purchase(prepared, asking.request);
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  return prepared;
}

/** An offering like the one of the line. */
export const offeringLike = (
  { service, offering }: NamedService,
  more: Partial<ReservedNodesOffering> = {},
): ReservedNodesOffering => ({
  service,
  offeringId: "00000000-0000-4000-8000-000000000001",
  region: "us-east-1",
  offeringType: "All Upfront",
  durationSeconds: 31_536_000,
  hourlyPrice: 0,
  ...offering,
  ...more,
});

/** The option of a simulator that sells nothing else. */
export const sellingOnly = (...reservedNodes: readonly ReservedNodesOffering[]) => ({
  offerings: { replace: true, reservedNodes },
});

/** What a field of an answer is made to state; `undefined` for nothing at all. */
export type Restated = Readonly<Record<string, string | number | undefined>>;

/** Makes a cloud of the simulator that states these fields so, wherever they stand in its answers to an operation. */
export function restate(client: NamedClient, operation: string, fields: Restated): void {
  rewrite(client, operation, (body) =>
    Object.entries(fields).reduce((text, [name, value]) => stating(text, name, value), body),
  );
}

/** Makes a cloud of the simulator that answers an operation in other words. */
export function rewrite(client: NamedClient, operation: string, change: (body: string) => string): void {
  stackOf(client).add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName !== `${operation}Command`) return answer;
        const response = answer.response as { body: AsyncIterable<Uint8Array> | Uint8Array };
        response.body = Buffer.from(change(await textOf(response.body)));
        return answer;
      },
    { step: "deserialize", priority: "low" },
  );
}

/** The same fields in XML and in JSON. */
function stating(body: string, name: string, value: Restated[string]): string {
  const element = value === undefined ? "" : `<${name}>${value}</${name}>`;
  return body
    .replaceAll(new RegExp(`<${name}>[^<]*</${name}>`, "g"), element)
    .replaceAll(new RegExp(`"${name}":("[^"]*"|[^",}\\]]+)`, "g"), `"${name}":${JSON.stringify(value ?? null)}`);
}

async function textOf(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<string> {
  const chunks: Uint8Array[] = [];
  if (body instanceof Uint8Array) chunks.push(body);
  else for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Makes a cloud of the simulator that ignores what a listing is asked to leave out. */
export function ignoreFilters(client: NamedClient, operation: string): void {
  stackOf(client).add(
    (next, { commandName }) =>
      (args) =>
        next(commandName === `${operation}Command` ? { ...args, input: pageOnly(args.input) } : args),
    { step: "initialize" },
  );
}

const pageOnly = (input: object) =>
  Object.fromEntries(Object.entries(input).filter(([name]) => ["Marker", "NextToken"].includes(name)));

/** The bodies of an operation's requests, as they go out. */
export function watchBodies(client: NamedClient, operation: string): readonly unknown[] {
  const bodies: unknown[] = [];
  onRequest(client, operation, ({ body }) => bodies.push(body));
  return bodies;
}

/** Sends an operation's requests to a port where nobody listens. */
export function refuseConnections(client: NamedClient, operation: string): void {
  onRequest(client, operation, (request) => Object.assign(request, { port: 1 }));
}

function onRequest(client: NamedClient, operation: string, see: (request: { readonly body?: unknown }) => void): void {
  stackOf(client).add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === `${operation}Command`) see(args.request as object);
        return next(args);
      },
    { step: "finalizeRequest", priority: "low" },
  );
}

const stackOf = (client: NamedClient) => client.middlewareStack as RDSClient["middlewareStack"];
