import type { Execution } from "../../domain/execution.js";
import { invalidArgument } from "../../domain/input-problem.js";

type Position = Pick<Execution, "createdAt" | "id">;

/** A place in history. */
export interface Placed {
  readonly execution: Position;
}

/** The cursor for the position after an execution. It can be used even if the execution is gone by then. */
export const cursorOf = ({ createdAt, id }: Position): string => `${createdAt} ${id}`;

/** The place that a cursor stands for. */
export function placeOf(cursor: string): Placed {
  const [, createdAt, id] = /^(\d+) (.+)$/s.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined)
    throw invalidArgument("cursor", "must be the nextCursor of a history page");
  return { execution: { createdAt: Number(createdAt), id } };
}
