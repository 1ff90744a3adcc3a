import { nonBlankSchema } from "../domain/text.js";

/** Who decides or reads: an id, and whatever your rules need to know besides. */
export interface Actor {
  /** The id that the audit trail keeps. Take it from an authenticated session, never from what a person typed. */
  readonly id: string;
  readonly roles?: readonly string[];
  readonly [fact: string]: unknown;
}

/** An actor, any object of yours that has an id, or the id alone. */
export type ActorOrId = Actor | { readonly id: string } | string;

/** What stands in the audit trail where a caller named nobody. */
const NOBODY = "unknown";

/** Whether an id names somebody: it has a visible character, and is not the word for nobody. */
export const isKnownId = (id: unknown): id is string =>
  typeof id === "string" && id !== NOBODY && nonBlankSchema().safeParse(id).success;

/** Whether an execution is the actor's own: the same id created it. A missing or blank creator never matches. */
export const isOwn = ({ id }: Actor, createdBy: unknown): boolean => isKnownId(createdBy) && createdBy === id;

/** An input whose field names an actor, with the actor's id in the place of the actor. Any other input stays as it is. */
export const withIdOnly = <Input extends object>(input: Input, field: keyof Input): Input => {
  const actor: unknown = input?.[field];
  return typeof actor === "object" && actor !== null ? { ...input, [field]: Reflect.get(actor, "id") } : input;
};
