import type { EpochMs } from "../domain/clock.js";
import type { PriceDrift } from "../domain/evidence.js";
import type { Execution, PurchaseLine } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import type { IdempotencyContract } from "../domain/idempotency-contract.js";
import { isUnsettled, type LineState } from "../domain/line-state.js";
import type { Money } from "../domain/money.js";
import { approversOf } from "../guards/approvals.js";
import { failureHint, opsHintOf, statedHint } from "../guards/ops-hint.js";
import { closedGates, isPersistent } from "../guards/retry-gates.js";
import { isTerminal } from "../state-machine/transitions.js";
import type { EngineContext } from "./engine-options.js";
import { approvalEnds, neededApprovals } from "./line/may-send.js";
import { waitsForPrice } from "./line/price-drift.js";
import { isResendable, reliesOnNothing, settleWaitEnds } from "./line/settle-wait.js";
import { lineageAttempt } from "./lineage-attempt.js";
import { reasonOf } from "./reason-of.js";

/** What is known about one line. */
export interface LineExplanation {
  readonly index: number;
  readonly service: string;
  readonly account: string;
  readonly region?: string;
  readonly state: LineState;
  /** The cloud's ids of what was bought. Empty if nothing is known to be bought. */
  readonly commitmentIds: readonly string[];
  /** What the cloud said it charged at once. Absent if it is not known. */
  readonly charge?: Money;
  /** The code of what keeps the line from being bought, or of why it was rejected. */
  readonly code?: string;
  /** What is known, in a sentence. */
  readonly known: string;
  /** Why it will not be bought a second time. */
  readonly notAgainBecause: string;
  readonly next: string;
}

/** What is known about an execution: why it will not buy again, what happens next and when. */
export interface Explanation {
  readonly executionId: string;
  readonly status: ExecutionStatus;
  readonly summary: string;
  readonly next: string;
  /**
   * When the next step may happen by itself, by the store's clock. Null means that no step follows by itself, or that
   * it may happen at once.
   */
  readonly nextAt: EpochMs | null;
  /** Until when the approval counts, by the store's clock. Null if nobody has approved. */
  readonly approvedUntil: EpochMs | null;
  readonly lines: readonly LineExplanation[];
}

/** Explains an execution from what is stored, without asking a cloud; its providers need not be registered. */
export async function explainExecution(context: EngineContext, execution: Execution): Promise<Explanation> {
  const { id, status, lines } = execution;
  return {
    executionId: id,
    status,
    summary: summaryOf(execution),
    next: await nextOf(context, execution),
    nextAt: nextAt(execution),
    approvedUntil: execution.approvedAt === null ? null : approvalEnds(execution, context.approvalLifetimeMs),
    lines: lines.map((line) => explainLine(context, execution, line)),
  };
}

const AWAITS_APPROVAL: readonly ExecutionStatus[] = ["pending", "notified"];

const nextAt = ({ status, lease, wakeAt, expiresAt }: Execution): EpochMs | null => {
  if (isTerminal(status)) return null;
  return lease?.expiresAt ?? wakeAt ?? (AWAITS_APPROVAL.includes(status) ? expiresAt : null);
};

const isDoubtful = ({ lines }: Execution): boolean => lines.some(({ state }) => isUnsettled(state));

/** The summary follows the lines first, because a stored reason may be older than the doubt. */
function summaryOf(execution: Execution): string {
  if (isDoubtful(execution)) return `Something may have been bought: ${reasonOf(execution.lines)}`;
  return execution.reason ?? `The execution is ${execution.status}.`;
}

async function nextOf(context: EngineContext, execution: Execution): Promise<string> {
  const { status } = execution;
  if (isTerminal(status) && isDoubtful(execution))
    return "The execution has ended, but one of its lines is in doubt. A person must resolve that line with evidence.";
  const [gate] = MAY_BE_RETRIED.includes(status)
    ? closedGates(execution, await lineageAttempt(context.store, execution))
    : [];
  if (gate !== undefined) return `Nothing by itself: ${gate.why}.`;
  return `${nextStep(execution)}${approvalsInWords(context, execution)}`;
}

/** An execution that has bought something and was handed back is running, and has no worker. */
function nextStep({ status, lease, lines }: Execution): string {
  const isLeft = status === "running" && lease === null;
  if ((isLeft || status === "approved") && lines.some(isFailing)) return NEXT_TRY;
  return isLeft ? NEXT_RUN : NEXT_OF[status];
}

