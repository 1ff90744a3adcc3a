import * as z from "zod/mini";
import { checked } from "../domain/checked.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import { ERROR_CODES, isBuyonceError, messageOf } from "../domain/errors.js";
import type { IdempotencyContract } from "../domain/idempotency-contract.js";
import { isError } from "../domain/is-error.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  InventoryItem,
  LabelContext,
  LabelResult,
  ProviderContext,
  PurchaseContext,
  PurchaseOutcome,
  Withdrawal,
} from "./commitment-provider.js";
import { needKeyWithout } from "./need-key.js";
import {
  answeredSchema,
  contractSchema,
  existingSchema,
  inventorySchema,
  labelSchema,
  preparedSchema,
  rejectionSchema,
  sightingSchema,
  withdrawalSchema,
} from "./port-schemas.js";
import { untilAborted } from "./until-aborted.js";

const MAX_DETAIL_CHARACTERS = 100_000;

/** What is wrong with what a provider declares of itself; one sentence for each fault. */
export function* providerProblems(provider: unknown): Generator<string> {
  if (typeof provider !== "object" || provider === null)
    return yield "must be a provider, such as ec2ReservedInstances(...)";
  const { service, idempotency, inventory } = provider as { readonly [Name in keyof CommitmentProvider]?: unknown };
  if (typeof service !== "string" || service === "") return yield "service must name what the provider buys";
  const name = service;
  for (const call of ["lookup", "prepare", "purchase"] as const)
    if (typeof Reflect.get(provider, call) !== "function") yield `${name}: ${call} must be a function`;
  for (const call of ["inventory", "label", "cancelQueued", "needKey"] as const)
    if (!["undefined", "function"].includes(typeof Reflect.get(provider, call)))
      yield `${name}: ${call} must be a function`;
  const contract = checked(contractSchema(), idempotency);
  for (const { path, message } of contract.error?.issues ?? [])
    yield `${name}: idempotency.${path.join(".")} ${message}`;
  if (contract.data?.kind === "none" && inventory === undefined)
    yield `${name} has contract "none" and so needs inventory`;
}

/**
 * A provider as the engine uses it: the one place that checks what a provider hands over.
 *
 * Providers are not trusted. Each value is checked once, and handed on as a frozen copy, so that what is decided on is
 * what is stored. Each call ends with the signal of its context, also if the provider ignores it. A purchase is then
 * `unknown`, and every other call throws. An outcome of a kind that is not known is `unknown` as well. The contract is
 * read once. Call {@link providerProblems} first.
 */
export function checkedProvider(provider: CommitmentProvider): CheckedProvider {
  const idempotency: IdempotencyContract = Object.freeze(contractSchema().parse(provider.idempotency));
  const hasInventory = provider.inventory !== undefined;
  return Object.freeze({
    service: provider.service,
    idempotency,
    needKey: (request) => needKeyOf(provider, request),
    lookup: (request, token, context: ProviderContext) =>
      ended(context, async () => {
        const answer: unknown = await provider.lookup(request, token, context);
        return answer === undefined ? undefined : copyOf<ExistingCommitment>(existingSchema(), answer, "lookup");
      }),
    prepare: (request, token, context) =>
      ended(context, async () => {
        const prepared = copyOf<Prepared>(preparedSchema(), await provider.prepare(request, token, context), "prepare");
        checkPrepared(prepared, { kind: idempotency.kind, hasInventory });
        return prepared;
      }),
    purchase: (permit, context) => purchased(provider, permit, context),
    ...(hasInventory && {
      inventory: (request, token, context) =>
        ended(context, async () =>
          copyOf<readonly InventoryItem[]>(
            inventorySchema(),
            await provider.inventory?.(request, token, context),
            "inventory",
          ),
        ),
    }),
    ...(provider.cancelQueued && {
      cancelQueued: (commitment, token, context: LabelContext) =>
        ended(context, async () =>
          copyOf<Withdrawal>(
            withdrawalSchema(),
            await provider.cancelQueued?.(commitment, token, context),
            "cancelQueued",
          ),
        ),
    }),
    ...(provider.label && {
      label: (commitment, token, context: LabelContext) =>
        ended(context, async () => {
          const answer: unknown = await provider.label?.(commitment, token, context);
          return answer === undefined ? undefined : copyOf<LabelResult>(labelSchema(), answer, "label");
        }),
    }),
  } satisfies CheckedProvider);
}

/** A provider whose values are checked, and that reports answers that came after the time of their call. */
export interface CheckedProvider extends CommitmentProvider {
  needKey(request: CommitmentRequest): Promise<string>;
  purchase(
    permit: Parameters<CommitmentProvider["purchase"]>[0],
    context: PurchaseContext & LateAnswers,
  ): Promise<PurchaseOutcome>;
}

/** The listener for the answer to a purchase for which nobody waits any more. */
export interface LateAnswers {
  onLateAnswer?(outcome: PurchaseOutcome): void;
}

