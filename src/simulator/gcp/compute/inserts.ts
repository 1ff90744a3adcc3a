import type { LedgerPurchase } from "../../ledger.js";
import type { GcpCall } from "../gcp-service.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import {
  type CommitmentInsert,
  commitmentStatus,
  type RegionOperation,
  remainingResources,
  resourceAt,
} from "./commitment-insert.js";

/** An operation, and the insert of the commitment that it is about. */
export interface ShownOperation {
  readonly insert: CommitmentInsert;
  readonly operation: RegionOperation;
}

/** Which resource of which commitments counts. */
export interface CommittedResource {
  readonly project: string;
  readonly region: string;
  /** The commitment type. */
  readonly type: string;
  readonly resource: "VCPU" | "MEMORY";
}

const COUNTED: ReadonlySet<string> = new Set(["CREATING", "NOT_YET_ACTIVE", "ACTIVE"]);

/** Every insert that was ever accepted; each call sees those of its own project and region. */
export class Inserts {
  readonly #inserts: CommitmentInsert[] = [];
  readonly #settings: GcpSettings;

  constructor(settings: GcpSettings) {
    this.#settings = settings;
  }

  add(insert: CommitmentInsert): void {
    this.#inserts.push(insert);
  }

  /** The inserts whose commitments the project shows in all its regions as of `moment`. */
  shownIn(project: string, moment: number): CommitmentInsert[] {
    return this.#inserts.filter((insert) => insert.project === project && this.#isShown(insert, moment));
  }

  /** The inserts whose commitments the project shows in the region of the call as of `moment`. */
  shown(call: GcpCall, moment: number): CommitmentInsert[] {
    return this.shownIn(call.project, moment).filter((insert) => insert.region === call.region);
  }

  /** The last insert under this request id, if it is still remembered. */
  rememberedUnder(call: GcpCall, requestId: string): CommitmentInsert | undefined {
    const last = this.#of(call).findLast((insert) => insert.requestId?.toLowerCase() === requestId.toLowerCase());
    return last && call.now < last.insertedAt + this.#settings.requestIdMemoryMs ? last : undefined;
  }

  /** Whether a commitment has this name, or will have it. Names are never freed. */
  isTaken(call: GcpCall, name: string): boolean {
    const named = this.#of(call).filter((insert) => insert.resource.name === name);
    const freedBy = (insert: CommitmentInsert) => insert.failure !== undefined && insert.doneAt <= call.now;
    return named.some((insert) => this.#settings.failedInsertKeepsName || !freedBy(insert));
  }

  /** The operations of the call's region that began by `moment`, each with the insert of its commitment. */
  operations(call: GcpCall, moment: number): ShownOperation[] {
    return this.#of(call)
      .flatMap((insert) => [insert, ...insert.updates].map((operation) => ({ insert, operation })))
      .filter(({ operation }) => operation.insertedAt <= moment);
  }

  /** The last change under this request id, if it is still remembered. */
  updatedUnder(call: GcpCall, requestId: string): ShownOperation | undefined {
    const last = this.operations(call, call.now).findLast(
      ({ operation }) =>
        operation.operationType === "update" && operation.requestId?.toLowerCase() === requestId.toLowerCase(),
    );
    return last && call.now < last.operation.insertedAt + this.#settings.requestIdMemoryMs ? last : undefined;
  }

  /** How much of a resource is committed as of `moment`, from the insert of a commitment to its end. */
  committed({ project, region, type, resource }: CommittedResource, moment: number): number {
    return this.#bought()
      .filter((insert) => insert.project === project && insert.region === region && insert.resource.type === type)
      .filter((insert) => insert.insertedAt <= moment && COUNTED.has(commitmentStatus(insert, moment)))
      .flatMap((insert) => remainingResources(insert, moment))
      .filter((row) => row.type === resource)
      .reduce((sum, { amount }) => sum + Number(amount), 0);
  }

  /** Every commitment there is or will be, with its state as of `now`. */
  commitments(now: number): LedgerPurchase[] {
    return this.#bought().map((insert) => ledgerRow(insert, now));
  }

  /** Sets the state of every commitment with this name or id from `at` on, and returns whether there is one. */
  setState(commitmentId: string, state: string, at: number): boolean {
    const named = this.#bought().filter(
      (insert) => insert.resource.name === commitmentId || insert.commitmentId === commitmentId,
    );
    for (const insert of named) insert.states.set(state, at);
    return named.length > 0;
  }

  #isShown({ failure, insertedAt, doneAt }: CommitmentInsert, moment: number): boolean {
    if (moment < doneAt) return this.#settings.visibleWhileRunning && moment >= insertedAt;
    return failure === undefined;
  }

  #of({ project, region }: GcpCall): CommitmentInsert[] {
    return this.#inserts.filter((insert) => insert.project === project && insert.region === region);
  }

  #bought(): CommitmentInsert[] {
    return this.#inserts.filter((insert) => insert.failure === undefined);
  }
}

function ledgerRow(insert: CommitmentInsert, now: number): LedgerPurchase {
  const { project, region, commitmentId, requestId, insertedAt } = insert;
  const resource = resourceAt(insert, now);
  return {
    service: "gcp.compute",
    account: project,
    region,
    commitmentId: resource.name,
    purchaseId: commitmentId,
    offeringId: `${resource.type ?? resource.category}/${resource.plan}`,
    quantity: 1,
    ...(requestId !== undefined && { token: requestId }),
    tags: {},
    state: commitmentStatus(insert, now),
    purchasedAt: insertedAt,
  };
}
