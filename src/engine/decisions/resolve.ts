import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import { BuyonceError } from "../../domain/errors.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { isUnsettled } from "../../domain/line-state.js";
import { type Money, moneySchema } from "../../domain/money.js";
import { nodeUtil } from "../../domain/node-modules.js";
import { once } from "../../domain/once.js";
import { textSchema } from "../../domain/text.js";
import { type ActorOrId, withIdOnly } from "../../guards/actor.js";
import { deriveIdempotencyToken } from "../../idempotency/derive-idempotency-token.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import { idSchema } from "../../providers/port-schemas.js";
import { changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { wordOf } from "../line/compare-with-word.js";
import { committed, inDoubt, rejected } from "../line/line-decision.js";
import { linesWith } from "../line/lines-with.js";
import { otherClaims } from "../line/other-claims.js";
import { statusAfterEvidence } from "../line/record-evidence.js";
import { settleWaitEnds } from "../line/settle-wait.js";
import { wakeWaiters } from "../line/wake-waiters.js";
import { problemsIn } from "../read-options.js";
import { reasonOf } from "../reason-of.js";
import { authorizedActor } from "./authorized-actor.js";

/** How a person settles a line in doubt, or corrects an earlier resolution of the line. */
export type Resolution = { readonly resolvedBy: ActorOrId } & Statement;

/** What a person says of a line, and how the person knows. */
type Statement =
  | {
      readonly outcome: "committed";
      /** The ids as the cloud shows them, and the charge if it is known. */
      readonly evidence: { readonly commitmentIds: readonly string[]; readonly charge?: Money; readonly note?: string };
    }
  | {
      readonly outcome: "rejected";
      /** How the person made sure that nothing was bought. */
      readonly evidence: { readonly note: string };
    };

/**
 * Settles a line in doubt by a person's evidence, in every status of the execution. The status is then derived again.
 *
 * A person can be wrong. So a resolution ranks below the cloud's answer, and another resolution corrects it. The trail
 * keeps both values. The same resolution once more changes nothing. A resolution needs no provider.
 *
 * It is refused with `RESOLUTION_REFUSED`:
 *
 * - where the line is neither in doubt nor resolved by a person;
 * - where evidence is missing;
 * - where another line has the commitment;
 * - while a worker is sending the line;
 * - where the outcome is "not bought" and a request may still land. The line then waits for a person. Nothing of it is
 *   sent again, so the time named in the error stays valid.
 */
export async function resolveLine(
  context: EngineContext,
  executionId: string,
  lineIndex: number,
  input: Resolution,
): Promise<Execution> {
  const resolution = readResolution(input);
  await authorizedActor(context, { verb: "resolve", field: "resolvedBy", actor: input.resolvedBy, executionId });
  const result = await changeAtVersion(context.store, executionId, (execution) =>
    resolving(context, execution, { lineIndex, resolution }),
  );
  if (result.kind === "moved") await wakeWaiters(context, lanesOf(result.execution, lineIndex));
  if (result.kind !== "refused") return result.execution;
  const word = { lineIndex, resolution };
  throw await (result.because === "time" ? refusedAsEarly : refusedByRival)(context, result.execution, word);
}

/** The lane that a line has left. */
const lanesOf = ({ lines }: Execution, lineIndex: number): readonly string[] =>
  lines.flatMap(({ index, prepared }) => (index === lineIndex ? (prepared?.lane ?? []) : []));

type NamedStatement = Statement & { readonly resolvedBy: string };

/** A line, and what a person says about it. */
interface Word {
  readonly lineIndex: number;
  readonly resolution: NamedStatement;
}

function resolving(
  context: EngineContext,
  execution: Execution,
  { lineIndex, resolution }: Word,
): DecidedChange | undefined {
  const line = execution.lines.find(({ index }) => index === lineIndex);
  if (line === undefined || !isOpenToWords(line))
    throw refused(
      execution,
      `line ${lineIndex} is ${line?.state ?? "absent"}, not in doubt and not resolved by a person`,
    );
  const { progress, event } = resolved(line, resolution);
  if (isSaidAlready(line, progress) && !isNoteOnTrailOnly(resolution)) return undefined;
  const lines = linesWith(execution.lines, [{ index: lineIndex, progress }]);
  const status = statusAfterEvidence(execution.status, lines);
  const isWaited = isUnsettled(line.state) && resolution.outcome === "rejected";
  const token = deriveIdempotencyToken(execution.lineageKey, lineIndex);
  return {
    guard: {
      ...(isWaited && { after: settleWaitEnds(line, context.providers.get(line.request.service)?.idempotency) }),
      // A worker may be sending the line at this moment. That worker writes the result itself.
      ...(line.state === "submitting" && { leaseFree: true }),
    },
    ...(status === execution.status ? {} : { status }),
    ...(execution.status === "running" ? {} : { reason: reasonOf(lines) }),
    ...(execution.status === "in_doubt" ? { wakeAt: null } : {}),
    lines: [{ index: lineIndex, progress: { ...line, ...progress } }],
    event: { ...scrubToken(event, token), actor: resolution.resolvedBy, lineIndex },
  };
}

/**
 * Whether a line takes a resolution: it is in doubt, or an earlier resolution settled it, which a new one may correct.
 */
const isOpenToWords = ({ state, commitment, rejection }: PurchaseLine): boolean =>
  isUnsettled(state) || commitment?.resolvedBy !== undefined || rejection?.resolvedBy !== undefined;

/** Whether a line stands as this resolution leaves it. A call that is made twice corrects nothing. */
const isSaidAlready = ({ commitment, rejection }: PurchaseLine, progress: Partial<PurchaseLine>): boolean =>
  nodeUtil().isDeepStrictEqual([commitment, rejection], [progress.commitment, progress.rejection]);

/** Whether the note of a resolution stands nowhere but in the trail, so that it may be a new one. */
const isNoteOnTrailOnly = ({ outcome, evidence }: NamedStatement): boolean =>
  outcome === "committed" && evidence.note !== undefined;

function resolved(
  line: PurchaseLine,
  resolution: NamedStatement,
): Pick<DecidedChange, "event"> & { readonly progress: Partial<PurchaseLine> } {
  const { resolvedBy, evidence } = resolution;
  const before = line.commitment ?? line.rejection;
  const kind = isUnsettled(line.state) ? "resolved" : "resolution_corrected";
  const about = { kind, actor: resolvedBy, ...(evidence.note !== undefined && { reason: evidence.note }) } as const;
  if (resolution.outcome === "rejected") {
    const rejection = { code: "RESOLVED_NOT_BOUGHT", message: resolution.evidence.note, resolvedBy };
    const { progress } = rejected(line, rejection);
    return {
      progress: { ...progress, commitment: null, needsLabel: false, saidAbsent: wordOf(line, resolvedBy) },
      event: { ...about, data: { rejection, ...(before && { before }) } },
    };
  }
  const { commitmentIds, charge } = resolution.evidence;
  const commitment = { commitmentIds, ...(charge && { charge }), adopted: true, resolvedBy };
  // No label is put on it: if the person is wrong, the tag would hide the commitment from the line that it belongs to.
  const { progress } = committed(line, commitment, false);
  return {
    progress,
    event: { ...about, data: { commitmentIds, ...(charge && { charge }), ...(before && { before }) } },
  };
}

const person = once(() =>
  textSchema().check(
    z.maxLength(200),
    z.refine((text) => text.trim() !== "", "must name who resolves"),
  ),
);
const resolutionSchema = once(() =>
  z.discriminatedUnion("outcome", [
    z.strictObject({
      outcome: z.literal("committed"),
      resolvedBy: person(),
      evidence: z.strictObject({
        commitmentIds: z.array(idSchema()).check(
          z.minLength(1),
          z.maxLength(1_000),
          z.refine((ids) => new Set(ids).size === ids.length, "must not name an id twice"),
        ),
        charge: z.optional(moneySchema()),
        note: z.optional(textSchema().check(z.maxLength(2_000))),
      }),
    }),
    z.strictObject({
      outcome: z.literal("rejected"),
      resolvedBy: person(),
      evidence: z.strictObject({ note: textSchema().check(z.trim(), z.minLength(1), z.maxLength(2_000)) }),
    }),
  ]),
);

/** The checked copy of a resolution. This copy is stored, with the person's id alone. */
function readResolution(input: Resolution): NamedStatement {
  const parsed = checked(resolutionSchema(), withIdOnly(input, "resolvedBy"));
  if (parsed.success) return parsed.data as NamedStatement;
  const problems = problemsIn(parsed.error, "resolution");
  const expected = 'outcome "committed" with commitmentIds, or "rejected" with a note on how absence was proved';
  const found = problems.map(({ path, problem }) => `${path}: ${problem}`).join("; ");
  throw new BuyonceError("RESOLUTION_REFUSED", `A resolution needs ${expected}; ${found}`, { details: { problems } });
}

/** Says from when on "not bought" counts. Nothing of the line is sent any more, so that this time stays valid. */
async function refusedAsEarly(
  context: EngineContext,
  execution: Execution,
  { lineIndex, resolution }: Word,
): Promise<BuyonceError> {
  const line = execution.lines.find(({ index }) => index === lineIndex);
  if (line?.state === "submitting" && execution.lease !== null && resolution.outcome === "committed")
    return refused(
      execution,
      `a worker is sending line ${lineIndex} until ${new Date(execution.lease.expiresAt).toISOString()} at the latest`,
    );
  const ends = line && settleWaitEnds(line, context.providers.get(line.request.service)?.idempotency);
  const until = ends === undefined ? "" : ` until ${new Date(ends).toISOString()}`;
  const why = `a request of line ${lineIndex} may land or stay hidden${until}`;
  const said = `${resolution.resolvedBy} said that nothing was bought, but ${why}`;
  return refused(await waitForPerson(context, execution, { lineIndex, resolution, reason: said }), why);
}

/** Leaves a line in doubt to a person, because the resolution that a person gave was refused. */
async function waitForPerson(
  context: EngineContext,
  { id }: Execution,
  {
    lineIndex,
    resolution,
    reason,
    candidates,
  }: Word & { readonly reason: string; readonly candidates?: readonly string[] },
): Promise<Execution> {
  const marked = await changeAtVersion(context.store, id, (current) => {
    const line = current.lines.find(({ index }) => index === lineIndex);
    // If a worker is sending the line now, it writes the result itself.
    if (line?.state !== "in_doubt") return undefined;
    const shown = candidates ?? line.doubt?.candidates;
    const doubt = { reason, ...(shown && { candidates: shown }), needsPerson: true, noResend: true } as const;
    const { progress, event } = inDoubt(line, doubt);
    if (nodeUtil().isDeepStrictEqual(progress, line)) return undefined;
    const lines = [{ index: lineIndex, progress }];
    return {
      ...(current.status === "running" ? {} : { reason: reasonOf(linesWith(current.lines, lines)) }),
      lines,
      event: { ...event, actor: resolution.resolvedBy, lineIndex },
    };
  });
  return marked.execution;
}

/** Says which line has the commitment, and leaves this line to a person, because a person said that it was bought. */
async function refusedByRival(
  context: EngineContext,
  execution: Execution,
  { lineIndex, resolution }: Word,
): Promise<BuyonceError> {
  const line = execution.lines.find(({ index }) => index === lineIndex);
  if (resolution.outcome === "rejected" || line === undefined)
    return refused(execution, `another execution of the lineage of line ${lineIndex} has or may have bought it`);
  const candidates = resolution.evidence.commitmentIds;
  const claims = [...(await otherClaims(context.store, { executionId: execution.id, line }, candidates)).values()];
  const holders = claims.map(
    ({ commitmentId, holder, byPerson }) =>
      `${commitmentId} is recorded for ${holder}${byPerson ? " by a person's word, which resolve can correct" : ""}`,
  );
  const why = holders.join("; ") || `another execution of its lineage has or may have bought line ${lineIndex}`;
  const reason = `${resolution.resolvedBy} said that it was bought as ${candidates.join(", ")}, but ${why}`;
  return refused(await waitForPerson(context, execution, { lineIndex, resolution, reason, candidates }), why);
}

const refused = (current: Execution, why: string): BuyonceError =>
  new BuyonceError("RESOLUTION_REFUSED", `Execution ${current.id} takes no resolution: ${why}.`, { current });
