import type { Execution } from "../../../domain/execution.js";
import { invalidArgument } from "../../../domain/input-problem.js";

type Position = Pick<Execution, "createdAt" | "id">;

/** The last moment of the year 9999. A later time has another text form. */
const LATEST = 253_402_300_799_999;

/** The position after an execution, opaque to callers. */
export const encodeCursor = ({ createdAt, id }: Position): string =>
  Buffer.from(`${createdAt} ${id}`).toString("base64url");

/** The position that a cursor stands for. Throws `INVALID_REQUEST` for a text that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): Position {
  const [, createdAt, id] = /^(\d+) (.+)$/s.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (createdAt === undefined || id === undefined || Number(createdAt) > LATEST || id.includes("\0"))
    throw invalidArgument("cursor", `must be the nextCursor of a history page; got ${JSON.stringify(cursor)}`);
  return { createdAt: Number(createdAt), id };
}
