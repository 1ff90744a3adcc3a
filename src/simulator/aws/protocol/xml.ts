import { XMLBuilder } from "fast-xml-parser";
import type { WireReply } from "../../wire.js";

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: "@", suppressEmptyNode: true });

/** An XML answer; a key that starts with `@` is an attribute of its element, and absent values leave no element. */
export function xmlReply(status: number, document: object): WireReply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(withoutAbsent(document))}`;
  return { status, headers: { "content-type": "text/xml;charset=UTF-8" }, body };
}

function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== "object" || value === null) return value;
  const present = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(present.map(([name, member]) => [name, withoutAbsent(member)]));
}
