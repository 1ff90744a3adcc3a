import * as z from "zod/mini";
import { checked } from "../domain/checked.js";
import { type InputProblem, invalidRequest } from "../domain/input-problem.js";
import { once } from "../domain/once.js";
import { nonBlankSchema } from "../domain/text.js";

/** What a trigger hands to the process that collects: plain JSON, for a queue, a Lambda or a workflow. */
export interface CollectionPayload {
  readonly version: 1;
  readonly scope: string;
  /** The run that has been marked as started. */
  readonly owner: string;
}

const payloadSchema = once(() => z.object({ version: z.literal(1), scope: nonBlankSchema(), owner: nonBlankSchema() }));

/**
 * Reads the payload of a collection. Who hands it over and who receives it read it with this one function.
 *
 * Throws `INVALID_REQUEST` for anything else. Names that are not known are left out, so that a queue may add some.
 */
export function parseCollectionPayload(input: unknown): CollectionPayload {
  const result = checked<CollectionPayload>(payloadSchema(), input);
  if (result.success) return result.data as CollectionPayload;
  throw invalidRequest(
    result.error.issues.map(
      ({ path, message }): InputProblem => ({ path: ["payload", ...path].join("."), problem: message }),
    ),
  );
}
