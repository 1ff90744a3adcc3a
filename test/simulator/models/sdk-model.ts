import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as costExplorer from "@aws-sdk/client-cost-explorer";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elastiCache from "@aws-sdk/client-elasticache";
import * as memoryDb from "@aws-sdk/client-memorydb";
import * as openSearch from "@aws-sdk/client-opensearch";
import * as organizations from "@aws-sdk/client-organizations";
import * as rds from "@aws-sdk/client-rds";
import * as redshift from "@aws-sdk/client-redshift";
import * as serverless from "@aws-sdk/client-redshift-serverless";
import * as plans from "@aws-sdk/client-savingsplans";
import * as sts from "@aws-sdk/client-sts";

/** An installed package of the SDK: what it exports, and its declarations. */
export interface Sdk {
  readonly name: string;
  readonly exported: object;
  /** The declarations of the package's models, as one text. */
  declarations(): string;
}

function sdk(name: string, exported: object): Sdk {
  let text: string | undefined;
  return {
    name,
    exported,
    declarations() {
      text ??= readDeclarations(`@aws-sdk/client-${name}`);
      return text;
    },
  };
}

function readDeclarations(packageName: string): string {
  const main = createRequire(import.meta.url).resolve(packageName);
  const folder = join(dirname(main), "../dist-types/models");
  return readdirSync(folder)
    .filter((file) => file.startsWith("models_"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
}

/** The package of each simulated service, by the service's name in the ledger. */
export const SDKS: Readonly<Record<string, Sdk>> = {
  "aws.cost-explorer": sdk("cost-explorer", costExplorer),
  "aws.ec2": sdk("ec2", ec2),
  "aws.elasticache": sdk("elasticache", elastiCache),
  "aws.memorydb": sdk("memorydb", memoryDb),
  "aws.opensearch": sdk("opensearch", openSearch),
  "aws.organizations": sdk("organizations", organizations),
  "aws.rds": sdk("rds", rds),
  "aws.redshift": sdk("redshift", redshift),
  "aws.redshift-serverless": sdk("redshift-serverless", serverless),
  "aws.savings-plans": sdk("savingsplans", plans),
  "aws.sts": sdk("sts", sts),
};

/** The SDK's form of a model: `[3, namespace, name, traits, memberNames, members, required]` for a structure. */
type Schema = readonly unknown[] | number | string | (() => Schema);
interface Traits {
  readonly xmlName?: string;
  readonly jsonName?: string;
}

interface Member {
  /** The name in the SDK. */
  readonly name: string;
  readonly schema: Schema;
  readonly traits: Traits;
}

/** A model of one package. */
export interface Model {
  readonly sdk: Sdk;
  readonly schema: Schema;
}

/** The models of an operation's request and answer. */
export function modelsOf(sdk: Sdk, operation: string): { readonly request: Model; readonly answer: Model } {
  const schema = Reflect.get(sdk.exported, `${operation}$`) as readonly unknown[] | undefined;
  if (schema === undefined) throw new Error(`the SDK has no model of ${operation}`);
  const model = (ref: unknown): Model => ({ sdk, schema: resolved(ref as Schema).schema });
  return { request: model(schema[4]), answer: model(schema[5]) };
}

/** What a reference stands for, with its traits. */
function resolved(ref: Schema): Omit<Member, "name"> {
  if (typeof ref === "function") return resolved(ref());
  if (Array.isArray(ref) && ref.length === 2) {
    const { schema } = resolved(ref[0] as Schema);
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
      const member = { name, ...resolved(refs[index] ?? 0) };
      return [inSdk ? name : (member.traits.xmlName ?? member.traits.jsonName ?? name), member];
    }),
  );
}

/**
 * The values that the model gives a member, or `undefined` for a member that takes any text.
 *
 * Schemas call an enum a text, so the declaration of the structure names the enum, and the package exports its values.
 */
export function enumOf(
  { declarations, exported }: Sdk,
  structure: string,
  member: string,
): readonly string[] | undefined {
  const text = declarations();
  const begin = text.indexOf(`export interface ${structure} {`);
  if (begin < 0) return undefined;
  const body = text.slice(begin, text.indexOf("\n}", begin));
  const [, type = ""] = new RegExp(`^    ${member}\\??: (\\w+)(?:\\[\\])?(?: \\| undefined)?;`, "m").exec(body) ?? [];
  const values: unknown = Reflect.get(exported, type);
  return typeof values === "object" && values !== null ? Object.values(values as Record<string, string>) : undefined;
}

/** The members of a structure that have an enum. */
export function enumMembersOf(sdk: Sdk, structure: string): readonly string[] {
  const schema = Reflect.get(sdk.exported, `${structure}$`) as readonly unknown[] | undefined;
  if (schema === undefined) throw new Error(`the SDK has no model of ${structure}`);
  return (schema[4] as readonly string[]).filter((member) => enumOf(sdk, structure, member) !== undefined);
}

/**
 * The paths of everything in a value that its model does not have: unknown members, missing ones that it requires, and
 * texts that are not in its enums.
 */
export function* strangers(value: unknown, model: Model, path: string, inSdk = false): Generator<string> {
  const { sdk, schema } = model;
  if (value === undefined || value === null || value === "") return;
  if (isList(schema)) {
    yield* listStrangers(value, { sdk, schema }, path, inSdk);
    return;
  }
  if (!isStructure(schema) || typeof value !== "object" || value instanceof Date) return;
  const members = membersOf(schema, inSdk);
  for (const [name, inner] of Object.entries(value)) {
    const member = members.get(name);
    if (member === undefined) yield `${path}.${name} is not in the model`;
    else {
      yield* strangers(inner, { sdk, schema: member.schema }, `${path}.${name}`, inSdk);
      yield* unlisted(inner, enumOf(sdk, String(schema[2]), member.name), `${path}.${name}`);
    }
  }
  const required = [...members.keys()].slice(0, typeof schema[6] === "number" ? schema[6] : 0);
  for (const name of required) if (Reflect.get(value, name) === undefined) yield `${path}.${name} is required`;
}

interface ListModel extends Model {
  readonly schema: readonly unknown[];
}

function* listStrangers(value: unknown, { sdk, schema }: ListModel, path: string, inSdk: boolean): Generator<string> {
  const { schema: element, traits } = resolved(schema[4] as Schema);
  // In XML, the elements of a list stand in one of their own.
  const wrapped = typeof value === "object" && value !== null && !Array.isArray(value);
  const inner = wrapped ? Reflect.get(value, traits.xmlName ?? "member") : value;
  if (wrapped && inner === undefined) yield `${path} holds no ${traits.xmlName ?? "member"}`;
  for (const one of [inner].flat()) yield* strangers(one, { sdk, schema: element }, `${path}[]`, inSdk);
}

function* unlisted(value: unknown, values: readonly string[] | undefined, path: string): Generator<string> {
  if (values === undefined) return;
  for (const text of textsIn(value)) if (!values.includes(text)) yield `${path} is "${text}", which is not in the enum`;
}

function textsIn(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  return typeof value === "object" ? Object.values(value).flatMap(textsIn) : [String(value)];
}
