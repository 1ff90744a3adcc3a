import { readFileSync } from "node:fs";

/** A message, an enum, a service or a package, in the form in which Google's clients carry their models. */
export interface Model {
  readonly nested?: Readonly<Record<string, Model>>;
  readonly fields?: Readonly<Record<string, Field>>;
  readonly oneofs?: Readonly<Record<string, { readonly oneof: readonly string[] }>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly methods?: Readonly<Record<string, Method>>;
}

interface Field {
  readonly type: string;
  readonly rule?: "repeated";
  /** The field is a map with keys of this type. */
  readonly keyType?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

interface Method {
  readonly requestType: string;
  readonly responseType: string;
  readonly parsedOptions?: readonly Readonly<Record<string, unknown>>[];
}

/** How a method goes over HTTP: its template by its verb, and which field is the body. `*`: all that are not in the path. */
interface Binding {
  readonly body?: string;
  readonly additional_bindings?: Binding | readonly Binding[];
  readonly [verb: string]: unknown;
}

/** A method of a service, as a request calls it. */
export interface Call {
  /** Such as `RegionCommitments.Insert`. */
  readonly name: string;
  readonly requestType: string;
  readonly responseType: string;
  readonly body: string | undefined;
  /** What the path says. */
  readonly inPath: Readonly<Record<string, string>>;
}

/** Whether a message is sent or answered: what the service alone states is never sent. */
export type Direction = "request" | "answer";

interface Place {
  readonly at: string;
  readonly direction: Direction;
  /** The full name of the message around. */
  readonly scope: string;
}

const VERBS = ["get", "post", "patch", "put", "delete"] as const;
const BEHAVIOR = "(google.api.field_behavior)";

/** Models of Google's APIs. */
export class GoogleModels {
  readonly #roots: readonly Model[];

  constructor(...roots: readonly Model[]) {
    this.#roots = roots;
  }

  /** The models that an installed package carries, by their paths in it. */
  static of(...paths: readonly string[]): GoogleModels {
    const read = (path: string) => readFileSync(new URL(`../../node_modules/${path}`, import.meta.url), "utf8");
    return new GoogleModels(...paths.map((path) => JSON.parse(read(path)) as Model));
  }

  /** These models and those of others. */
  with(...others: readonly Model[]): GoogleModels {
    return new GoogleModels(...others, ...this.#roots);
  }

  /** The values of an enum, apart from the one that stands for none. */
  valuesOf(name: string): readonly string[] {
    return Object.keys(this.#model(name)?.values ?? {}).filter((value) => !isNone(value));
  }

  /** The method of one of these services that a request calls. */
  callOf(services: readonly string[], { method, path }: { readonly method: string; readonly path: string }) {
    for (const service of services)
      for (const [name, rpc] of Object.entries(this.#model(service)?.methods ?? {}))
        for (const { template, body } of bindingsOf(rpc, method)) {
          const match = patternOf(template).exec(path);
          if (match !== null) return this.#call(service, [name, rpc], { body, groups: match.groups ?? {} });
        }
    return undefined;
  }

  /** Where a message is not what its model says, each as its place and what is wrong. */
  problems(message: string, value: unknown, direction: Direction): readonly string[] {
    const at = message.slice(message.lastIndexOf(".") + 1);
    return this.#problems({ type: message }, value, { at, direction, scope: message });
  }

  /** The fields of a query as the values that they stand for. */
  fromQuery(message: string, query: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
    const fields = this.#model(message)?.fields ?? {};
    const isNumber = (name: string) => /^(u?int32|double|float)$/.test(fields[name]?.type ?? "");
    return Object.fromEntries(
      Object.entries(query).map(([name, text]) => [name, isNumber(name) ? Number(text) : text]),
    );
  }

  #call(
    service: string,
    [name, rpc]: [string, Method],
    { body, groups }: { body: string | undefined; groups: object },
  ) {
    const scope = service.slice(0, service.lastIndexOf("."));
    const call: Call = {
      name: `${service.slice(service.lastIndexOf(".") + 1)}.${name}`,
      requestType: this.#fullName(rpc.requestType, scope),
      responseType: this.#fullName(rpc.responseType, scope),
      body: body === undefined ? undefined : camelCased(body),
      inPath: { ...groups },
    };
    return call;
  }

  #model(name: string): Model | undefined {
    const parts = name.split(".");
    const found = this.#roots.map((root) =>
      parts.reduce<Model | undefined>((model, part) => model?.nested?.[part], root),
    );
    return found.find((model) => model !== undefined);
  }

  /** A name is looked for in the message that uses it, and in what is around it. */
  #fullName(name: string, scope: string): string {
    const parts = scope === "" ? [] : scope.split(".");
    const candidates = parts.map((_, index) => [...parts.slice(0, parts.length - index), name].join("."));
    return [...candidates, name].find((candidate) => this.#model(candidate) !== undefined) ?? name;
  }

  #problems(field: Field, value: unknown, place: Place): readonly string[] {
    if (field.rule === "repeated") {
      if (!Array.isArray(value)) return [`${place.at} is no list`];
      return value.flatMap((one) => this.#problemsOfOne(field.type, one, { ...place, at: `${place.at}[]` }));
    }
    if (field.keyType === undefined) return this.#problemsOfOne(field.type, value, place);
    if (!isObject(value)) return [`${place.at} is no map`];
    return Object.values(value).flatMap((one) =>
      this.#problemsOfOne(field.type, one, { ...place, at: `${place.at}{}` }),
    );
  }

  #problemsOfOne(type: string, value: unknown, place: Place): readonly string[] {
    if (type === "google.protobuf.Any") return this.#problemsOfAny(value, place);
    const scalar = SCALARS[type];
    if (scalar !== undefined) return scalar(value) ? [] : [`${place.at} is no ${type}`];
    const name = this.#fullName(type, place.scope);
    const { values, fields } = this.#model(name) ?? {};
    if (values !== undefined) return isValue(values, value) ? [] : [`${place.at} is no ${type}`];
    if (fields === undefined) return [`${place.at}: there is no model ${type}`];
    if (!isObject(value)) return [`${place.at} is no object`];
    return this.#problemsOfMessage(name, value, place);
  }