const MAY_BE_RETRIED: readonly ExecutionStatus[] = ["failed", "partially_completed"];

const isFailing = ({ state, lastError }: PurchaseLine): boolean => state === "planned" && lastError !== null;

const NEXT_RUN = "The next run or tick goes on.";
const NEXT_TRY = "The next run or tick tries again; the lines say what has failed so far.";

/** How many of the people who must approve have done so. */
function approvalsInWords(context: EngineContext, execution: Execution): string {
  const needed = neededApprovals(context, execution);
  if (needed === 1 || isTerminal(execution.status)) return "";
  const approvers = approversOf(execution);
  const by = approvers.length === 0 ? "" : `, by ${approvers.join(", ")}`;
  return ` It has ${approvers.length} of ${needed} approvals${by}.`;
}

const NEXT_OF: Readonly<Record<ExecutionStatus, string>> = {
  pending: "It waits for approve, schedule or cancel.",
  notified: "It waits for approve, schedule or cancel.",
  scheduled: "Tick approves and runs it when it is due.",
  paused: "It waits for resume or cancel.",
  approved: "The next run or tick buys it.",
  running: "Its worker goes on. If the worker is gone, tick takes over when the lease has run out.",
  in_doubt: "Tick looks at the cloud again; a person may resolve a line with evidence.",
  completed: "Nothing; it has ended.",
  partially_completed: "Nothing by itself; a person may retry the lines that were not bought.",
  failed: "Nothing by itself; a person may retry it.",
  canceled: "Nothing; it has ended.",
  expired: "Nothing; submit the basket again if it is still wanted.",
};

function explainLine(context: EngineContext, execution: Execution, line: PurchaseLine): LineExplanation {
  const { index, state } = line;
  const contract = context.providers.get(line.request.service)?.idempotency;
  return {
    index,
    service: line.request.service,
    account: line.request.account,
    ...(line.request.region !== undefined && { region: line.request.region }),
    state,
    commitmentIds: line.commitment?.commitmentIds ?? [],
    ...(line.commitment?.charge && { charge: line.commitment.charge }),
    ...codeOf(line),
    known: known(line),
    notAgainBecause: notAgain(line, contract),
    next: hintFor(context, line) ?? nextOfLine(context, execution, line),
  };
}

const codeOf = ({ rejection, lastError }: PurchaseLine): Pick<LineExplanation, "code"> => {
  const code = rejection?.code ?? lastError?.code;
  return code === undefined ? {} : { code };
};

/** What people can do about a refusal. A persistent one always has a hint, because a retry alone does not help. */
function hintFor({ opsHints }: EngineContext, { state, rejection }: PurchaseLine): string | undefined {
  if (state !== "rejected" || rejection === null) return undefined;
  const hint = isPersistent(rejection) ? opsHintOf(rejection, opsHints) : statedHint(rejection, opsHints);
  return hint?.text;
}

function known(line: PurchaseLine): string {
  switch (line.state) {
    case "planned":
      return line.lastError
        ? `Nothing was bought. Since ${at(line.lastError.since)} each attempt has ended with ${line.lastError.code}: ${line.lastError.message}`
        : "Nothing was bought.";
    case "submitting":
      return `Attempt ${line.attempt} was about to be sent at ${at(line.submittedAt)}; whether it was is not known.`;
    case "in_doubt":
      return `${attemptOf(line)} may have bought it: ${line.doubt?.reason ?? "no reply was recorded"}.${candidates(line)}`;
    case "committed":
      return `${howBought(line)} as ${line.commitment?.commitmentIds.join(", ")}${over(line)}${withdrawn(line)}.`;
    case "rejected":
      return `Not bought: ${line.rejection?.code}: ${line.rejection?.message}${line.rejection?.resolvedBy ? ` (said ${line.rejection.resolvedBy})` : ""}`;
    case "skipped":
      return line.withdrawn
        ? `Not bought: canceled by ${line.withdrawn.by}.`
        : "Not bought here: an earlier execution of this lineage has bought it.";
  }
}

const attemptOf = ({ attempt }: PurchaseLine): string =>
  attempt === 0 ? "An earlier request of its lineage" : `Attempt ${attempt}`;