/** What a request covers, by the provider or by default. Throws a `TypeError` for anything but a text. */
async function needKeyOf(provider: CommitmentProvider, request: CommitmentRequest): Promise<string> {
  const key: unknown = await (provider.needKey === undefined ? needKeyWithout(request) : provider.needKey(request));
  if (typeof key === "string" && key !== "") return key;
  throw new TypeError(`needKey of ${provider.service} must answer with a text, got ${messageOf(key)}`);
}

type Prepared = Awaited<ReturnType<CommitmentProvider["prepare"]>>;

/** Waits for an answer until the signal aborts. What it throws is always an error with a text. */
async function ended<Answer>({ signal }: ProviderContext, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    signal.throwIfAborted();
    return await untilAborted(ask(), signal);
  } catch (thrown) {
    throw asError(thrown);
  }
}

/** What was thrown, if it is an error that can be read, else an error that says what could be read of it. */
function asError(thrown: unknown): Error {
  try {
    const isKnown =
      !isBuyonceError(thrown) || (ERROR_CODES.includes(thrown.code) && typeof thrown.retryable === "boolean");
    if (isError(thrown) && typeof thrown.message === "string" && isKnown) return thrown;
  } catch {
    // The thrown value is a proxy, or has a getter that throws. Then its text is all there is.
  }
  return new Error(messageOf(thrown));
}

/** A frozen copy of an answer that has the shape of the port. Throws a `TypeError` for any other answer. */
function copyOf<Value>(schema: z.ZodMiniType, answer: unknown, call: string): Value {
  const parsed = checked(schema, answer);
  if (!parsed.success)
    throw new TypeError(`${call} answered with a value that the port does not allow: ${faultsOf(parsed.error)}`);
  return frozen(jsonCopy(parsed.data)) as Value;
}

const faultsOf = ({ issues }: z.core.$ZodError): string =>
  issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join(".") || "the answer"}: ${message}`)
    .join("; ");

/** What a store would give back of a value. */
const jsonCopy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function frozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

function checkPrepared(
  { lane, snapshot, detail }: Prepared,
  { kind, hasInventory }: { readonly kind: IdempotencyContract["kind"]; readonly hasInventory: boolean },
): void {
  if (JSON.stringify(detail ?? {}).length > MAX_DETAIL_CHARACTERS)
    throw new TypeError(`prepare may keep at most ${MAX_DETAIL_CHARACTERS} characters of detail`);
  if (kind !== "none" && lane === undefined) return;
  if (lane === undefined || snapshot === undefined || !hasInventory)
    throw new TypeError("prepare must answer with a lane and a snapshot of it, and the provider needs an inventory");
}

async function purchased(
  provider: CommitmentProvider,
  permit: Parameters<CommitmentProvider["purchase"]>[0],
  { onLateAnswer, ...context }: PurchaseContext & LateAnswers,
): Promise<PurchaseOutcome> {
  const call = (async () => provider.purchase(permit, context))();
  try {
    return frozen(outcomeIn(await untilAborted(call, context.signal)));
  } catch (thrown) {
    call.then((answer) => onLateAnswer?.(frozen(outcomeIn(answer)))).catch(() => undefined);
    throw asError(thrown);
  }
}

/** The outcome in an answer. An answer that cannot be read is `unknown`, because it may hide a purchase. */
function outcomeIn(answer: unknown): PurchaseOutcome {
  if (typeof answer !== "object" || answer === null) return unknown(`the provider answered with ${messageOf(answer)}`);
  const { kind, reason } = answer as { readonly kind?: unknown; readonly reason?: unknown };
  switch (kind) {
    case "committed":
      return committedIn(answer);
    case "rejected":
      return rejectedIn(answer);
    case "not_now":
    case "not_sent":
    case "unknown":
      return { kind, reason: typeof reason === "string" && reason !== "" ? reason : "the provider gave no reason" };
    default:
      return unknown(`the provider answered with an outcome of the unknown kind ${messageOf(kind)}`);
  }
}

const unknown = (reason: string): PurchaseOutcome => ({ kind: "unknown", reason });

function committedIn(answer: object): PurchaseOutcome {
  const { commitment, sighting } = answer as { readonly commitment?: unknown; readonly sighting?: unknown };
  const parsed = checked(answeredSchema(), commitment);
  if (!parsed.success)
    return unknown(`the provider reported a commitment that cannot be read: ${faultsOf(parsed.error)}`);
  const seen = checked(z.optional(sightingSchema()), sighting);
  const commitmentIds = [...new Set(parsed.data.commitmentIds)];
  if (!seen.success) return unknown(`the state of ${commitmentIds.join(", ")} cannot be read: ${faultsOf(seen.error)}`);
  const outcome = { kind: "committed", commitment: { ...parsed.data, commitmentIds }, sighting: seen.data };
  return jsonCopy(outcome) as PurchaseOutcome;
}

function rejectedIn(answer: object): PurchaseOutcome {
  const { rejection } = answer as { readonly rejection?: unknown };
  const parsed = checked(rejectionSchema(), rejection);
  if (!parsed.success) return unknown(`the provider reported a refusal that cannot be read: ${faultsOf(parsed.error)}`);
  return jsonCopy({ kind: "rejected", rejection: parsed.data }) as PurchaseOutcome;
}
