import * as ec2 from "@aws-sdk/client-ec2";
import * as elastiCache from "@aws-sdk/client-elasticache";
import * as memoryDb from "@aws-sdk/client-memorydb";
import * as openSearch from "@aws-sdk/client-opensearch";
import * as rds from "@aws-sdk/client-rds";
import * as redshift from "@aws-sdk/client-redshift";
import * as serverless from "@aws-sdk/client-redshift-serverless";
import * as plans from "@aws-sdk/client-savingsplans";
import { XMLParser } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { ADAPTERS, type Adapter } from "../providers/aws/every-adapter.js";
import { ACCOUNT, context, permitFor, simulated, TOKEN } from "../providers/aws/simulated-line.js";

/*
 * Requests of the adapters and answers of the simulated AWS, held against the models that the installed SDKs carry: a
 * member that is not in the model is a word that AWS does not know, and the SDK would pass over it in silence.
 */

const SDKS: Readonly<Record<string, object>> = {
  "aws.ec2": ec2,
  "aws.ec2-capacity-blocks": ec2,
  "aws.ec2-dedicated-hosts": ec2,
  "aws.elasticache": elastiCache,
  "aws.memorydb": memoryDb,
  "aws.opensearch": openSearch,
  "aws.rds": rds,
  "aws.redshift": redshift,
  "aws.redshift-serverless": serverless,
  "aws.savings-plans": plans,
};

/** The SDK's form of a model: `[3, namespace, name, traits, memberNames, members, required]` for a structure. */
type Schema = readonly unknown[] | number | string | (() => Schema);
interface Traits {
  readonly xmlName?: string;
  readonly jsonName?: string;
}

interface Member {
  readonly schema: Schema;
  readonly traits: Traits;
}

/** A member of a model with its traits. */
function memberOf(ref: Schema): Member {
  if (typeof ref === "function") return memberOf(ref());
  if (Array.isArray(ref) && ref.length === 2) {
    const { schema } = memberOf(ref[0] as Schema);
    return { schema, traits: (typeof ref[1] === "object" ? ref[1] : {}) as Traits };
  }
  return { schema: ref, traits: {} };
}

const isStructure = (schema: Schema): schema is readonly unknown[] => Array.isArray(schema) && schema[0] === 3;
const isList = (schema: Schema): schema is readonly unknown[] => Array.isArray(schema) && schema[0] === 1;

/** The members of a structure, by their names on the wire or in the SDK. */
function membersOf(structure: readonly unknown[], inSdk: boolean): ReadonlyMap<string, Member> {
  const names = structure[4] as readonly string[];
  const refs = structure[5] as readonly Schema[];
  return new Map(
    names.map((name, index) => {
      const member = memberOf(refs[index] ?? 0);
      return [inSdk ? name : (member.traits.xmlName ?? member.traits.jsonName ?? name), member];
    }),
  );
}

/** The paths of everything in a value that its model does not have, and of what the model requires and it lacks. */
function* strangers(value: unknown, schema: Schema, path: string, inSdk = false): Generator<string> {
  if (value === undefined || value === null || value === "") return;
  if (isList(schema)) {
    yield* listStrangers(value, schema, path, inSdk);
    return;
  }
  if (!isStructure(schema) || typeof value !== "object" || value instanceof Date) return;
  const members = membersOf(schema, inSdk);
  for (const [name, inner] of Object.entries(value)) {
    const member = members.get(name);
    if (member === undefined) yield `${path}.${name} is not in the model`;
    else yield* strangers(inner, member.schema, `${path}.${name}`, inSdk);
  }
  const required = [...members.keys()].slice(0, typeof schema[6] === "number" ? schema[6] : 0);
  for (const name of required) if (Reflect.get(value, name) === undefined) yield `${path}.${name} is required`;
}

function* listStrangers(value: unknown, schema: readonly unknown[], path: string, inSdk: boolean): Generator<string> {
  const { schema: element, traits } = memberOf(schema[4] as Schema);
  // In XML, the elements of a list stand in one of their own.
  const wrapped = typeof value === "object" && value !== null && !Array.isArray(value);
  const inner = wrapped ? Reflect.get(value, traits.xmlName ?? "member") : value;
  if (wrapped && inner === undefined) yield `${path} holds no ${traits.xmlName ?? "member"}`;
  for (const one of [inner].flat()) yield* strangers(one, element, `${path}[]`, inSdk);
}