  #problemsOfAny(value: unknown, { at, direction }: Place): readonly string[] {
    const { "@type": url, ...fields } = isObject(value) ? value : { "@type": undefined };
    if (typeof url !== "string") return [`${at} states no @type`];
    const scope = url.slice(url.lastIndexOf("/") + 1);
    return this.#problemsOfOne(scope, fields, { at, direction, scope });
  }

  #problemsOfMessage(name: string, value: Record<string, unknown>, { at, direction }: Place): readonly string[] {
    const { fields = {}, oneofs = {}, nested = {} } = this.#model(name) ?? {};
    const stated = Object.keys(value).filter((key) => value[key] !== undefined);
    const missing = Object.keys(fields).filter(
      (key) => fields[key]?.options?.[BEHAVIOR] === "REQUIRED" && !stated.includes(key),
    );
    const several = Object.values(oneofs).filter(({ oneof }) => oneof.filter((key) => stated.includes(key)).length > 1);
    return [
      ...missing.map((key) => `${at}.${key} is missing`),
      ...several.map(({ oneof }) => `${at} states more than one of ${oneof.join(", ")}`),
      ...stated.flatMap((key) => {
        const field = fields[key];
        const within = { at: `${at}.${key}`, direction, scope: name };
        if (field === undefined) return [`${within.at} is not known`];
        if (direction === "request" && field.options?.[BEHAVIOR] === "OUTPUT_ONLY")
          return [`${within.at} is never sent`];
        // Compute Engine has enums as texts; the values stand in an enum of the field's name.
        const values = field.type === "string" ? nested[key.charAt(0).toUpperCase() + key.slice(1)]?.values : undefined;
        if (values !== undefined && !isValue(values, value[key])) return [`${within.at} is none of its values`];
        return this.#problems(field, value[key], within);
      }),
    ];
  }
}

/** The templates of a method for a verb, each with the field that is the body. */
function bindingsOf({ parsedOptions = [] }: Method, method: string) {
  const rules = parsedOptions.flatMap(
    (options) => (options["(google.api.http)"] ?? []) as Binding | readonly Binding[],
  );
  return rules
    .flatMap((rule) => [rule, ...[rule.additional_bindings ?? []].flat()])
    .flatMap((rule) => {
      const verb = VERBS.find((one) => one.toUpperCase() === method && typeof rule[one] === "string");
      return verb === undefined ? [] : [{ template: String(rule[verb]), body: rule.body }];
    });
}

/** The pattern of a template such as `/v1/{name=projects/*}:mark`. */
const patternOf = (template: string): RegExp =>
  new RegExp(
    `^${template.replace(/\{(\w+)(?:=([^}]+))?\}/g, (_, name: string, parts = "*") => {
      return `(?<${camelCased(name)}>${String(parts).replaceAll("*", "[^/]+")})`;
    })}$`,
  );

const camelCased = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isText = (value: unknown): boolean => typeof value === "string";
const isWhole = (value: unknown): boolean => Number.isInteger(value);
/** 64-bit numbers travel as text. */
const isLong = (value: unknown): boolean => typeof value === "string" && /^-?\d+$/.test(value);
const isTime = (value: unknown): boolean => typeof value === "string" && !Number.isNaN(Date.parse(value));

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: isText,
  bytes: isText,
  bool: (value) => typeof value === "boolean",
  double: (value) => typeof value === "number",
  float: (value) => typeof value === "number",
  int32: isWhole,
  uint32: isWhole,
  int64: isLong,
  uint64: isLong,
  "google.protobuf.Timestamp": isTime,
  "google.protobuf.Duration": (value) => typeof value === "string" && /^\d+(\.\d+)?s$/.test(value),
  "google.protobuf.Struct": isObject,
  "google.protobuf.Value": () => true,
};

/** Enums go by name or by number, and the value that stands for none is never stated. */
const isValue = (values: Readonly<Record<string, number>>, value: unknown): boolean =>
  Object.entries(values).some(([name, number]) => !isNone(name) && (value === name || value === number));

const isNone = (value: string): boolean => /(^|_)UNSPECIFIED$|^UNDEFINED_|^INVALID$/.test(value);
