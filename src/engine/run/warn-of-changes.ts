import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { isUnsettled } from "../../domain/line-state.js";
import type { EngineContext } from "../engine-options.js";

/**
 * Warns of each line that came into doubt, was rejected, or failed in a new way while an execution was worked on.
 *
 * It warns of the change, not of the state: a line that fails in the same way in each round is warned of once.
 */
export function warnOfChanges({ logger }: EngineContext, before: Execution, after: Execution): void {
  const earlier = new Map(before.lines.map((line) => [line.index, line]));
  for (const line of after.lines) {
    const warning = warningOf(line);
    const former = earlier.get(line.index);
    if (warning === undefined || (former && warningOf(former)?.key === warning.key)) continue;
    const { service, account, region } = line.request;
    logger.warn(warning.message, {
      executionId: after.id,
      lineIndex: line.index,
      service,
      account,
      ...(region !== undefined && { region }),
      ...warning.fields,
    });
  }
}

/** What there is to warn of. Two warnings with one key say the same. */
interface Warning {
  readonly key: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const IN_DOUBT = "Nobody knows yet whether a line was bought";

function warningOf({ state, doubt, rejection, lastError }: PurchaseLine): Warning | undefined {
  if (state === "rejected" && rejection !== null) {
    const { code, message: reason } = rejection;
    return {
      key: `rejected ${code}`,
      message: "A line is not bought: it was refused for good",
      fields: { code, reason },
    };
  }
  if (isUnsettled(state)) {
    // Of a line that a worker has left like this, the first look at the cloud makes a doubt that is said.
    if (doubt === null && lastError === null)
      return { key: "sent", message: IN_DOUBT, fields: { reason: "no reply was recorded" } };
    const { reason = "no reply was recorded", candidates, needsPerson } = doubt ?? {};
    const fields = { reason, ...(candidates && { candidates }), ...(lastError && { code: lastError.code }) };
    const message = needsPerson ? "Nobody knows whether a line was bought, and a person must find out" : IN_DOUBT;
    return { key: `doubt ${needsPerson === true} ${lastError?.code ?? ""}`, message, fields };
  }
  if (lastError === null) return undefined;
  const { code, message: reason } = lastError;
  const message =
    state === "committed"
      ? "A bought line could not be labeled yet"
      : "A line could not be bought yet; nothing was sent";
  return { key: `failed ${code}`, message, fields: { code, reason } };
}
