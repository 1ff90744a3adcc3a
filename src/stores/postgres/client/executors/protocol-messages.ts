/** Messages of PostgreSQL's extended query protocol, see "Message Formats" in its manual. */

/** Drops the statement with a name, if there is one. */
export const closeStatement = (name: string): Buffer => message("C", text("S"), cString(name));

/** Parses a statement under a name, with the types of its parameters left to the server. */
export const parse = (name: string, sql: string): Buffer => message("P", cString(name), cString(sql), int16(0));

/** Gives a named statement its parameters, as text. */
export const bind = (name: string, values: readonly (string | null)[]): Buffer =>
  message("B", cString(""), cString(name), int16(0), int16(values.length), ...values.map(parameter), int16(0));

/** Asks for the columns of the bound statement, runs it to its end, and closes the implicit transaction. */
export const runBound = (): Buffer => RUN_BOUND;

const text = (content: string): Buffer => Buffer.from(content, "utf8");
const cString = (content: string): Buffer => text(`${content}\0`);

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function parameter(value: string | null): Buffer {
  if (value === null) return int32(-1);
  const content = text(value);
  return Buffer.concat([int32(content.length), content]);
}

function message(kind: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([text(kind), int32(content.length + 4), content]);
}

const RUN_BOUND = Buffer.concat([message("D", cString("P")), message("E", cString(""), int32(0)), message("S")]);
