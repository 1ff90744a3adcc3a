import type { ExecutionView } from "../domain/execution.js";
import type { Actor } from "./actor.js";

/** What an actor may be allowed to do. Each verb is the name of a call of the engine; `read` stands for all reads. */
export const VERBS = [
  "submit",
  "approve",
  "schedule",
  "pause",
  "resume",
  "cancel",
  "cancelQueued",
  "retry",
  "resolve",
  "markNotified",
  "freeze",
  "unfreeze",
  "changeLimits",
  "read",
] as const;

/** One of {@link VERBS}. */
export type Verb = (typeof VERBS)[number];

/** What the engine asks before somebody decides or reads. */
export interface Decision {
  readonly verb: Verb;
  /** Who decides. At the send it is the approver, with the stored id alone: look up the rights that it has now. */
  readonly actor: Actor;
  /** The id that the caller named. Absent for what is about no execution: `submit`, `freeze`, `unfreeze`, `changeLimits` and the reads of them. */
  readonly executionId?: string;
  /** A frozen copy of the execution. Absent if the call is about none, and if no execution has the id. */
  readonly execution?: ExecutionView | undefined;
  /** Whether the actor's id created the execution. */
  readonly own: boolean;
  /** `decision`: the actor calls now. `send`: the actor has approved, and a line is about to be bought. */
  readonly at: "decision" | "send";
}

/**
 * Says whether an actor may do something. Only the answer `true` allows it: any other answer, an error, and no answer
 * within `lineTimeoutMs` refuse it.
 */
export type Authorize = (decision: Decision) => boolean | Promise<boolean>;