/** One call of an adapter, as the SDK took it and as the simulator answered it. */
interface Call {
  readonly operation: string;
  readonly input: object;
  readonly body: string;
}

/** Everything that an adapter asks for one purchase. */
async function callsOf(adapter: Adapter): Promise<readonly Call[]> {
  const { simulator, clock } = await simulated();
  const { request } = adapter;
  const region = request.region === "global" ? "us-east-1" : request.region;
  const { client, provider } = adapter.open({
    endpoint: simulator.url,
    region,
    credentials: simulator.credentialsFor(ACCOUNT),
  });
  const calls: Call[] = [];
  watch(client as unknown as Watched, calls);
  const asked = context({ now: clock.now() });
  const prepared = await provider.prepare(request, TOKEN, asked);
  const outcome = await provider.purchase(permitFor(request, prepared, clock.now()), asked);
  if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
  await provider.lookup(request, TOKEN, { ...asked, prepared });
  await provider.inventory?.(request, TOKEN, { ...asked, prepared });
  await provider.label?.({ adopted: false, ...outcome.commitment }, TOKEN, { ...asked, prepared, request });
  return calls;
}

type Watched = Pick<ec2.EC2Client, "middlewareStack">;

function watch({ middlewareStack }: Watched, calls: Call[]): void {
  const inputs = new Map<string, object>();
  middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        inputs.set(commandName, args.input);
        return next(args);
      },
    { step: "initialize" },
  );
  middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const answer = await next(args);
        const response = answer.response as { statusCode: number; body: AsyncIterable<Uint8Array> };
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        const body = Buffer.concat(chunks);
        Object.assign(response, { body });
        const operation = commandName.replace(/Command$/, "");
        if (response.statusCode < 300)
          calls.push({ operation, input: inputs.get(commandName) ?? {}, body: body.toString() });
        return answer;
      },
    { step: "deserialize", priority: "low" },
  );
}

/** The members of an answer, without what the protocol wraps around them. */
function membersIn({ operation, body }: Call): object {
  if (!body.startsWith("<")) return JSON.parse(body) as object;
  const parsed = new XMLParser().parse(body) as Record<string, Record<string, unknown>>;
  const { requestId: _, ResponseMetadata: _metadata, ...answer } = parsed[`${operation}Response`] ?? {};
  const result = answer[`${operation}Result`];
  return typeof result === "object" && result !== null ? result : answer;
}

/** The models of an operation's request and answer. */
function modelsOf(adapter: Adapter, operation: string) {
  const schema = Reflect.get(SDKS[adapter.service] ?? {}, `${operation}$`) as readonly unknown[] | undefined;
  if (schema === undefined) throw new Error(`the SDK has no model of ${operation}`);
  return { request: memberOf(schema[4] as Schema).schema, answer: memberOf(schema[5] as Schema).schema };
}

describe.each(ADAPTERS)("$service", (adapter) => {
  test("sends and is answered nothing but what the SDK's model has", async () => {
    const calls = await callsOf(adapter);
    const found = calls.flatMap((call) => {
      const { request, answer } = modelsOf(adapter, call.operation);
      return [
        ...strangers(call.input, request, `${call.operation} request`, true),
        ...strangers(membersIn(call), answer, `${call.operation} answer`),
      ];
    });
    expect([...new Set(found)]).toEqual([]);
    expect(calls.map(({ operation }) => operation)).toContain(adapter.purchase);
  });
});

test("finds a member that is not in the model, and one that is required", () => {
  const { request, answer } = modelsOf(ADAPTERS[0] as Adapter, "PurchaseReservedInstancesOffering");
  expect([...strangers({ reservedInstancesID: "x" }, answer, "answer")]).toEqual([
    "answer.reservedInstancesID is not in the model",
  ]);
  expect([...strangers({ InstanceCount: 1 }, request, "request", true)]).toEqual([
    "request.ReservedInstancesOfferingId is required",
  ]);
});
