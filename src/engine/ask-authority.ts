import { messageOf } from "../domain/errors.js";
import type { Execution, ExecutionView } from "../domain/execution.js";
import { frozenCopy } from "../domain/frozen-copy.js";
import { once } from "../domain/once.js";
import { isOwn } from "../guards/actor.js";
import type { Decision } from "../guards/authority.js";
import { viewOf } from "../idempotency/execution-view.js";
import { untilAborted } from "../providers/until-aborted.js";
import type { EngineContext } from "./engine-options.js";

/** Who wants to do what, and with which execution, as it is stored. */
export interface Question extends Pick<Decision, "verb" | "actor" | "at"> {
  readonly executionId: string;
  /** `undefined` if no execution has the id. */
  readonly execution: Execution | undefined;
}

/** Whether the `authorize` option allows what is asked. Without the option, everything is allowed. */
export const isAuthorized = (context: EngineContext, { execution, ...question }: Question): Promise<boolean> => {
  const copied = once(() => ({ view: execution && (frozenCopy(viewOf(execution)) as ExecutionView) }));
  return answered(context, {
    ...question,
    own: isOwn(question.actor, execution?.createdBy),
    // Most rules never look at it, and a copy of 500 lines takes time.
    get execution() {
      return copied().view;
    },
  });
};

/** Whether the `authorize` option lets an actor submit. A new basket is the submitter's own. */
export const maySubmit = (context: EngineContext, actor: Decision["actor"]): Promise<boolean> =>
  answered(context, { verb: "submit", actor, own: isOwn(actor, actor.id), at: "decision" });

/** Whether the `authorize` option lets an actor do what is about no execution, and so is nobody's own. */
export const mayGovern = (
  context: EngineContext,
  verb: "freeze" | "unfreeze" | "changeLimits" | "read",
  actor: Decision["actor"],
): Promise<boolean> => answered(context, { verb, actor, own: false, at: "decision" });

/** The answer of the option. Any answer but `true`, an error, and no answer in time refuse. */
async function answered(
  { authorize, clock, lineTimeoutMs, logger }: EngineContext,
  decision: Decision,
): Promise<boolean> {
  if (authorize === undefined) return true;
  try {
    const answer: unknown = await untilAborted(Promise.resolve(authorize(decision)), clock.timeout(lineTimeoutMs));
    return answer === true;
  } catch (thrown) {
    const { verb, executionId } = decision;
    logger.error("The authorize option failed, which refuses", { verb, executionId, error: messageOf(thrown) });
    return false;
  }
}
