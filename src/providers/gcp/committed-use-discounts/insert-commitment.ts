import type { GcpComputeRequest } from "../../../domain/commitment-request/gcp-compute.js";
import { nameIn } from "../../commitment-names.js";
import type { PurchaseContext, PurchaseOutcome } from "../../commitment-provider.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import { safeMessage } from "../../safe-message.js";
import type { GcpConnection } from "../connect.js";
import { outcomeOfFailure, outcomeOfOperationError, saysTaken } from "../gcp-outcome.js";
import { commitmentResource } from "./commitment-resource.js";
import { type CommitmentView, existing, getCommitment } from "./commitment-view.js";
import { errorOf, followOperation, isDone, type OperationView, readOperation } from "./follow-operation.js";
import { withTypeHint } from "./refused-type.js";

type Permit = PurchasePermit<GcpComputeRequest>;

/** Sends a permit's insert once and follows its operation; never throws for anything the cloud or the network does. */
export async function insertCommitment(
  connection: GcpConnection,
  permit: Permit,
  context: PurchaseContext,
): Promise<PurchaseOutcome> {
  const sent = await insert(connection, permit, context);
  try {
    if (sent.kind === "taken") return await whoseName(connection, permit);
    return sent.kind === "begun" ? await outcomeOfOperation(connection, permit, sent.operation) : sent.outcome;
  } catch (thrown) {
    const reason = `what became of the commitment could not be found out: ${safeMessage(thrown, permit.token)}`;
    return { kind: "unknown", reason };
  }
}

type Sent =
  | { readonly kind: "begun"; readonly operation: OperationView }
  | { readonly kind: "taken" }
  | { readonly kind: "ended"; readonly outcome: PurchaseOutcome };

async function insert(connection: GcpConnection, permit: Permit, context: PurchaseContext): Promise<Sent> {
  const { project, region } = connection;
  const { request, prepared, token } = permit;
  const commitment = commitmentResource(request, nameIn(prepared));
  const requestId = String(prepared.detail?.["requestId"]);
  let left = false;
  try {
    const answer = await connection.call((options) => {
      context.beforeWire();
      left = true;
      return connection.commitments.insert({ project, region, requestId, commitmentResource: commitment }, options);
    });
    return { kind: "begun", operation: operationIn(answer) };
  } catch (thrown) {
    if (!left) return { kind: "ended", outcome: { kind: "not_sent", reason: safeMessage(thrown, token) } };
    if (saysTaken(thrown)) return { kind: "taken" };
    return { kind: "ended", outcome: withTypeHint(outcomeOfFailure(thrown, token), request.type) };
  }
}

/** Reads the operation, which the client wraps. Throws for an answer that holds no operation. */
function operationIn(answer: unknown): OperationView {
  const wrapped = typeof answer === "object" && answer !== null && "latestResponse" in answer;
  return readOperation(wrapped ? answer.latestResponse : answer);
}

async function outcomeOfOperation(
  connection: GcpConnection,
  permit: Permit,
  begun: OperationView,
): Promise<PurchaseOutcome> {
  const operation = await followOperation(connection, begun);
  if (!isDone(operation)) return { kind: "unknown", reason: `operation ${operation.name} has not ended yet` };
  const error = errorOf(operation);
  const found = await getCommitment(connection, nameIn(permit.prepared));
  if (error !== undefined && found === undefined)
    return withTypeHint(outcomeOfOperationError(error), permit.request.type);
  return seen(connection, found, { request: permit.request, adopted: false });
}

/**
 * The outcome of a purchase whose name is taken: the commitment is ours, from an earlier request whose answer was lost.
 */
async function whoseName(connection: GcpConnection, { request, prepared }: Permit): Promise<PurchaseOutcome> {
  return seen(connection, await getCommitment(connection, nameIn(prepared)), { request, adopted: true });
}

/** A commitment of the name that a purchase was sent under, whatever its status, as the answer to that purchase. */
async function seen(
  connection: GcpConnection,
  found: CommitmentView | undefined,
  { request, adopted }: { readonly request: GcpComputeRequest; readonly adopted: boolean },
): Promise<PurchaseOutcome> {
  if (found === undefined) return { kind: "unknown", reason: "no commitment of the name is shown yet" };
  const { commitmentIds, startedAt, differences, sighting } = await existing(connection, found, request);
  if (differences.length > 0) return { kind: "unknown", reason: `the name is taken: ${differences.join("; ")}` };
  const commitment = { commitmentIds, ...(startedAt !== undefined && { startedAt }), adopted };
  return { kind: "committed", commitment, sighting };
}
