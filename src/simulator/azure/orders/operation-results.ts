import { deterministicId } from "../../deterministic-id.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AzureAnswer, type AzureCall, type AzureOperation, idOf } from "../azure-service.js";
import type { AzureSettings } from "../azure-simulator-options.js";
import type { OrderFailure } from "./order-course.js";

/** What Azure goes on doing after it has answered a PUT of an alias. */
export interface RunningOperation {
  readonly id: string;
  readonly startedAt: number;
  readonly failure: OrderFailure | undefined;
}

const ERRORS: Readonly<Record<OrderFailure, { readonly code: string; readonly message: string }>> = {
  order: { code: "PurchaseError", message: "The purchase could not be completed." },
  payment: {
    code: "BillingPaymentInstrumentHardError",
    message: "The payment instrument on file was declined. Use another payment instrument and buy again.",
  },
};

/** All asynchronous operations; they run by the simulator's clock and independently of their orders. */
export class OperationResults {
  readonly #operations = new Map<string, RunningOperation>();
  readonly #settings: AzureSettings;

  constructor(settings: AzureSettings) {
    this.#settings = settings;
  }

  start(startedAt: number, failure: OrderFailure | undefined): RunningOperation {
    const id = deterministicId(`operation:${this.#operations.size + 1}`);
    const operation = { id, startedAt, failure };
    this.#operations.set(id, operation);
    return operation;
  }

  /** The headers by which a client follows the operation. */
  headersFor(operation: RunningOperation, { origin }: AzureCall): Record<string, string> {
    return {
      "Azure-AsyncOperation": urlOf(operation, origin),
      "Retry-After": String(this.#settings.operationRetryAfterSeconds),
    };
  }

  /** `GET operationResults/{operationId}`, whatever API version it names; no lag hides an operation. */
  get get(): AzureOperation {
    return {
      name: "GetOperationResult",
      service: "azure.operation-results",
      method: "GET",
      path: "/providers/Microsoft.Capacity/operationResults/{operationId}",
      run: (call) => this.#answer(call),
    };
  }

  #answer(call: AzureCall): AzureAnswer {
    const operation = this.#operations.get(idOf(call, "operationId").toLowerCase());
    if (operation === undefined)
      throw new SimulatedError("ResourceNotFound", 404, "The operation result was not found.");
    const id = `/providers/Microsoft.Capacity/operationResults/${operation.id}`;
    const body = { id, name: operation.id, ...this.#status(operation, call.now) };
    if (body.status === "Succeeded" || body.status === "Failed") return { status: 200, body };
    const headers = { ...this.headersFor(operation, call), Location: urlOf(operation, call.origin) };
    return { status: 200, headers, body };
  }

  #status({ startedAt, failure }: RunningOperation, now: number) {
    const { pending, pendingPurchases } = this.#settings.operationStatesMs;
    if (now < startedAt + pending) return { status: "Pending" };
    if (now < startedAt + pending + pendingPurchases) return { status: "PendingPurchases" };
    return failure === undefined ? { status: "Succeeded" } : { status: "Failed", error: ERRORS[failure] };
  }
}

function urlOf({ id }: RunningOperation, origin: string): string {
  return `${origin}/providers/Microsoft.Capacity/operationResults/${id}?api-version=2020-10-01-preview`;
}
