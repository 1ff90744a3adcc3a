import { isDate } from "./is-date.js";
import { isError } from "./is-error.js";
import { isPlainObject } from "./plain-object.js";

const UNREADABLE = "(unreadable)";
const CIRCULAR = "(circular)";
const TOO_DEEP = "(too deep)";
/** More levels than any evidence has, and few enough to write the copy as JSON. */
const MAX_DEPTH = 50;

/**
 * A copy of a value as data that nobody can change. Plain objects and arrays are copied and frozen, at any depth.
 *
 * Every other value becomes a text: a value that JSON cannot hold, an object of a class, a reference to itself, and a
 * value that cannot be read. Never throws.
 */
export const frozenCopy = (value: unknown): unknown => copyOf(() => value, { copies: new Map(), depth: 0 });

interface Copying {
  /** The copy of each object met so far. It is a text while the object is being copied. */
  readonly copies: Map<object, unknown>;
  readonly depth: number;
}

function copyOf(read: () => unknown, copying: Copying): unknown {
  try {
    const value = read();
    return typeof value === "object" && value !== null ? copyOfObject(value, copying) : copyOfPrimitive(value);
  } catch {
    return UNREADABLE;
  }
}

function copyOfPrimitive(value: unknown): unknown {
  if (typeof value === "function") return `(function ${value.name})`;
  return typeof value === "bigint" || typeof value === "symbol" ? String(value) : value;
}

function copyOfObject(value: object, { copies, depth }: Copying): unknown {
  if (copies.has(value)) return copies.get(value);
  if (depth === MAX_DEPTH) return TOO_DEEP;
  copies.set(value, CIRCULAR);
  const copy = contentsOf(value, { copies, depth: depth + 1 });
  copies.set(value, copy);
  return copy;
}

function contentsOf(value: object, copying: Copying): unknown {
  if (Array.isArray(value)) return Object.freeze(Array.from(value.keys(), (at) => copyOf(() => value[at], copying)));
  if (!isPlainObject(value)) return textOf(value);
  const keys = Object.keys(value);
  return Object.freeze(Object.fromEntries(keys.map((key) => [key, copyOf(() => Reflect.get(value, key), copying)])));
}

function textOf(value: object): string {
  if (isDate(value)) return value.toISOString();
  return isError(value) ? `${value.name}: ${value.message}` : `(${value.constructor.name})`;
}
