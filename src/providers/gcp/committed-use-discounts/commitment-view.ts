import * as z from "zod/mini";
import type { GcpComputeRequest } from "../../../domain/commitment-request/gcp-compute.js";
import type { NamedCommitment } from "../../commitment-names.js";
import type { ExistingCommitment } from "../../commitment-provider.js";
import { parseAnswer } from "../../parse-answer.js";
import type { NamedPurchase } from "../../state-table.js";
import type { GcpConnection } from "../connect.js";
import { firstTime } from "../first-time.js";
import { saysNoCommitment } from "../gcp-outcome.js";
import { lastPart } from "../last-part.js";
import { PLANS, resourcesOf } from "./commitment-resource.js";
import { sightingOf } from "./commitment-states.js";
import { inWords, successorsOf } from "./successors.js";

const commitmentSchema = z.object({
  name: z.string().check(z.minLength(1)),
  status: z.nullish(z.string()),
  plan: z.nullish(z.string()),
  type: z.nullish(z.string()),
  category: z.nullish(z.string()),
  creationTimestamp: z.nullish(z.string()),
  startTimestamp: z.nullish(z.string()),
  licenseResource: z.nullish(z.object({ license: z.nullish(z.string()), amount: z.optional(z.unknown()) })),
  resources: z.nullish(
    z.array(
      z.object({
        type: z.nullish(z.string()),
        // 64-bit numbers: text, a number, or an object of the client's that prints as one.
        amount: z.optional(z.unknown()),
        acceleratorType: z.nullish(z.string()),
      }),
    ),
  ),
});

/** A commitment as Compute Engine shows it. */
export type CommitmentView = z.infer<typeof commitmentSchema>;

/** The commitment of a name, or `undefined` where Google itself says that there is none. */
export async function getCommitment(connection: GcpConnection, name: string): Promise<CommitmentView | undefined> {
  const { project, region } = connection;
  try {
    const found = await connection.call((options) =>
      connection.commitments.get({ project, region, commitment: name }, options),
    );
    const view = parseAnswer(commitmentSchema, found, "commitment");
    if (view.name !== name) throw new Error(`asked for ${name}, Compute Engine answered with ${view.name}`);
    return view;
  } catch (thrown) {
    if (saysNoCommitment(thrown, name)) return undefined;
    throw thrown;
  }
}

const statusOf = ({ status }: CommitmentView): string | undefined => status || undefined;

/** A commitment as the holder of a name. Every commitment that is not void counts as bought, whatever became of it. */
export const holderOf = (view: CommitmentView | undefined): NamedCommitment["holder"] =>
  view && { isLive: sightingOf(statusOf(view)).meaning !== "void", state: statusOf(view) };

/**
 * A commitment as it was found for a line, whatever its status. No API states what it costs.
 *
 * If the status does not tell what became of the commitment, or if other resources are left than were bought, the
 * commitments of the region are read to find those that were made from it.
 */
export async function existing(
  connection: GcpConnection,
  view: CommitmentView,
  request: GcpComputeRequest,
): Promise<ExistingCommitment & NamedPurchase> {
  // The term starts at the first midnight in Pacific time after the purchase.
  const startedAt = firstTime(view.startTimestamp, view.creationTimestamp);
  const resources = [...resourceDifferences(view, request)];
  const isAsked = sightingOf(statusOf(view)).meaning === "unclear" || resources.length > 0;
  const successors = isAsked ? await successorsOf(connection, view.name) : undefined;
  // A commitment that was split keeps the resources that it has not given away.
  const isLess = (successors?.splitInto.length ?? 0) > 0;
  return {
    name: view.name,
    commitmentIds: [view.name],
    // The only label is the mark on the recommendation that a line follows.
    labeled: request.recommendation === undefined,
    differences: [...contractDifferences(view, request), ...(isLess ? [] : resources)],
    ...(startedAt !== undefined && { startedAt }),
    sighting: sightingOf(statusOf(view), inWords(successors ?? {})),
  };
}

function* contractDifferences(view: CommitmentView, request: GcpComputeRequest): Generator<string> {
  yield* difference("plan", PLANS[request.term], view.plan);
  yield* difference("category", request.category ?? "MACHINE", view.category);
  yield* difference("type", request.type ?? "none", view.type);
  const { license, amount } = view.licenseResource ?? {};
  const expected = request.licenseResource;
  yield* difference("license", lastPart(expected?.license ?? "none"), license && lastPart(license));
  yield* difference("licenses", String(expected?.amount ?? 0), amount && String(amount));
}

// The clients give an empty list where Google states none.
function* resourceDifferences({ resources }: CommitmentView, request: GcpComputeRequest): Generator<string> {
  const found = resources?.length ? resourcesInWords(resources) : undefined;
  yield* difference("resources", resourcesInWords(resourcesOf(request)), found);
}

/** What the clients and the API give where nothing is stated. */
const NOT_STATED = /^(|UNDEFINED_\w+|\w+_UNSPECIFIED)$/;

/** One difference between a line and what Google states, as text. A value that Google leaves out is no difference. */
function* difference(name: string, expected: string, found: unknown): Generator<string> {
  if (typeof found === "string" && !NOT_STATED.test(found) && found !== expected)
    yield `${name}: expected ${expected}, found ${found}`;
}

/**
 * Resources in a fixed order, so that two lists of them can be compared. Accelerators come with or without their path.
 * A resource of which there is nothing says nothing.
 */
const resourcesInWords = (resources: NonNullable<CommitmentView["resources"]>): string =>
  resources
    .filter(({ amount }) => String(amount) !== "0")
    .map(({ type, amount, acceleratorType }) => {
      const kind = acceleratorType ? `${type} ${lastPart(acceleratorType)}` : type;
      return `${kind} ${String(amount)}`;
    })
    .sort()
    .join(", ");
