import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import { type CommitmentRequest, parseCommitmentRequests } from "../../domain/commitment-request/commitment-request.js";
import { BuyonceError, isBuyonceError } from "../../domain/errors.js";
import { type Execution, PLANNED, type PlanStep, type PurchaseLine } from "../../domain/execution.js";
import { newExecutionId, newLineageKey } from "../../domain/id.js";
import { type InputProblem, invalidRequest } from "../../domain/input-problem.js";
import { nodeUtil } from "../../domain/node-modules.js";
import { once } from "../../domain/once.js";
import { type KeysOf, keyProblems, refuse } from "../../domain/options.js";
import { RESERVED_KEYS } from "../../domain/retry-key.js";
import { nonBlankSchema } from "../../domain/text.js";
import { type Actor, type ActorOrId, withIdOnly } from "../../guards/actor.js";
import { fingerprint } from "../../idempotency/fingerprint.js";
import type { NewExecution } from "../../store-port/execution-store.js";
import { MOST_APPROVALS } from "../approval-options.js";
import { maySubmit } from "../ask-authority.js";
import { type EngineContext, requireProvider } from "../engine-options.js";
import { problemsIn } from "../read-options.js";
import { notAuthorized } from "./authorized-actor.js";
import { needOf, type Overlap, otherBaskets, overlapsInBasket } from "./needs-of.js";
import { readableRefusal } from "./readable-refusal.js";
import { mayRead } from "./reading.js";
import { requireActor } from "./require-actor.js";

/** A basket to buy. */
export interface Submission {
  /**
   * The caller's own key of this basket. A second call with the same key returns the same execution, whatever its
   * status.
   */
  readonly requestKey: string;
  /** Where the basket comes from: a ticket, a recommendation. */
  readonly source?: string;
  /**
   * The plan that the basket carries out, with the step's number if the plan has steps. `history` finds the basket by
   * the plan's id. A step is approved once, steps do not go back, and leaving steps out needs `skipStep`.
   */
  readonly plan?: {
    readonly id: string;
    readonly step?: number;
    readonly skipStep?: { readonly reason: string };
  };
  readonly createdBy: ActorOrId;
  /** What to buy, one to 500 lines, each checked before anything is stored. */
  readonly lines: readonly CommitmentRequest[];
  /** How long the basket waits for approval before it expires. Null for ever. Default: the engine's `approvalWaitMs`. */
  readonly expiresInMs?: number | null;
  /** How many different people must approve the basket, if that is more than the engine's `approvals`. At most 20. */
  readonly approvals?: number;
}

/** The execution of a basket, and the other baskets for the same needs that wait for approval. */
interface SubmittedBasket {
  readonly execution: Execution;
  /** Whether this call stored it. */
  readonly created: boolean;
  readonly overlaps: readonly Overlap[];
}

const label = once(() => nonBlankSchema().check(z.maxLength(200)));

/** The longest wait for approval. A larger number is probably a time, or in another unit. */
const LONGEST_WAIT_MS = 3 * 366 * 86_400_000;

const SUBMISSION_KEYS: KeysOf<Submission> = {
  requestKey: true,
  source: true,
  plan: true,
  createdBy: true,
  lines: true,
  expiresInMs: true,
  approvals: true,
};

const submissionSchema = once(() =>
  z.object({
    requestKey: label().check(
      z.refine((key) => !key.startsWith(RESERVED_KEYS), `must not begin with "${RESERVED_KEYS}"`),
    ),
    source: z.optional(label()),
    plan: z.optional(
      z.strictObject({
        id: label(),
        step: z.optional(z.int32().check(z.nonnegative())),
        skipStep: z.optional(z.strictObject({ reason: nonBlankSchema().check(z.maxLength(500)) })),
      }),
    ),
    createdBy: label(),
    approvals: z.optional(z.int32().check(z.positive(), z.lte(MOST_APPROVALS, `must be at most ${MOST_APPROVALS}`))),
    lines: z.array(z.unknown()).check(z.minLength(1, "must hold at least one line"), z.maxLength(500)),
    expiresInMs: z.optional(
      z.nullable(
        z
          .number()
          .check(
            z.positive(),
            z.lte(
              LONGEST_WAIT_MS,
              `must be a time span of at most ${LONGEST_WAIT_MS} milliseconds (three years), not a time`,
            ),
          ),
      ),
    ),
  }),
);

/**
 * Stores a basket as a pending execution; nothing is bought before it is approved.
 *
 * `NEED_ALREADY_COVERED` means that another basket covers what a line would buy. `INVALID_REQUEST` lists every fault of every line. `PROVIDER_NOT_REGISTERED` means that the engine cannot buy a
 * service. `REQUEST_KEY_CONFLICT` means that the key is in use for other content; `current` holds the execution of that
 * key, if the submitter may read it. `NOT_AUTHORIZED` means that the submitter may not submit.
 */
export async function submitExecution(context: EngineContext, submission: Submission): Promise<SubmittedBasket> {
  const { createdBy, requests, ...parsed } = parseSubmission(withIdOnly(submission, "createdBy"));
  const submitter = requireActor("createdBy", submission.createdBy);
  if (!(await maySubmit(context, submitter))) throw notAuthorized("submit");
  const contentFingerprint = fingerprint({ ...parsed, createdBy, lines: requests });
  try {
    return await storeBasket(context, { ...parsed, createdBy, requests, contentFingerprint, submitter });
  } catch (thrown) {
    if (!isBuyonceError(thrown, ...OF_NEW_BASKETS)) throw thrown;
    const stored = await context.store.withRequestKey(parsed.requestKey);
    if (stored?.contentFingerprint !== contentFingerprint) throw thrown;
    return { execution: stored, created: false, overlaps: [] };
  }
}

