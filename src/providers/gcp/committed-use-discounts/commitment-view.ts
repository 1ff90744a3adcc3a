import * as z from "zod";
import type { GcpComputeRequest } from "../../../domain/commitment-request/gcp-compute.js";
import type { NamedCommitment } from "../../commitment-names.js";
import type { ExistingCommitment } from "../../commitment-provider.js";
import { parseAnswer } from "../../parse-answer.js";
import type { GcpConnection } from "../connect.js";
import { saysNoCommitment } from "../gcp-outcome.js";
import { PLANS, resourcesOf } from "./commitment-resource.js";

const commitmentSchema = z.object({
  name: z.string().min(1),
  status: z.string().min(1),
  plan: z.string().nullish(),
  type: z.string().nullish(),
  creationTimestamp: z.string().nullish(),
  resources: z
    .array(
      z.object({
        type: z.string().nullish(),
        // 64-bit numbers: text, a number, or an object of the client's that prints as one.
        amount: z.unknown(),
        acceleratorType: z.string().nullish(),
      }),
    )
    .nullish(),
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

const DEAD: ReadonlySet<string> = new Set(["EXPIRED", "CANCELLED"]);

/** Whether a commitment binds or will bind; a status that is not known counts as that. */
export const isLive = ({ status }: CommitmentView): boolean => !DEAD.has(status);

/** A commitment as what has a name. */
export const holderOf = (view: CommitmentView | undefined): NamedCommitment["holder"] =>
  view && { isLive: isLive(view), state: view.status };

/** A live commitment as what was found for a line. No API states what it costs. */
export function existing(view: CommitmentView, request: GcpComputeRequest): ExistingCommitment {
  const startedAt = Date.parse(view.creationTimestamp ?? "");
  return {
    commitmentIds: [view.name],
    // There is no label but the mark on the recommendation that a line follows.
    labeled: request.recommendation === undefined,
    differences: [...differences(view, request)],
    ...(!Number.isNaN(startedAt) && { startedAt }),
    ...(view.status === "CREATING" && { pending: view.status }),
  };
}

function* differences({ plan, type, resources }: CommitmentView, request: GcpComputeRequest): Generator<string> {
  const comparisons = [
    ["plan", PLANS[request.term], plan],
    ["type", request.type, type],
    ["resources", inWords(resourcesOf(request)), inWords(resources ?? [])],
  ] as const;
  for (const [name, expected, found] of comparisons)
    if (expected !== found) yield `${name}: expected ${expected}, found ${found ?? "none"}`;
}

/** Resources in a fixed order, so that two lists of them can be compared. Accelerators come with or without their path. */
const inWords = (resources: NonNullable<CommitmentView["resources"]>): string =>
  resources
    .map(({ type, amount, acceleratorType }) => {
      const kind = acceleratorType ? `${type} ${acceleratorType.slice(acceleratorType.lastIndexOf("/") + 1)}` : type;
      return `${kind} ${String(amount)}`;
    })
    .sort()
    .join(", ");