function howBought({ commitment }: PurchaseLine): string {
  if (commitment?.resolvedBy) return `Bought, says ${commitment.resolvedBy},`;
  return commitment?.adopted ? "Found at the cloud" : "Bought";
}

const over = ({ commitment }: PurchaseLine): string =>
  commitment?.over
    ? `, which is ${commitment.over.state}${commitment.over.became ? ` (${commitment.over.became})` : ""}`
    : "";

const withdrawn = ({ commitment }: PurchaseLine): string =>
  commitment?.withdrawn ? `, and withdrawn before it started by ${commitment.withdrawn.by}` : "";

const candidates = (line: PurchaseLine): string =>
  line.doubt?.candidates ? ` Candidates: ${line.doubt.candidates.join(", ")}.` : "";

function notAgain(line: PurchaseLine, contract: IdempotencyContract | undefined): string {
  switch (line.state) {
    case "committed":
      return "A committed line is never sent again.";
    case "rejected":
    case "skipped":
      return "An ended line is never sent again; a retry makes a successor under the same token.";
    case "planned":
      return "Each send looks for its token at the cloud first and needs a write-ahead that only one worker can win.";
    default:
      return notAgainInDoubt(line, contract);
  }
}

function notAgainInDoubt(line: PurchaseLine, contract: IdempotencyContract | undefined): string {
  if (line.withdrawn) return `${line.withdrawn.by} canceled it, so nothing of it is sent again.`;
  if (contract === undefined)
    return "No provider for its service is registered here, so this engine sends nothing of it.";
  return reliesOnNothing(line, contract)
    ? `No dedupe of the cloud is relied on, so nothing is sent until absence is proved after ${at(settleWaitEnds(line, contract))}.`
    : "A resend carries the same token, and is sent only while the cloud still dedupes that token.";
}

function nextOfLine(context: EngineContext, { status, updatedAt }: Execution, line: PurchaseLine): string {
  const contract = context.providers.get(line.request.service)?.idempotency;
  if (waitsForPrice(line) && !isTerminal(status)) return nextPrice(line.priceDrift);
  if (line.state === "planned")
    return isTerminal(status) ? `Nothing by itself; a retry ${tries(line)}.` : nextTry(context, line);
  if (line.state === "committed") return line.needsLabel ? nextLabel(line) : "Nothing.";
  if (line.state === "rejected") return failureHint(line.rejection?.code ?? "", context.opsHints) ?? "Nothing.";
  if (line.state === "skipped") return "Nothing.";
  if (isTerminal(status)) return "A person resolves it with evidence; nothing happens by itself.";
  if (line.doubt?.needsPerson) return "A person compares the candidates and resolves the line; tick keeps looking.";
  if (contract === undefined) return "Register the provider of its service, or resolve the line with evidence.";
  if (isResendable(line, contract, updatedAt))
    return "Tick looks for the line's token at the cloud. If the token is absent, tick sends again under the same token.";
  const end = line.withdrawn ? "the line is skipped" : "the line is bought afresh";
  return `After ${at(settleWaitEnds(line, contract))} tick looks at the cloud and adopts the purchase; if none landed, ${end}.`;
}

const tries = ({ lastError }: PurchaseLine): string => (lastError === null ? "buys it" : "tries again");

function nextTry({ opsHints }: EngineContext, line: PurchaseLine): string {
  const next = `The next run ${tries(line)}`;
  if (line.lastError === null) return `${next}.`;
  const { code } = line.lastError;
  const hint = failureHint(code, opsHints);
  return `${next}; it fails as long as the cause of ${code} lasts.${hint === undefined ? "" : ` ${hint}`}`;
}

const nextPrice = ({ found, acceptedBy }: PriceDrift): string =>
  `It waits for people to accept ${found.amount} ${found.currency} with approve and acceptPrices, or for cancel. Accepted so far by ${acceptedBy.join(", ") || "nobody"}.`;

const nextLabel = ({ lastError }: PurchaseLine): string =>
  lastError
    ? `Tick labels it with its token; since ${at(lastError.since)} each try has ended with ${lastError.code}: ${lastError.message}`
    : "Tick labels it with its token.";

const at = (time: EpochMs | null): string =>
  time === null || !Number.isFinite(time) ? "once" : new Date(time).toISOString();
