import { readFileSync } from "node:fs";

/** What the SDK knows of one value on the wire. */
export interface Mapper {
  readonly serializedName?: string;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly type: {
    readonly name: string;
    readonly className?: string;
    readonly modelProperties?: Readonly<Record<string, Mapper>>;
    readonly element?: Mapper;
    readonly value?: Mapper;
    readonly allowedValues?: readonly string[];
  };
}

/** Whether a body is sent or answered: what is read-only is never sent. */
export type Direction = "request" | "answer";

/** The models of an installed package of the Azure SDK, by name. */
export class AzureModels {
  readonly #mappers: Readonly<Record<string, Mapper>>;
  readonly #parameters: string;

  private constructor(mappers: Readonly<Record<string, Mapper>>, parameters: string) {
    this.#mappers = mappers;
    this.#parameters = parameters;
  }

  /** The package exports no models, so the file that holds them is loaded as it is. */
  static async of(name: string): Promise<AzureModels> {
    const sourceOf = (file: string) => {
      const path = `../../node_modules/${name}/dist-esm/src/models/${file}.js`;
      return readFileSync(new URL(path, import.meta.url), "utf8");
    };
    const mappers = await import(`data:text/javascript,${encodeURIComponent(sourceOf("mappers"))}`);
    return new AzureModels(mappers as Readonly<Record<string, Mapper>>, sourceOf("parameters"));
  }

  /** The pattern that a parameter of a path has to match. */
  patternOf(parameter: string): RegExp {
    const [, pattern] = new RegExp(`${parameter} = \\{[^;]*?new RegExp\\("(.+?)"\\)`).exec(this.#parameters) ?? [];
    if (pattern === undefined) throw new Error(`the SDK states no pattern of ${parameter}`);
    return new RegExp(JSON.parse(`"${pattern}"`) as string);
  }

  /** Where a body is not what the model says, each as its place and what is wrong. */
  problems(model: string, body: unknown, direction: Direction): readonly string[] {
    return this.#problems({ type: { name: "Composite", className: model } }, body, { at: model, direction });
  }

  #problems(mapper: Mapper, value: unknown, place: Place): readonly string[] {
    if (value === null) return mapper.required === true ? [`${place.at} is null`] : [];
    const { type } = mapper;
    if (type.name === "Composite") return this.#problemsOfComposite(type, value, place);
    if (type.name === "Sequence" || type.name === "Dictionary") return this.#problemsOfMembers(mapper, value, place);
    return isOf(type, value) ? [] : [`${place.at} is no ${type.name}`];
  }

  #problemsOfMembers({ type }: Mapper, value: unknown, place: Place): readonly string[] {
    const isList = type.name === "Sequence";
    const member = isList ? type.element : type.value;
    if (typeof value !== "object" || Array.isArray(value) !== isList || member === undefined)
      return [`${place.at} is no ${type.name}`];
    return Object.values(value ?? {}).flatMap((one) => this.#problems(member, one, inside(place, "[]")));
  }

  #problemsOfComposite(type: Mapper["type"], value: unknown, place: Place): readonly string[] {
    const { modelProperties = this.#mappers[type.className ?? ""]?.type.modelProperties } = type;
    if (modelProperties === undefined) return [`${place.at}: the SDK has no model ${type.className}`];
    const members = Object.values(modelProperties).map((mapper) => ({ path: pathOf(mapper), mapper }));
    return this.#problemsOfObject(members, value, place);
  }

  #problemsOfObject(members: readonly Member[], value: unknown, place: Place): readonly string[] {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${place.at} is no object`];
    const missing = members.filter(
      ({ path: [name = "", ...rest], mapper }) => rest.length === 0 && mapper.required === true && !(name in value),
    );
    return [
      ...missing.map(({ path }) => `${place.at}.${path.join(".")} is missing`),
      ...Object.entries(value).flatMap(([name, one]) => this.#problemsOfMember(members, [name, one], place)),
    ];
  }

  #problemsOfMember(members: readonly Member[], [name, value]: [string, unknown], place: Place): readonly string[] {
    const within = inside(place, `.${name}`);
    const named = members.filter(({ path: [first] }) => first === name);
    const whole = named.find(({ path }) => path.length === 1)?.mapper;
    if (value === undefined) return [];
    if (named.length === 0) return [`${within.at} is not known`];
    if (whole?.readOnly === true && place.direction === "request") return [`${within.at} is read-only`];
    if (whole !== undefined) return this.#problems(whole, value, within);
    const deeper = named.map(({ path: [, ...path], mapper }) => ({ path, mapper }));
    return this.#problemsOfObject(deeper, value, within);
  }
}

interface Place {
  readonly at: string;
  readonly direction: Direction;
}

interface Member {
  readonly path: readonly string[];
  readonly mapper: Mapper;
}

const inside = ({ at, direction }: Place, part: string): Place => ({ at: at + part, direction });

const pathOf = ({ serializedName = "" }: Mapper): readonly string[] =>
  serializedName.split(/(?<!\\)\./).map((part) => part.replaceAll("\\", ""));

function isOf({ name, allowedValues = [] }: Mapper["type"], value: unknown): boolean {
  switch (name) {
    case "Number":
      return typeof value === "number";
    case "Boolean":
      return typeof value === "boolean";
    case "Date":
    case "DateTime":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
    case "Enum":
      return allowedValues.some((allowed) => allowed === value);
    default:
      return typeof value === "string";
  }
}
