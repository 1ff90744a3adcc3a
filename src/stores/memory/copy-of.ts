import { isPlainObject } from "../../domain/plain-object.js";

/**
 * A deep copy of plain data. A value that is not plain data, such as a date in an event, is cloned or refused as
 * structured data.
 */
export function copyOf<Data>(data: Data): Data {
  if (typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) return Array.prototype.map.call(data, copyOf) as Data;
  if (!isPlainObject(data)) return structuredClone(data);
  const copy = { ...data };
  for (const key in copy) {
    const content = copy[key];
    if (typeof content === "object" && content !== null) copy[key] = copyOf(content);
  }
  return copy;
}
