const LEAVES: readonly string[] = ["numberValue", "stringValue", "boolValue"];

/**
 * The JSON that a `google.protobuf.Value` stands for. Google's clients give it by its parts, such as
 * `{ "stringValue": "VCPU", "kind": "stringValue" }`. What is JSON already stays as it is.
 */
export function plainValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  if ("structValue" in value) return plainStruct(value["structValue"]);
  if ("listValue" in value) return valuesIn(value["listValue"]).map(plainValue);
  if ("nullValue" in value) return null;
  const leaf = LEAVES.find((name) => name in value);
  return leaf === undefined ? value : value[leaf];
}

/** The JSON that a `google.protobuf.Struct` stands for. What is JSON already stays as it is. */
export function plainStruct(struct: unknown): unknown {
  const fields = isObject(struct) ? struct["fields"] : undefined;
  if (!isObject(fields)) return struct;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(value)]));
}

function valuesIn(list: unknown): readonly unknown[] {
  const values = isObject(list) ? list["values"] : undefined;
  return Array.isArray(values) ? values : [];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