/** What is said against new baskets only. One that is stored already is found, whatever else covers its needs by now. */
const OF_NEW_BASKETS = ["NEED_ALREADY_COVERED", "PROVIDER_NOT_REGISTERED"] as const;

/** A basket whose content is sound, from somebody who may submit. */
interface SoundBasket extends ParsedSubmission {
  readonly contentFingerprint: string;
  readonly submitter: Actor;
}

async function storeBasket(
  context: EngineContext,
  { requests, createdBy, contentFingerprint, submitter, ...parsed }: SoundBasket,
): Promise<SubmittedBasket> {
  for (const { service } of requests) requireProvider(context, service);
  const lines = await Promise.all(requests.map((request, index) => plannedLine(context, request, index)));
  refuse([...overlapsInBasket(lines)]);
  const overlaps = await otherBaskets(context, { requestKey: parsed.requestKey, lines, submitter }).catch(
    async (thrown: unknown) => {
      throw await readableRefusal(context, thrown, submitter);
    },
  );
  const execution: NewExecution = {
    id: newExecutionId(),
    requestKey: parsed.requestKey,
    contentFingerprint,
    lineageKey: newLineageKey(),
    status: "pending",
    source: parsed.source ?? null,
    plan: parsed.plan ? planStep(parsed.plan) : null,
    createdBy,
    approvalsNeeded: Math.max(context.approvals, parsed.approvals ?? 1),
    reason: null,
    wakeAt: null,
    expiresInMs: parsed.expiresInMs === undefined ? context.approvalWaitMs : parsed.expiresInMs,
    lines,
  };
  const result = await context.store.create({ execution, event: { kind: "submitted", actor: createdBy } });
  if (result.kind === "refused") throw new Error(`a fresh lineage key is in use: ${result.because}`);
  if (result.execution.contentFingerprint !== contentFingerprint)
    throw keyConflict(execution, (await mayRead(context, result.execution, submitter)) ? result.execution : null);
  return { execution: result.execution, created: result.kind === "created", overlaps };
}

type ParsedSubmission = ReturnType<typeof parseSubmission>;

const planStep = ({ id, step, skipStep }: NonNullable<ParsedSubmission["plan"]>): PlanStep => ({
  id,
  step: step ?? null,
  ...(skipStep && { skipStep: skipStep.reason }),
});

function parseSubmission(submission: Submission) {
  const head = checked(submissionSchema(), submission);
  const problems = [
    ...keyProblems(submission, SUBMISSION_KEYS).filter(({ path }) => path !== ""),
    ...(head.success ? [] : problemsIn(head.error, "submission")),
  ];
  const lines: unknown = submission?.lines;
  const requests = Array.isArray(lines) ? parsedLines(lines, problems) : [];
  if (!head.success || problems.length > 0) throw invalidRequest(problems);
  const { lines: _, ...rest } = head.data;
  return { ...rest, requests };
}

/**
 * The parsed lines. If a line is invalid, there are none, and the faults are added to `problems`, so that a caller sees
 * all at once.
 */
function parsedLines(lines: readonly unknown[], problems: InputProblem[]): readonly CommitmentRequest[] {
  try {
    return parseCommitmentRequests(lines);
  } catch (thrown) {
    if (!isBuyonceError(thrown, "INVALID_REQUEST")) throw thrown;
    problems.push(...(thrown.details.problems as readonly InputProblem[]));
    return [];
  }
}

const plannedLine = async (
  context: EngineContext,
  request: CommitmentRequest,
  index: number,
): Promise<PurchaseLine> => ({
  ...PLANNED,
  index,
  request,
  fingerprint: fingerprint(request),
  need: await needOf(context, request),
});

/** Says that a key is in use, and if the submitter may see it, by what and where the content differs. */
function keyConflict(submitted: NewExecution, current: Execution | null): BuyonceError {
  const inUse = `Request key "${submitted.requestKey}" is in use`;
  if (current === null) return new BuyonceError("REQUEST_KEY_CONFLICT", `${inUse} with another content.`);
  const differs = differingParts(submitted, current);
  const message = `${inUse} by ${current.id} with another content; what differs: ${differs.join(", ")}.`;
  return new BuyonceError("REQUEST_KEY_CONFLICT", message, { details: { differs }, current });
}

/** The parts of a basket in which it differs from a stored one. */
function differingParts(submitted: NewExecution, stored: Execution): readonly string[] {
  const parts = (["createdBy", "source", "plan"] as const).filter(
    (part) => !nodeUtil().isDeepStrictEqual(submitted[part], stored[part]),
  );
  const linesOf = ({ lines }: Pick<Execution, "lines">) => lines.map((line) => line.fingerprint).join();
  const differing = [...(linesOf(submitted) === linesOf(stored) ? [] : ["lines"]), ...parts];
  // These two are not stored as they were submitted. If nothing else differs, one of them does.
  return differing.length > 0 ? differing : ["approvals", "expiresInMs"];
}
