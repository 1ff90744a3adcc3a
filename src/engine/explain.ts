import type { EpochMs } from "../domain/clock.js";
import type { Execution, PurchaseLine } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import type { LineState } from "../domain/line-state.js";
import type { IdempotencyContract } from "../domain/idempotency-contract.js";
import { isTerminal } from "../state-machine/transitions.js";
import type { EngineContext } from "./engine-options.js";
import { isResendable, settleWaitEnds } from "./settle-wait.js";

/** What is known about one line. */
export interface LineExplanation {
  readonly index: number;
  readonly service: string;
  readonly state: LineState;
  /** What is known, in a sentence. */
  readonly known: string;
  /** Why it will not be bought a second time. */
  readonly notAgainBecause: string;
  readonly next: string;
}

/** What is known about an execution, why it will not buy again, what happens next and when. */
export interface Explanation {
  readonly executionId: string;
  readonly status: ExecutionStatus;
  readonly summary: string;
  readonly next: string;
  /** When the next step may happen by itself, by the store's clock; null for none or at once. */
  readonly nextAt: EpochMs | null;
  readonly lines: readonly LineExplanation[];
}

/** Explains an execution from what is stored, without asking a cloud. */
export function explainExecution(context: EngineContext, execution: Execution): Explanation {
  return {
    executionId: execution.id,
    status: execution.status,
    summary: execution.reason ?? `The execution is ${execution.status}.`,
    next: NEXT_OF[execution.status],
    nextAt:
      execution.lease?.expiresAt ??
      execution.wakeAt ??
      (AWAITS_APPROVAL.includes(execution.status) ? execution.expiresAt : null),
    lines: execution.lines.map((line) =>
      explainLine(execution, line, context.providers.get(line.request.service)?.idempotency),
    ),
  };
}

const AWAITS_APPROVAL: readonly ExecutionStatus[] = ["pending", "notified"];

const NEXT_OF: Readonly<Record<ExecutionStatus, string>> = {
  pending: "It waits for approve, schedule or cancel.",
  notified: "It waits for approve, schedule or cancel.",
  scheduled: "Tick approves and runs it when it is due.",
  paused: "It waits for resume or cancel.",
  approved: "The next run or tick buys it.",
  running: "Its worker goes on; if it is gone, tick takes over when the lease has run out.",
  in_doubt: "Tick looks at the cloud again; a person may resolve a line with evidence.",
  completed: "Nothing; it has ended.",
  partially_completed: "Nothing by itself; a person may retry the lines that were not bought.",
  failed: "Nothing by itself; a person may retry it.",
  canceled: "Nothing; it has ended.",
  expired: "Nothing; submit the basket again if it is still wanted.",
};

function explainLine(
  execution: Execution,
  line: PurchaseLine,
  contract: IdempotencyContract | undefined,
): LineExplanation {
  const { index, state } = line;
  return {
    index,
    service: line.request.service,
    state,
    known: known(line),
    notAgainBecause: notAgain(line, contract),
    next: nextOf(execution, line, contract),
  };
}

function known(line: PurchaseLine): string {
  switch (line.state) {
    case "planned":
      return line.lastError
        ? `Nothing was bought; the last try ended with ${line.lastError.code}: ${line.lastError.message}`
        : "Nothing was bought.";
    case "submitting":
      return `Attempt ${line.attempt} was about to be sent at ${at(line.submittedAt)}; whether it was is not known.`;
    case "in_doubt":
      return `Attempt ${line.attempt} may have bought it: ${line.doubt?.reason ?? "no reply was recorded"}.${candidates(line)}`;
    case "committed":
      return `${line.commitment?.adopted ? "Found at the cloud" : "Bought"} as ${line.commitment?.commitmentIds.join(", ")}${withdrawn(line)}.`;
    case "rejected":
      return `Not bought: ${line.rejection?.code}: ${line.rejection?.message}`;
    case "skipped":
      return "Withdrawn before anything was sent.";
  }
}

const withdrawn = ({ commitment }: PurchaseLine): string =>
  commitment?.withdrawn ? `, and withdrawn before it started by ${commitment.withdrawn.by}` : "";

const candidates = (line: PurchaseLine): string =>
  line.doubt?.candidates ? ` Candidates: ${line.doubt.candidates.join(", ")}.` : "";

function notAgain(line: PurchaseLine, contract: IdempotencyContract | undefined): string {
  switch (line.state) {
    case "committed":
      return "A committed line is never sent again, whoever asks.";
    case "rejected":
    case "skipped":
      return "An ended line is never sent again; a retry makes a successor under the same token.";
    case "planned":
      return "Each send looks for its token at the cloud first and needs a write-ahead that only one worker can win.";
    default:
      return contract !== undefined && (contract.kind === "none" || line.prepared?.lane !== undefined)
        ? `No dedupe of the cloud is relied on, so nothing is sent until absence is proved after ${at(settleWaitEnds(line, contract))}.`
        : "A resend carries the same token, which the cloud dedupes, and only inside the time it does so.";
  }
}

function nextOf(
  { status, updatedAt }: Execution,
  line: PurchaseLine,
  contract: IdempotencyContract | undefined,
): string {
  if (line.state === "planned")
    return isTerminal(status) ? "Nothing by itself; a retry buys it." : "The next run buys it.";
  if (line.state === "committed") return line.needsLabel ? nextLabel(line) : "Nothing.";
  if (line.state === "rejected" || line.state === "skipped") return "Nothing.";
  if (line.doubt?.needsPerson) return "A person compares the candidates and resolves the line; tick keeps looking.";
  if (contract === undefined) return "Register the provider of its service with the engine.";
  if (isResendable(line, contract, updatedAt))
    return "Tick looks for its token, and sends again under the same token if it is absent.";
  return `After ${at(settleWaitEnds(line, contract))} tick looks at the cloud and adopts it or proves that it never landed.`;
}

const nextLabel = ({ lastError }: PurchaseLine): string =>
  lastError
    ? `Tick labels it with its token; the last try ended with ${lastError.code}: ${lastError.message}`
    : "Tick labels it with its token.";

const at = (time: EpochMs | null): string =>
  time === null || !Number.isFinite(time) ? "once" : new Date(time).toISOString();
